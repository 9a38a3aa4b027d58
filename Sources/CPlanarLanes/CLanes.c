// The product of integers, the one kernel that needs instructions which vector types cannot spell.

#include "CLanes.h"

#ifdef __AVX512VNNI__
#include <immintrin.h>
#endif

// Vectors wider than the processor's never cross a function's border here: all is inlined.
#pragma clang diagnostic ignored "-Wpsabi"

typedef signed char bytes32 __attribute__((ext_vector_type(32), aligned(1)));
typedef short shorts32 __attribute__((ext_vector_type(32)));
typedef int ints16 __attribute__((ext_vector_type(16), aligned(4)));

/// sum[c] + x[0]·w[c][0] + x[1]·w[c][1] for 16 columns.
static inline __attribute__((always_inline)) ints16 add_pair(ints16 sum, const signed char *w, const short *x) {
#ifdef __AVX512VNNI__
  int pair;
  __builtin_memcpy(&pair, x, 4);
  __m512i wide = _mm512_cvtepi8_epi16(_mm256_loadu_si256((const __m256i *)w));
  return (ints16)_mm512_dpwssd_epi32((__m512i)sum, wide, _mm512_set1_epi32(pair));
#else
  shorts32 wide = __builtin_convertvector(*(const bytes32 *)w, shorts32);
  return sum + __builtin_convertvector(wide.even, ints16) * (int)x[0] +
         __builtin_convertvector(wide.odd, ints16) * (int)x[1];
#endif
}

void planar_int8_row(const signed char *panels, long panel_bytes, long panel_count, const short *x, long pairs,
                     int *sums) {
  long p = 0;
  for (; p + 4 <= panel_count; p += 4) {
    const signed char *w = panels + p * panel_bytes;
    ints16 s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    for (long k = 0; k < pairs; ++k, w += 64) {
      s0 = add_pair(s0, w, x + 2 * k);
      s1 = add_pair(s1, w + 32, x + 2 * k);
      s2 = add_pair(s2, w + panel_bytes, x + 2 * k);
      s3 = add_pair(s3, w + panel_bytes + 32, x + 2 * k);
      s4 = add_pair(s4, w + 2 * panel_bytes, x + 2 * k);
      s5 = add_pair(s5, w + 2 * panel_bytes + 32, x + 2 * k);
      s6 = add_pair(s6, w + 3 * panel_bytes, x + 2 * k);
      s7 = add_pair(s7, w + 3 * panel_bytes + 32, x + 2 * k);
    }
    ints16 *out = (ints16 *)(sums + 32 * p);
    out[0] = s0, out[1] = s1, out[2] = s2, out[3] = s3, out[4] = s4, out[5] = s5, out[6] = s6, out[7] = s7;
  }
  for (; p < panel_count; ++p) {
    const signed char *w = panels + p * panel_bytes;
    ints16 s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    long k = 0;
    for (; k + 2 <= pairs; k += 2, w += 128) {
      s0 = add_pair(s0, w, x + 2 * k);
      s1 = add_pair(s1, w + 32, x + 2 * k);
      s2 = add_pair(s2, w + 64, x + 2 * k + 2);
      s3 = add_pair(s3, w + 96, x + 2 * k + 2);
    }
    if (k < pairs) {
      s0 = add_pair(s0, w, x + 2 * k);
      s1 = add_pair(s1, w + 32, x + 2 * k);
    }
    ints16 *out = (ints16 *)(sums + 32 * p);
    out[0] = s0 + s2, out[1] = s1 + s3;
  }
}
