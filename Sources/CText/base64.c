/* Base64 with vector instructions.
 *
 * The methods are those of W. Mula and D. Lemire, "Faster Base64 Encoding and Decoding Using AVX2 Instructions" (2018)
 * and "Base64 encoding and decoding at almost the speed of a memory copy" (2019). */
#include <string.h>

#include "CText.h"
#include "processor.h"

#if HAS_X86
#include <immintrin.h>

static const char ALPHABET[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

TARGET_AVX512 static size_t encode_avx512(const uint8_t *bytes, size_t count, uint8_t *target) {
  const __m512i alphabet = _mm512_loadu_si512(ALPHABET);
  uint8_t order[64];
  for (int group = 0; group < 16; group++) {
    /* Middle, first, last, middle: then both halves of each group hold two sextets. */
    order[4 * group] = (uint8_t)(3 * group + 1);
    order[4 * group + 1] = (uint8_t)(3 * group);
    order[4 * group + 2] = (uint8_t)(3 * group + 2);
    order[4 * group + 3] = (uint8_t)(3 * group + 1);
  }
  const __m512i spread = _mm512_loadu_si512(order);
  const __m512i shifts = _mm512_set1_epi64(0x3036242A1016040A);
  size_t done = 0;
  for (; done + 48 <= count; done += 48) {
    __m512i input = _mm512_maskz_loadu_epi8(0x0000FFFFFFFFFFFF, bytes + done);
    __m512i sextets = _mm512_multishift_epi64_epi8(shifts, _mm512_permutexvar_epi8(spread, input));
    _mm512_storeu_si512(target + done / 3 * 4, _mm512_permutexvar_epi8(sextets, alphabet));
  }
  return done;
}

TARGET_AVX512 static size_t decode_avx512(const uint8_t *text, size_t count, uint8_t *target, size_t capacity) {
  uint8_t values[128], order[64] = {0};
  memset(values, 0x80, sizeof values);
  for (int i = 0; i < 64; i++) values[(uint8_t)ALPHABET[i]] = (uint8_t)i;
  for (int i = 0; i < 48; i++) order[i] = (uint8_t)(i / 3 * 4 + 2 - i % 3);
  const __m512i low = _mm512_loadu_si512(values), high = _mm512_loadu_si512(values + 64);
  const __m512i gather = _mm512_loadu_si512(order);
  size_t done = 0;
  for (; done + 64 <= count && done / 4 * 3 + 48 <= capacity; done += 64) {
    __m512i input = _mm512_loadu_si512(text + done);
    __m512i sextets = _mm512_permutex2var_epi8(low, input, high);
    /* The top bit is set in a character that is not ASCII, and in the value of one outside the alphabet. */
    if (_mm512_movepi8_mask(_mm512_or_si512(sextets, input))) break;
    __m512i pairs = _mm512_maddubs_epi16(sextets, _mm512_set1_epi32(0x01400140));
    __m512i groups = _mm512_madd_epi16(pairs, _mm512_set1_epi32(0x00011000));
    __m512i packed = _mm512_permutexvar_epi8(gather, groups);
    _mm512_mask_storeu_epi8(target + done / 4 * 3, 0x0000FFFFFFFFFFFF, packed);
  }
  return done;
}

TARGET_AVX2 static size_t encode_avx2(const uint8_t *bytes, size_t count, uint8_t *target) {
  const __m256i spread = _mm256_setr_epi8(5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14, /**/ 1, 0, 2, 1, 4, 3,
                                          5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
  /* What to add to a sextet, by its range: 52 to 61 are digits, 62, 63, then the letters. */
  const __m256i offsets = _mm256_setr_epi8(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0, /**/ 71, -4,
                                           -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0);
  size_t done = 0;
  /* A load begins four bytes early, so that both halves of the register hold twelve bytes that are needed. */
  for (; done + 32 <= count; done += 24) {
    __m256i input;
    if (done == 0) {
      uint8_t first[32] = {0};
      memcpy(first + 4, bytes, 28);
      input = _mm256_loadu_si256((const __m256i *)first);
    } else {
      input = _mm256_loadu_si256((const __m256i *)(bytes + done - 4));
    }
    __m256i groups = _mm256_shuffle_epi8(input, spread);
    __m256i a = _mm256_mulhi_epu16(_mm256_and_si256(groups, _mm256_set1_epi32(0x0FC0FC00)), _mm256_set1_epi32(0x04000040));
    __m256i b = _mm256_mullo_epi16(_mm256_and_si256(groups, _mm256_set1_epi32(0x003F03F0)), _mm256_set1_epi32(0x01000010));
    __m256i sextets = _mm256_or_si256(a, b);
    __m256i range = _mm256_subs_epu8(sextets, _mm256_set1_epi8(51));
    __m256i is_capital = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), sextets);
    range = _mm256_or_si256(range, _mm256_and_si256(is_capital, _mm256_set1_epi8(13)));
    __m256i characters = _mm256_add_epi8(sextets, _mm256_shuffle_epi8(offsets, range));
    _mm256_storeu_si256((__m256i *)(target + done / 3 * 4), characters);
  }
  return done;
}

