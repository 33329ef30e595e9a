/* Plain decimals to floats: correctly rounded to double, then converted, as protocol/SPEC.md reads numbers.
 *
 * Four numbers are read at once: 64 characters become sets of bits, one for each kind of character, and arithmetic on
 * these finds where numbers begin, end and have their points, and whether all is in order. */
#include <string.h>

#include "CText.h"
#include "decode_decimals.h"
#include "processor.h"

#if HAS_X86

enum {
  FEW = 16,      /* numbers that the narrower vectors read sooner */
  WINDOW = 64,   /* characters looked at at once */
  READABLE = 80, /* bytes that may be loaded for a window: its last number may begin with its last character */
  BLOCKS = 16,   /* windows whose commas are found beforehand */
};

/* Finds which of 64 characters are among so many successive ones from the first on: a bit for each. */
typedef uint64_t finder(const uint8_t *text, uint8_t first, uint8_t kinds);

TARGET_AVX2 INLINE uint64_t find_avx2(const uint8_t *text, uint8_t first, uint8_t kinds) {
  uint64_t found = 0;
  for (int half = 0; half < 2; half++) {
    __m256i kind = _mm256_loadu_si256((const __m256i *)(text + 32 * half));
    kind = _mm256_sub_epi8(kind, _mm256_set1_epi8((char)first));
    __m256i is_in = _mm256_cmpeq_epi8(kind, _mm256_min_epu8(kind, _mm256_set1_epi8((char)(kinds - 1))));
    found |= (uint64_t)(uint32_t)_mm256_movemask_epi8(is_in) << 32 * half;
  }
  return found;
}

TARGET_AVX512 INLINE uint64_t find_avx512(const uint8_t *text, uint8_t first, uint8_t kinds) {
  __m512i kind = _mm512_sub_epi8(_mm512_loadu_si512(text), _mm512_set1_epi8((char)first));
  return _mm512_cmplt_epu8_mask(kind, _mm512_set1_epi8((char)kinds));
}

struct window {
  uint64_t digits, zeros, points, signs;
};

INLINE struct window look(const uint8_t *text, finder *find) {
  return (struct window){find(text, '0', 10), find(text, '0', 1), find(text, '.', 1), find(text, '-', 1)};
}

/* Where numbers are not plain, given the commas and brackets that end them: the lowest bit is in the first such number
 * or at its end. Sums of sets that have nothing in common are their unions; a compiler would move "or" to the vector
 * unit, from where each set has its own slow way back. */
INLINE uint64_t find_mistakes(const struct window *window, uint64_t ends) {
  uint64_t starts = ends << 1 | 1;
  uint64_t firsts = (starts & ~window->signs) + (window->signs << 1);
  /* From where digits begin a carry runs through all of them, to a point or an end. */
  uint64_t runs = firsts + (window->points << 1);
  uint64_t no_digits = runs & ~window->digits;
  uint64_t other_ends = (window->digits + runs) ^ (window->points + ends);
  /* Subtracted from the end that they have in common, only the first of several points is left. */
  uint64_t more_points = window->points & ~(ends - window->points);
  uint64_t leading_zeros = firsts & window->zeros & window->digits >> 1;
  uint64_t longer = ~ends & ~ends >> 1;
  longer &= longer >> 2;
  longer &= longer >> 4;
  longer &= longer >> 8;
  return no_digits | other_ends | more_points | leading_zeros | longer;
}

