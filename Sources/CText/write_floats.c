/* Shortest decimals of floats, many at once.
 *
 * Giulietti, "The Schubfach way to render doubles" (2020), as in ShortestFloat.swift, whose comments hold here too: the
 * arithmetic has no branches, so a compiler makes vector instructions of the loop over a block. Only the placing of
 * the digits goes value by value. */
#include <string.h>

#include "CText.h"
#include "processor.h"

#if HAS_X86
#include <immintrin.h>
#endif

enum { BLOCK = 64, LEAST_POWER = -31 };

/* The leading 64 bits of 10^n for n from -31 to 46, rounded up. */
static const uint64_t POWERS[78] = {
    0x81CEB32C4B43FCF5ULL, 0xA2425FF75E14FC32ULL, 0xCAD2F7F5359A3B3FULL, 0xFD87B5F28300CA0EULL,
    0x9E74D1B791E07E49ULL, 0xC612062576589DDBULL, 0xF79687AED3EEC552ULL, 0x9ABE14CD44753B53ULL,
    0xC16D9A0095928A28ULL, 0xF1C90080BAF72CB2ULL, 0x971DA05074DA7BEFULL, 0xBCE5086492111AEBULL,
    0xEC1E4A7DB69561A6ULL, 0x9392EE8E921D5D08ULL, 0xB877AA3236A4B44AULL, 0xE69594BEC44DE15CULL,
    0x901D7CF73AB0ACDAULL, 0xB424DC35095CD810ULL, 0xE12E13424BB40E14ULL, 0x8CBCCC096F5088CCULL,
    0xAFEBFF0BCB24AAFFULL, 0xDBE6FECEBDEDD5BFULL, 0x89705F4136B4A598ULL, 0xABCC77118461CEFDULL,
    0xD6BF94D5E57A42BDULL, 0x8637BD05AF6C69B6ULL, 0xA7C5AC471B478424ULL, 0xD1B71758E219652CULL,
    0x83126E978D4FDF3CULL, 0xA3D70A3D70A3D70BULL, 0xCCCCCCCCCCCCCCCDULL, 0x8000000000000000ULL,
    0xA000000000000000ULL, 0xC800000000000000ULL, 0xFA00000000000000ULL, 0x9C40000000000000ULL,
    0xC350000000000000ULL, 0xF424000000000000ULL, 0x9896800000000000ULL, 0xBEBC200000000000ULL,
    0xEE6B280000000000ULL, 0x9502F90000000000ULL, 0xBA43B74000000000ULL, 0xE8D4A51000000000ULL,
    0x9184E72A00000000ULL, 0xB5E620F480000000ULL, 0xE35FA931A0000000ULL, 0x8E1BC9BF04000000ULL,
    0xB1A2BC2EC5000000ULL, 0xDE0B6B3A76400000ULL, 0x8AC7230489E80000ULL, 0xAD78EBC5AC620000ULL,
    0xD8D726B7177A8000ULL, 0x878678326EAC9000ULL, 0xA968163F0A57B400ULL, 0xD3C21BCECCEDA100ULL,
    0x84595161401484A0ULL, 0xA56FA5B99019A5C8ULL, 0xCECB8F27F4200F3AULL, 0x813F3978F8940985ULL,
    0xA18F07D736B90BE6ULL, 0xC9F2C9CD04674EDFULL, 0xFC6F7C4045812297ULL, 0x9DC5ADA82B70B59EULL,
    0xC5371912364CE306ULL, 0xF684DF56C3E01BC7ULL, 0x9A130B963A6C115DULL, 0xC097CE7BC90715B4ULL,
    0xF0BDC21ABB48DB21ULL, 0x96769950B50D88F5ULL, 0xBC143FA4E250EB32ULL, 0xEB194F8E1AE525FEULL,
    0x92EFD1B8D0CF37BFULL, 0xB7ABC627050305AEULL, 0xE596B7B0C643C71AULL, 0x8F7E32CE7BEA5C70ULL,
    0xB35DBF821AE4F38CULL, 0xE0352F62A19E306FULL,
};

/* The bits of 1, of 1e-4 and of 1e8. */
#define ONE 0x3F800000u
#define LEAST 0x38D1B717u
#define LIMIT 0x4CBEBC20u

struct decimals {
  uint64_t digits[BLOCK]; /* the last eight of nine digits, one a byte, the first in the lowest */
  uint32_t first[BLOCK];  /* the first digit */
  int32_t exponent[BLOCK]; /* the value is first.digits * 10^exponent */
  uint32_t bits[BLOCK];
};

/* The integer part of power * factor / 2^64, with its lowest bit set if there is a fraction. */
INLINE uint64_t round_to_odd(uint64_t power, uint64_t factor) {
  uint64_t middle = (power >> 32) * factor + ((power & 0xFFFFFFFFu) * factor >> 32);
  return middle >> 32 | ((middle & 0xFFFFFFFFu) > 1);
}

