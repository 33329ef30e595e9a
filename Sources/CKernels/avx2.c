#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LANES 8
#define TILE_ROWS 6
#define TILE_VECTORS 2
#define DEPTH_BLOCK 256
#define HAS_FUSED_MULTIPLY_ADD 1
#define TABLE kernelsAVX2
#include "kernels.h"
#pragma clang attribute pop

#endif
