#include <string.h>

#include "CText.h"

const uint8_t *ctext_find_byte(const uint8_t *bytes, size_t count, uint8_t byte) {
  return memchr(bytes, byte, count);
}