/* count is a multiple of eight. */
INLINE void find_digits(struct decimals *block, int count) {
#pragma clang loop vectorize_width(8) interleave_count(1)
  for (int i = 0; i < count; i++) {
    uint32_t bits = block->bits[i];
    uint32_t fraction = bits & 0x7FFFFF;
    int32_t biased = bits >> 23 & 0xFF;
    uint32_t lower_is_closer = fraction == 0;
    uint64_t c = fraction | 1u << 23;
    int32_t q = biased - 150;
    int32_t k = (q * 1262611 - (int32_t)lower_is_closer * 524031) >> 22;
    uint32_t h = (uint32_t)(q + (-k * 1741647 >> 19) + 1);
    uint64_t power = POWERS[-k - LEAST_POWER];

    uint64_t is_odd = c & 1;
    uint64_t scaled = round_to_odd(power, 4 * c << h);
    uint64_t lower = round_to_odd(power, (4 * c - 2 + lower_is_closer) << h) + is_odd;
    uint64_t upper = round_to_odd(power, (4 * c + 2) << h) - is_odd;

    uint64_t s = scaled >> 2;
    uint64_t tens = s * 0xCCCCCCCDu >> 35;
    uint64_t tens_below = lower <= 40 * tens;
    uint64_t tens_above = 40 * tens + 40 <= upper;
    uint64_t below = lower <= 4 * s;
    uint64_t above = 4 * s + 4 <= upper;
    uint64_t middle = 4 * s + 2;
    uint64_t nearer_above = scaled > middle || (scaled == middle && (s & 1));
    uint64_t nearest = s + (below != above ? above : nearer_above);
    uint64_t significand = tens_below != tens_above ? 10 * (tens + tens_above) : nearest;

    /* Seven to nine digits become nine. */
    uint64_t lacks_one = significand < 100000000;
    uint64_t lacks_two = significand < 10000000;
    significand = lacks_one ? significand * 10 : significand;
    significand = lacks_two ? significand * 10 : significand;
    uint64_t first = significand * 1441151881ull >> 57;
    uint64_t rest = significand - first * 100000000;
    uint64_t upper_half = rest * 3518437209ull >> 45;
    uint64_t halves = upper_half | (rest - upper_half * 10000) << 32;
    uint64_t hundreds = halves * 10486 >> 20 & 0x0000007F0000007Full;
    uint64_t pairs = hundreds | (halves - hundreds * 100) << 16;
    uint64_t tens_digits = pairs * 103 >> 10 & 0x000F000F000F000Full;
    block->digits[i] = tens_digits | (pairs - tens_digits * 10) << 8;
    block->first[i] = (uint32_t)first;
    block->exponent[i] = k + 8 - (int32_t)lacks_one - (int32_t)lacks_two;
  }
}

#if HAS_X86
TARGET_AVX2 static void find_digits_avx2(struct decimals *block, int count) { find_digits(block, count); }
TARGET_AVX512 static void find_digits_avx512(struct decimals *block, int count) { find_digits(block, count); }
#endif
static void find_digits_portable(struct decimals *block, int count) { find_digits(block, count); }

/* Writes digits with a point between them, or behind "0.", for exponents from -4 to 7; no branch depends on them. */
INLINE uint8_t *place(const struct decimals *block, int i, uint8_t *target) {
  uint64_t rest = block->digits[i];
  uint64_t text = rest | 0x3030303030303030ull;
  int exponent = block->exponent[i];
  int digit_count = rest ? 9 - (__builtin_clzll(rest) >> 3) : 1;
  *target = '-';
  target += block->bits[i] >> 31;
  int is_below_one = exponent < 0;
  int whole = is_below_one ? 0 : exponent;
  int start = is_below_one ? 1 - exponent : 0;
  memcpy(target, "0.000000", 8);
  target[start] = (uint8_t)('0' + block->first[i]);
  memcpy(target + start + 1, &text, 8);
  target[whole + 1] = '.';
  uint64_t fraction = text >> whole * 8;
  memcpy(target + (is_below_one ? -exponent : exponent) + 2, &fraction, 8);
  int length = digit_count > whole + 1 ? digit_count + 1 : whole + 1;
  return target + (is_below_one ? digit_count + start : length);
}

/* Writes values with a comma behind each. */
static uint8_t *place_portable(const struct decimals *block, int count, uint8_t *target) {
  for (int i = 0; i < count; i++) {
    target = place(block, i, target);
    *target++ = ',';
  }
  return target;
}