/* Reads up to four numbers, whatever stands behind them; count is not 0. */
TARGET_AVX2 INLINE size_t read_few(
    const uint8_t **cursor, const uint8_t *end, float *target, size_t count, finder *find) {
  const uint8_t *text = *cursor;
  size_t left = (size_t)(end - text);
  uint8_t copy[READABLE];
  if (left < READABLE) {
    memset(copy, 0, sizeof copy);
    memcpy(copy, text, left);
    text = copy;
  }
  struct window window = look(text, find);
  uint64_t brackets = find(text, ']', 1);
  uint64_t ends = find(text, ',', 1) + brackets;
  uint64_t mistakes = find_mistakes(&window, ends) | brackets << 1;
  ends &= ~mistakes & (mistakes - 1);
  if (!ends) return 0;
  uint64_t last = 1ull << (63 - __builtin_clzll(ends));
  /* Empty numbers take the places of those that are missing. */
  uint64_t padded = ends | last << 1 | last << 2 | last << 3;
  float values[GROUP];
  _mm_storeu_ps(values, decode_decimals(text, padded, window.points & (last - 1), window.signs));
  size_t read = 0;
  for (; read < GROUP && read < count && ends; read++) {
    target[read] = values[read];
    last = ends;
    ends &= ends - 1;
  }
  *cursor += __builtin_ctzll(last) + 1;
  return read;
}

/* Reads numbers with commas behind them, four at a time. */
TARGET_AVX2 INLINE size_t read_many(
    const uint8_t **cursor, const uint8_t *end, float *target, size_t count, finder *find) {
  const uint8_t *text = *cursor;
  /* The next group begins where this one ends; that is all a group needs to know of the one before it. */
  uint64_t commas[BLOCKS];
  size_t blocks = (size_t)(end - text) / WINDOW;
  if (blocks > BLOCKS) blocks = BLOCKS;
  if (blocks > count / GROUP + 2) blocks = count / GROUP + 2;
  for (size_t i = 0; i < blocks; i++) commas[i] = find(text + WINDOW * i, ',', 1);
  size_t offset = 0;
  size_t read = 0;
  for (; offset + READABLE <= WINDOW * blocks && count - read >= GROUP; read += GROUP) {
    size_t block = offset / WINDOW;
    size_t shift = offset % WINDOW;
    uint64_t ends = commas[block] >> shift | commas[block + 1] << 1 << (WINDOW - 1 - shift);
    uint64_t last = ends & (ends - 1);
    last &= last - 1;
    last &= last - 1;
    struct window window = look(text + offset, find);
    if (!last || (find_mistakes(&window, ends) & (last ^ (last - 1)))) break;
    _mm_storeu_ps(target + read, decode_decimals(text + offset, ends, window.points, window.signs));
    offset += _tzcnt_u64(last) + 1;
  }
  *cursor = text + offset;
  return read;
}

TARGET_AVX2 INLINE size_t read_all(
    const uint8_t **position, const uint8_t *end, float *target, size_t count, finder *find) {
  const uint8_t *cursor = *position;
  size_t read = 0;
  while (read < count) {
    size_t few = read_few(&cursor, end, target + read, count - read, find);
    read += few;
    if (few < GROUP || cursor[-1] != ',') break;
    read += read_many(&cursor, end, target + read, count - read, find);
  }
  if (read) *position = cursor - 1;
  return read;
}

TARGET_AVX2 static size_t read_avx2(const uint8_t **position, const uint8_t *end, float *target, size_t count) {
  return read_all(position, end, target, count, find_avx2);
}

TARGET_AVX512 static size_t read_avx512(const uint8_t **position, const uint8_t *end, float *target, size_t count) {
  return read_all(position, end, target, count, find_avx512);
}
#endif

size_t ctext_read_floats(
    const uint8_t **position, const uint8_t *end, float *target, size_t count, enum ctext_instructions instructions) {
#if HAS_X86
  /* The wider windows need more text in front of them than a few numbers have. */
  if (instructions == CTEXT_BEST && count < FEW) instructions = CTEXT_AVX2;
  switch (ctext_choose(instructions)) {
    case CTEXT_AVX512: return read_avx512(position, end, target, count);
    case CTEXT_AVX2: return read_avx2(position, end, target, count);
    default: break;
  }
#endif
  (void)position, (void)end, (void)target, (void)count, (void)instructions;
  return 0;
}
