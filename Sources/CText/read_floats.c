/* Plain decimals to floats: correctly rounded to double, then converted, as protocol/SPEC.md reads numbers. */
#include <string.h>

#include "CText.h"
#include "processor.h"

#if HAS_X86
#include <immintrin.h>

enum { LOOKAHEAD = 32 };

static const double POWERS[16] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

/* From byte n on, a shuffle that moves the first n of 16 bytes to the end, zeros before them. */
static const uint8_t TO_THE_END[32] __attribute__((aligned(16))) = {
    0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
    0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,   13,   14,   15,
};

TARGET_AVX2 static size_t read_floats(const uint8_t **position, const uint8_t *end, float *target, size_t count) {
  const __m128i zero_digit = _mm_set1_epi8('0');
  const __m128i indices = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m128i tens = _mm_set1_epi16(0x010A);
  const __m128i hundreds = _mm_set1_epi32(0x00010064);
  const __m128i ten_thousands = _mm_set1_epi32(0x00012710);
  const uint8_t *cursor = *position;
  size_t read = 0;
  while (read < count && end - cursor >= LOOKAHEAD) {
    const uint8_t *number = cursor;
    if (read > 0) {
      if (*number != ',') break;
      number++;
    }
    uint32_t is_negative = *number == '-';
    number += is_negative;
    __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)number), zero_digit);
    __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    uint32_t others = ~(uint32_t)_mm_movemask_epi8(is_digit) & 0xFFFF;
    if (!others) break;
    uint32_t whole = (uint32_t)__builtin_ctz(others);
    uint32_t rest = others & (others - 1);
    uint32_t has_point = number[whole] == '.';
    uint32_t length = has_point ? (rest ? (uint32_t)__builtin_ctz(rest) : 16) : whole;
    /* An exponent, a point without digits on both sides and a zero before other digits are for the general reader. */
    uint32_t fraction_length = has_point ? length - whole - 1 : 0;
    int is_usual = length < 16 && whole > 0 && (number[0] != '0' || whole == 1) && (!has_point || fraction_length > 0);
    if (!is_usual || (number[length] != ',' && number[length] != ']')) break;
    __m128i moved = _mm_shuffle_epi8(digits, _mm_loadu_si128((const __m128i *)(TO_THE_END + length)));
    /* What stands before the point takes its place. */
    __m128i place = _mm_set1_epi8((char)(has_point ? 15 - fraction_length : 255));
    __m128i is_before = _mm_cmpgt_epi8(_mm_add_epi8(place, _mm_set1_epi8(1)), indices);
    moved = _mm_blendv_epi8(moved, _mm_slli_si128(moved, 1), is_before);
    __m128i pairs = _mm_maddubs_epi16(moved, tens);
    __m128i quads = _mm_madd_epi16(pairs, hundreds);
    __m128i packed = _mm_packus_epi32(quads, quads);
    __m128i eights = _mm_madd_epi16(packed, ten_thousands);
    uint64_t halves = (uint64_t)_mm_cvtsi128_si64(eights);
    uint64_t significand = (halves & 0xFFFFFFFF) * 100000000 + (halves >> 32);
    double value = (double)(int64_t)significand / POWERS[fraction_length];
    float rounded = (float)value;
    uint32_t bits;
    memcpy(&bits, &rounded, 4);
    bits |= is_negative << 31;
    memcpy(target + read, &bits, 4);
    cursor = number + length;
    read++;
  }
  *position = cursor;
  return read;
}
#endif

size_t ctext_read_floats(const uint8_t **position, const uint8_t *end, float *target, size_t count) {
#if HAS_X86
  if (ctext_instructions() != PORTABLE) return read_floats(position, end, target, count);
#endif
  (void)position, (void)end, (void)target, (void)count;
  return 0;
}
