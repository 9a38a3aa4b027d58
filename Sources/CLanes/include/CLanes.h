// Sixteen floats at a time: the few vector operations that Swift's own SIMD types spell lane by lane. All are
// inlined into the Swift code that calls them; without vector instructions for them the compiler splits them.
#pragma once

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

/// The smaller of each pair; b where either is no number.
PLANAR_LANES planar_lanes_minimum(planar_lanes a, planar_lanes b) { return a < b ? a : b; }

PLANAR_LANES planar_lanes_absolute(planar_lanes a) { return __builtin_elementwise_abs(a); }

PLANAR_LANES planar_lanes_square_root(planar_lanes a) { return __builtin_elementwise_sqrt(a); }

/// x where a < b, else y.
PLANAR_LANES planar_lanes_where_less(planar_lanes a, planar_lanes b, planar_lanes x, planar_lanes y) {
  return a < b ? x : y;
}

/// 16 signed bytes as floats.
PLANAR_LANES planar_lanes_from_int8(const signed char *bytes) {
  typedef signed char int8x16 __attribute__((ext_vector_type(16), aligned(1)));
  return __builtin_convertvector(*(const int8x16 *)bytes, planar_lanes);
}

/// Whether this build has 32 vector registers of sixteen floats.
#ifdef __AVX512F__
#define PLANAR_WIDE_REGISTERS 1
#else
#define PLANAR_WIDE_REGISTERS 0
#endif
