// Sixteen floats at a time: the few vector operations that Swift's own SIMD types spell lane by lane. All are
// inlined into the Swift code that calls them; without vector instructions for them the compiler splits them.
#pragma once

// How vectors are passed does not matter, since every function is inlined.
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wpsabi"

typedef float planar_lanes __attribute__((ext_vector_type(16)));

#define PLANAR_LANES __attribute__((always_inline)) static inline planar_lanes

/// a·b + c, rounded once where the processor can; never a library call.
PLANAR_LANES planar_lanes_multiply_add(planar_lanes a, planar_lanes b, planar_lanes c) {
#if defined(__FMA__) || defined(__aarch64__)
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// The larger of each pair; b where either is no number.
PLANAR_LANES planar_lanes_maximum(planar_lanes a, planar_lanes b) { return a > b ? a : b; }

/// The larger of each pair; no number where either is none.
PLANAR_LANES planar_lanes_maximum_or_nan(planar_lanes a, planar_lanes b) {
  return ((a > b) | (a != a)) ? a : b;
}

/// The smaller of each pair; b where either is no number.
PLANAR_LANES planar_lanes_minimum(planar_lanes a, planar_lanes b) { return a < b ? a : b; }

/// The largest of all.
__attribute__((always_inline)) static inline float planar_lanes_largest(planar_lanes a) {
  return __builtin_reduce_max(a);
}

PLANAR_LANES planar_lanes_absolute(planar_lanes a) { return __builtin_elementwise_abs(a); }

/// The largest whole number that is not larger.
PLANAR_LANES planar_lanes_floor(planar_lanes a) { return __builtin_elementwise_floor(a); }

PLANAR_LANES planar_lanes_square_root(planar_lanes a) { return __builtin_elementwise_sqrt(a); }

/// 1/a within two units in the last place, for 2⁻¹²⁶ ≤ |a| ≤ 2¹²⁶: an estimate of 14 bits and one step of
/// Newton's where the processor has the former, which takes a third of a division's time.
PLANAR_LANES planar_lanes_reciprocal(planar_lanes a) {
#ifdef __AVX512F__
  planar_lanes r = __builtin_ia32_rcp14ps512_mask(a, a, (unsigned short)0xffff);
  planar_lanes error = __builtin_elementwise_fma(-a, r, (planar_lanes)(1.0f));
  return __builtin_elementwise_fma(r, error, r);
#else
  return 1.0f / a;
#endif
}

/// a·2ⁿ for whole n from −126 to 127.
PLANAR_LANES planar_lanes_scale(planar_lanes a, planar_lanes n) {
#ifdef __AVX512F__
  return __builtin_ia32_scalefps512_mask(a, n, a, (unsigned short)0xffff, 4);
#else
  typedef int int32x16 __attribute__((ext_vector_type(16)));
  int32x16 exponent = (__builtin_convertvector(n, int32x16) + 127) << 23;
  return a * (planar_lanes)exponent;
#endif
}

/// x where a < b, else y.
PLANAR_LANES planar_lanes_where_less(planar_lanes a, planar_lanes b, planar_lanes x, planar_lanes y) {
  return a < b ? x : y;
}

/// The first `count` (1 … 16) numbers; the other lanes are those of `fill`. Nothing behind them is touched.
PLANAR_LANES planar_lanes_load_first(const float *numbers, int count, planar_lanes fill) {
#ifdef __AVX512F__
  return (planar_lanes)__builtin_ia32_loadups512_mask(numbers, fill, (unsigned short)((1u << count) - 1));
#else
  typedef planar_lanes unaligned __attribute__((aligned(4)));
  if (count == 16) return *(const unaligned *)numbers;
  for (int i = 0; i < count; i++) fill[i] = numbers[i];
  return fill;
#endif
}

/// Writes the first `count` (1 … 16) lanes.
__attribute__((always_inline)) static inline void planar_lanes_store_first(
    planar_lanes lanes, float *numbers, int count) {
#ifdef __AVX512F__
  __builtin_ia32_storeups512_mask(numbers, lanes, (unsigned short)((1u << count) - 1));
#else
  typedef planar_lanes unaligned __attribute__((aligned(4)));
  if (count == 16) {
    *(unaligned *)numbers = lanes;
  } else {
    for (int i = 0; i < count; i++) numbers[i] = lanes[i];
  }
#endif
}

/// A row of 16-bit numbers times panels of 8-bit ones: sums[p·32 + c] = Σ x[k]·panels[p][k / 2][c][k % 2], exact
/// as long as no sum leaves 32 bits. `pairs` is half the number of x; `panel_bytes` goes from panel to panel.
void planar_int8_row(const signed char *panels, long panel_bytes, long panel_count, const short *x, long pairs,
                     int *sums);

#define PLANAR_EXCHANGE(D, LOW, HIGH)                                       \
  for (int i = 0; i < 16; ++i)                                              \
    if (!(i & D)) {                                                         \
      planar_lanes a = r[i], b = r[i + D];                                  \
      r[i] = __builtin_shufflevector(a, b, LOW);                            \
      r[i + D] = __builtin_shufflevector(a, b, HIGH);                       \
    }
#define PLANAR_LIST(...) __VA_ARGS__

/// Transposes 16 × 16 floats, rows `stride` numbers apart, into rows `target_stride` apart: four rounds in which
/// pairs of rows exchange blocks of 8, 4, 2 and 1. Only `rows` rows are read, the last in place of missing ones.
__attribute__((always_inline)) static inline void planar_transpose_16x16(
    const float *source, long stride, long rows, float *target, long target_stride) {
  typedef float row __attribute__((ext_vector_type(16), aligned(4)));
  planar_lanes r[16];
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; ++i) r[i] = *(const row *)(source + (i < rows ? i : rows - 1) * stride);
#pragma clang loop unroll(full)
  PLANAR_EXCHANGE(8,
                  PLANAR_LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
                  PLANAR_LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
#pragma clang loop unroll(full)
  PLANAR_EXCHANGE(4,
                  PLANAR_LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
                  PLANAR_LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
#pragma clang loop unroll(full)
  PLANAR_EXCHANGE(2,
                  PLANAR_LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
                  PLANAR_LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
#pragma clang loop unroll(full)
  PLANAR_EXCHANGE(1,
                  PLANAR_LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
                  PLANAR_LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#pragma clang loop unroll(full)
  for (int i = 0; i < 16; ++i) *(row *)(target + i * target_stride) = r[i];
}
#undef PLANAR_EXCHANGE
#undef PLANAR_LIST

/// Whether this build has 32 vector registers of sixteen floats.
__attribute__((always_inline)) static inline _Bool planar_has_wide_registers(void) {
#ifdef __AVX512F__
  return 1;
#else
  return 0;
#endif
}

typedef unsigned char planar_bytes __attribute__((ext_vector_type(16)));

/// Numbers as bytes, rounded, limited to 0 … 255.
__attribute__((always_inline)) static inline planar_bytes planar_lanes_bytes(planar_lanes a) {
  planar_lanes rounded = planar_lanes_minimum(planar_lanes_maximum(a + 0.5f, (planar_lanes)(0.0f)), (planar_lanes)(255.0f));
  typedef int int32x16 __attribute__((ext_vector_type(16)));
  return __builtin_convertvector(__builtin_convertvector(rounded, int32x16), planar_bytes);
}

/// Writes the first `count` ≤ 16 of each channel as bytes red, green, blue, red, green, blue, …
__attribute__((always_inline)) static inline void planar_lanes_store_rgb(
    planar_lanes red, planar_lanes green, planar_lanes blue, unsigned char *bytes, int count) {
  typedef unsigned char bytes48 __attribute__((ext_vector_type(48)));
  planar_bytes r = planar_lanes_bytes(red), g = planar_lanes_bytes(green), b = planar_lanes_bytes(blue);
  typedef unsigned char bytes32 __attribute__((ext_vector_type(32)));
  bytes32 rg = __builtin_shufflevector(r, g, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                                       20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  bytes32 bb = __builtin_shufflevector(b, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5,
                                       6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  bytes48 rgb = __builtin_shufflevector(
      rg, bb, 0, 16, 32, 1, 17, 33, 2, 18, 34, 3, 19, 35, 4, 20, 36, 5, 21, 37, 6, 22, 38, 7, 23, 39, 8, 24, 40, 9, 25,
      41, 10, 26, 42, 11, 27, 43, 12, 28, 44, 13, 29, 45, 14, 30, 46, 15, 31, 47);
  unsigned char whole[64];
  __builtin_memcpy(whole, &rgb, 48);
  if (count >= 16) __builtin_memcpy(bytes, whole, 48);
  else __builtin_memcpy(bytes, whole, 3 * (unsigned long)count);
}

/// Writes the first `count` ≤ 16 of each channel as bytes red, green, blue, 255, red, …
__attribute__((always_inline)) static inline void planar_lanes_store_rgba(
    planar_lanes red, planar_lanes green, planar_lanes blue, unsigned char *bytes, int count) {
  typedef unsigned int uint32x16 __attribute__((ext_vector_type(16)));
  uint32x16 r = __builtin_convertvector(planar_lanes_bytes(red), uint32x16);
  uint32x16 g = __builtin_convertvector(planar_lanes_bytes(green), uint32x16);
  uint32x16 b = __builtin_convertvector(planar_lanes_bytes(blue), uint32x16);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint32x16 words = r | g << 8 | b << 16 | 255u << 24;
#else
  uint32x16 words = r << 24 | g << 16 | b << 8 | 255u;
#endif
  if (count >= 16) __builtin_memcpy(bytes, &words, 64);
  else __builtin_memcpy(bytes, &words, 4 * (unsigned long)count);
}

#pragma clang diagnostic pop