#if HAS_X86
/* Where the characters of a value come from, by its exponent: digits 0 to 7, the first, a point and a zero. */
#define F 8
#define P 9
#define Z 10
static const uint8_t ORDERS[12][16] __attribute__((aligned(16))) = {
    {Z, P, Z, Z, Z, F, 0, 1, 2, 3, 4, 5, 6, 7},
    {Z, P, Z, Z, F, 0, 1, 2, 3, 4, 5, 6, 7},
    {Z, P, Z, F, 0, 1, 2, 3, 4, 5, 6, 7},
    {Z, P, F, 0, 1, 2, 3, 4, 5, 6, 7},
    {F, P, 0, 1, 2, 3, 4, 5, 6, 7},
    {F, 0, P, 1, 2, 3, 4, 5, 6, 7},
    {F, 0, 1, P, 2, 3, 4, 5, 6, 7},
    {F, 0, 1, 2, P, 3, 4, 5, 6, 7},
    {F, 0, 1, 2, 3, P, 4, 5, 6, 7},
    {F, 0, 1, 2, 3, 4, P, 5, 6, 7},
    {F, 0, 1, 2, 3, 4, 5, P, 6, 7},
    {F, 0, 1, 2, 3, 4, 5, 6, P, 7},
};
#undef F
#undef P
#undef Z

/* The same with one store for all characters of a value. */
TARGET_AVX2 static uint8_t *place_avx2(const struct decimals *block, int count, uint8_t *target) {
  const __m128i characters =
      _mm_setr_epi8('0', '0', '0', '0', '0', '0', '0', '0', '0', '.', '0', 0, 0, 0, 0, 0);
  for (int i = 0; i < count; i++) {
    uint64_t rest = block->digits[i];
    int exponent = block->exponent[i];
    int digit_count = 9 - ((int)_lzcnt_u64(rest) >> 3);
    int whole_length = exponent + 1;
    int length = digit_count > whole_length ? digit_count + 1 : whole_length;
    length = exponent < 0 ? digit_count + 1 - exponent : length;
    __m128i digits = _mm_insert_epi32(_mm_loadl_epi64((const __m128i *)&block->digits[i]), (int)block->first[i], 2);
    digits = _mm_or_si128(digits, characters);
    *target = '-';
    target += block->bits[i] >> 31;
    _mm_storeu_si128((__m128i *)target, _mm_shuffle_epi8(digits, _mm_load_si128((const __m128i *)ORDERS[exponent + 4])));
    target[length] = ',';
    target += length + 1;
  }
  return target;
}
#endif

#if HAS_X86
/* At most eight values and ones behind them, with one store: loads that need several of the last stores wait for them. */
TARGET_AVX2 static void load_few_avx2(struct decimals *block, const float *values, int count) {
  const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  __m256i loaded = _mm256_maskload_epi32((const int *)values, mask);
  loaded = _mm256_blendv_epi8(_mm256_set1_epi32(ONE), loaded, mask);
  _mm256_storeu_si256((__m256i *)block->bits, loaded);
}
#endif

static void load_portable(struct decimals *block, const float *values, int count, int padded) {
  memcpy(block->bits, values, (size_t)count * sizeof(float));
  for (int i = count; i < padded; i++) block->bits[i] = ONE;
}

/* The number of values before the first that is not from 1e-4 to below 1e8 in magnitude. */
static int count_usual(const struct decimals *block, int count) {
  uint32_t unusual = 0;
  for (int i = 0; i < count; i++) unusual |= (block->bits[i] & 0x7FFFFFFF) - LEAST >= LIMIT - LEAST;
  if (!unusual) return count;
  int usual = 0;
  while ((block->bits[usual] & 0x7FFFFFFF) - LEAST < LIMIT - LEAST) usual++;
  return usual;
}

size_t ctext_write_floats(
    const float *values, size_t count, uint8_t *target, uint8_t **end, enum ctext_instructions instructions) {
  instructions = ctext_choose(instructions);
  size_t written = 0;
  *end = target;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  struct decimals block;
  while (written < count) {
    int size = count - written < BLOCK ? (int)(count - written) : BLOCK;
    int padded = (size + 7) & ~7;
#if HAS_X86
    if (padded == 8 && instructions != CTEXT_PORTABLE) load_few_avx2(&block, values + written, size);
    else
#endif
      load_portable(&block, values + written, size, padded);
    int usual = count_usual(&block, padded);
    if (usual < size) {
      for (int i = usual; i < padded; i++) block.bits[i] = ONE;
    } else {
      usual = size;
    }
#if HAS_X86
    if (instructions == CTEXT_AVX512) find_digits_avx512(&block, padded);
    else if (instructions == CTEXT_AVX2) find_digits_avx2(&block, padded);
    else
#endif
      find_digits_portable(&block, padded);
#if HAS_X86
    if (instructions != CTEXT_PORTABLE) target = place_avx2(&block, usual, target);
    else
#endif
      target = place_portable(&block, usual, target);
    written += (size_t)usual;
    if (usual < size) break;
  }
  *end = written > 0 ? target - 1 : target;
#endif
  return written;
}
