/* The values of four plain decimals whose places in a text are known. */
#ifndef DECODE_DECIMALS_H
#define DECODE_DECIMALS_H

#include <stdint.h>

#include "processor.h"

#if HAS_X86
#include <immintrin.h>

enum { GROUP = 4 };

/* From byte n on, a shuffle that moves the first n of 16 bytes to the end, zeros before them. */
static const uint8_t TO_THE_END[32] __attribute__((aligned(32))) = {
    0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,
};

/* What to add to the shuffle so that the digits before the point take its place, by the length of point and fraction. */
#define B 0xFF
static const uint8_t OVER_THE_POINT[16][16] __attribute__((aligned(16))) = {
    {0}, {0},
    {B, B, B, B, B, B, B, B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B, B},
    {B, B, B, B, B, B, B},
    {B, B, B, B, B, B},
    {B, B, B, B, B},
    {B, B, B, B},
    {B, B, B},
    {B, B},
};
#undef B

/* Also by the length of point and fraction. */
static const double POWERS[16] = {1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};

/* The values of the first four numbers in a text. A bit of ends stands for the character behind each, and in between at
 * most one of points; a number has at most 15 characters, of which a sign is read as a zero. 16 bytes are loaded from
 * the beginning of each. */
TARGET_AVX2 INLINE __m128 decode_decimals(const uint8_t *text, uint64_t ends, uint64_t points, uint64_t signs) {
  uint32_t are_negative = (uint32_t)_pext_u64(signs, ends << 1 | 1);
  points |= ends & (ends - points); /* the end of a number that has none */
  __m128i digits[GROUP];
  double powers[GROUP];
  uint64_t start = 0;
#pragma clang loop unroll(full)
  for (int i = 0; i < GROUP; i++) {
    uint64_t end = _tzcnt_u64(ends);
    uint64_t fraction = end - _tzcnt_u64(points);
    __m128i order = _mm_loadu_si128((const __m128i *)(TO_THE_END + (end - start)));
    order = _mm_add_epi8(order, _mm_load_si128((const __m128i *)OVER_THE_POINT[fraction]));
    digits[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(text + start)), order);
    powers[i] = POWERS[fraction];
    start = end + 1;
    ends &= ends - 1;
    points &= points - 1;
  }
  const __m256i zero = _mm256_set1_epi8('0');
  const __m256i tens = _mm256_set1_epi16(0x010A);
  const __m256i hundreds = _mm256_set1_epi32(0x00010064);
  const __m256i ten_thousands = _mm256_set1_epi32(0x00012710);
  __m256i even = _mm256_subs_epu8(_mm256_set_m128i(digits[2], digits[0]), zero);
  __m256i odd = _mm256_subs_epu8(_mm256_set_m128i(digits[3], digits[1]), zero);
  even = _mm256_madd_epi16(_mm256_maddubs_epi16(even, tens), hundreds);
  odd = _mm256_madd_epi16(_mm256_maddubs_epi16(odd, tens), hundreds);
  __m256i halves = _mm256_madd_epi16(_mm256_packus_epi32(even, odd), ten_thousands);
  __m256i upper = _mm256_mul_epu32(halves, _mm256_set1_epi64x(100000000));
  __m256i significands = _mm256_add_epi64(upper, _mm256_srli_epi64(halves, 32));
  /* Below 2^52, which they are, they are the fraction of 2^52 and more. */
  const __m256i two_to_52 = _mm256_set1_epi64x(0x4330000000000000);
  __m256d exact = _mm256_castsi256_pd(_mm256_or_si256(significands, two_to_52));
  exact = _mm256_sub_pd(exact, _mm256_castsi256_pd(two_to_52));
  __m256d nearest = _mm256_div_pd(exact, _mm256_setr_pd(powers[0], powers[1], powers[2], powers[3]));
  __m128i sign_bits = _mm_sllv_epi32(_mm_set1_epi32((int)are_negative), _mm_setr_epi32(31, 30, 29, 28));
  sign_bits = _mm_and_si128(sign_bits, _mm_set1_epi32(INT32_MIN));
  return _mm_or_ps(_mm256_cvtpd_ps(nearest), _mm_castsi128_ps(sign_bits));
}

#endif
#endif
