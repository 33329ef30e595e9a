#if defined(__x86_64__)

#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma"))), apply_to = function)
#define LANES 16
#define TILE_ROWS 6
#define TILE_VECTORS 4
#define DEPTH_BLOCK 128
#define HAS_FUSED_MULTIPLY_ADD 1
#define TABLE kernelsAVX512
#include "kernels.h"
#pragma clang attribute pop

#endif
