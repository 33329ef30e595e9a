/* Arrays of single digits: actions of a Discrete space, and the rewards of many tasks. */
#include <string.h>

#include "CText.h"

#define COMMAS 0x2C002C002C002C00ull
#define DIGITS 0x0030003000300030ull

static uint64_t load(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, 8);
  return word;
}

#define WRITE(NAME, TYPE)                                                                   \
  size_t NAME(const TYPE *values, size_t count, uint8_t *target) {                          \
    size_t written = 0;                                                                     \
    for (; written + 4 <= count; written += 4) {                                            \
      uint64_t word = 0;                                                                    \
      int fits = 1;                                                                         \
      for (int lane = 0; lane < 4; lane++) {                                                \
        TYPE value = values[written + lane];                                                \
        int in_range = value >= 0 && value <= 9 && !__builtin_signbit((double)value);       \
        uint64_t digit = in_range ? (uint64_t)(int64_t)value : 0;                           \
        fits &= in_range && (TYPE)(int64_t)digit == value;                                  \
        word |= digit << 16 * lane;                                                         \
      }                                                                                     \
      if (!fits) break;                                                                     \
      word |= COMMAS | DIGITS;                                                              \
      memcpy(target + 2 * written, &word, 8);                                               \
    }                                                                                       \
    return written;                                                                         \
  }

#define READ(NAME, TYPE)                                                                    \
  size_t NAME(const uint8_t **position, const uint8_t *end, TYPE *target, size_t count) {   \
    const uint8_t *start = *position;                                                       \
    size_t read = 0;                                                                        \
    for (; read + 4 <= count && end - (start + 2 * read) >= 9; read += 4) {                 \
      uint64_t word = load(start + 2 * read);                                               \
      uint64_t digits = word ^ (COMMAS | DIGITS);                                           \
      /* Below 10 in every second byte, 0 in the others: no element is longer than a digit. */ \
      if ((digits | (digits + 0x0006000600060006ull)) & 0xFFF0FFF0FFF0FFF0ull) break;       \
      for (int lane = 0; lane < 4; lane++) target[read + lane] = (TYPE)(int64_t)(digits >> 16 * lane & 15); \
    }                                                                                       \
    if (read) *position = start + 2 * read - 1;                                             \
    return read;                                                                            \
  }

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
WRITE(ctext_write_digits_of_doubles, double)
WRITE(ctext_write_digits_of_integers, int64_t)
READ(ctext_read_digits_as_doubles, double)
READ(ctext_read_digits_as_integers, int64_t)
#else
#define NOTHING(NAME, ...) \
  size_t NAME(__VA_ARGS__) { return 0; }
NOTHING(ctext_write_digits_of_doubles, const double *values, size_t count, uint8_t *target)
NOTHING(ctext_write_digits_of_integers, const int64_t *values, size_t count, uint8_t *target)
NOTHING(ctext_read_digits_as_doubles, const uint8_t **position, const uint8_t *end, double *target, size_t count)
NOTHING(ctext_read_digits_as_integers, const uint8_t **position, const uint8_t *end, int64_t *target, size_t count)
#endif
