/* Loops over bytes of JSON arrays and base64 that the processor's vector units can run.
 *
 * Each does a part of what the Swift code of JSONLines does, gives the same result byte for byte, and says how far it
 * has come; Swift does the rest. Where a loop is written for several sets of instructions, the caller says for which;
 * CTEXT_PORTABLE does nothing in most of these. */
#ifndef CTEXT_H
#define CTEXT_H

#include <stddef.h>
#include <stdint.h>

/* The best that this processor has, which is what all but tests want, and each by its name. One that this processor has
 * not gives way to the best. */
enum ctext_instructions { CTEXT_BEST, CTEXT_PORTABLE, CTEXT_AVX2, CTEXT_AVX512 };

/* The one that takes the place of another here: the same, or the best of this processor. Never CTEXT_BEST. */
enum ctext_instructions ctext_choose(enum ctext_instructions wanted);

/* Writes count floats, a comma behind each but the last, in their shortest decimal forms.
 * Stops before the first value that is zero, not finite, below 1e-4 or not below 1e8 in magnitude.
 * target has room for 20 bytes per value and 16 more. Returns the number of values written; *end is behind the last. */
size_t ctext_write_floats(
    const float *values, size_t count, uint8_t *target, uint8_t **end, enum ctext_instructions instructions);

/* Writes integers from 0 to 9 with commas between them. Stops before the first other value.
 * target has room for two bytes per value and 8 more. Returns the number of values written: 2n - 1 bytes. */
size_t ctext_write_digits_of_doubles(const double *values, size_t count, uint8_t *target);
size_t ctext_write_digits_of_integers(const int64_t *values, size_t count, uint8_t *target);

/* Reads plain decimals of at most 15 characters with single commas between them, as the nearest double, converted.
 * Stops before the first element in any other form, and before one that has no comma or closing bracket behind it.
 * Returns the number of values read; *position is behind the last of them. */
size_t ctext_read_floats(
    const uint8_t **position, const uint8_t *end, float *target, size_t count, enum ctext_instructions instructions);

/* Reads elements of one digit with single commas between them. Stops before the first other element.
 * *position is behind the last value read. */
size_t ctext_read_digits_as_doubles(const uint8_t **position, const uint8_t *end, double *target, size_t count);
size_t ctext_read_digits_as_integers(const uint8_t **position, const uint8_t *end, int64_t *target, size_t count);

/* Base64 (RFC 4648, section 4). Encodes whole groups of three bytes; target has room for 64 bytes more than needed.
 * Returns the number of bytes encoded, a multiple of three. */
size_t ctext_encode_base64(
    const uint8_t *bytes, size_t count, uint8_t *target, enum ctext_instructions instructions);

/* Decodes whole groups of four characters into target, which has exactly capacity bytes. Stops before a block that has
 * a character outside the alphabet. Returns the number of characters decoded, a multiple of four. */
size_t ctext_decode_base64(
    const uint8_t *text, size_t count, uint8_t *target, size_t capacity, enum ctext_instructions instructions);

/* The first such byte, or NULL. */
const uint8_t *ctext_find_byte(const uint8_t *bytes, size_t count, uint8_t byte);

#endif
