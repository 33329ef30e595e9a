#include <string.h>

#include "CText.h"

const uint8_t *ctext_find_newline(const uint8_t *bytes, size_t count) { return memchr(bytes, '\n', count); }