TARGET_AVX2 static size_t decode_avx2(const uint8_t *text, size_t count, uint8_t *target, size_t capacity) {
#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)
  /* A character is in the alphabet if no bit is set both in what its high and in what its low nibble stands for. */
  const __m256i by_high = TWICE(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
  const __m256i by_low = TWICE(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1A, 0x1B, 0x1B, 0x1B, 0x1A);
  const __m256i offsets = TWICE(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
  const __m256i gather = TWICE(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
  const __m256i nibble = _mm256_set1_epi8(0x0F);
  size_t done = 0;
  for (; done + 32 <= count && done / 4 * 3 + 32 <= capacity; done += 32) {
    __m256i input = _mm256_loadu_si256((const __m256i *)(text + done));
    __m256i high = _mm256_and_si256(_mm256_srli_epi32(input, 4), nibble);
    __m256i low = _mm256_and_si256(input, nibble);
    if (!_mm256_testz_si256(_mm256_shuffle_epi8(by_low, low), _mm256_shuffle_epi8(by_high, high))) break;
    __m256i is_slash = _mm256_cmpeq_epi8(input, _mm256_set1_epi8('/'));
    __m256i sextets = _mm256_add_epi8(input, _mm256_shuffle_epi8(offsets, _mm256_add_epi8(is_slash, high)));
    __m256i pairs = _mm256_maddubs_epi16(sextets, _mm256_set1_epi32(0x01400140));
    __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));
    __m256i packed = _mm256_shuffle_epi8(groups, gather);
    packed = _mm256_permutevar8x32_epi32(packed, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 7, 7));
    _mm256_storeu_si256((__m256i *)(target + done / 4 * 3), packed);
  }
  return done;
}
#endif

size_t ctext_encode_base64(
    const uint8_t *bytes, size_t count, uint8_t *target, enum ctext_instructions instructions) {
#if HAS_X86
  switch (ctext_choose(instructions)) {
    case CTEXT_AVX512: return encode_avx512(bytes, count, target);
    case CTEXT_AVX2: return encode_avx2(bytes, count, target);
    default: break;
  }
#endif
  (void)bytes, (void)count, (void)target, (void)instructions;
  return 0;
}

size_t ctext_decode_base64(
    const uint8_t *text, size_t count, uint8_t *target, size_t capacity, enum ctext_instructions instructions) {
#if HAS_X86
  switch (ctext_choose(instructions)) {
    case CTEXT_AVX512: return decode_avx512(text, count, target, capacity);
    case CTEXT_AVX2: return decode_avx2(text, count, target, capacity);
    default: break;
  }
#endif
  (void)text, (void)count, (void)target, (void)capacity, (void)instructions;
  return 0;
}
