// Four lanes, which every 64-bit processor has: SSE2 on x86-64, NEON on arm64.

#define LANES 4
#if defined(__aarch64__)
#define TILE_ROWS 4
#define TILE_VECTORS 4
#define DEPTH_BLOCK 256
#define HAS_FUSED_MULTIPLY_ADD 1
#else
#define TILE_ROWS 4
#define TILE_VECTORS 2
#define DEPTH_BLOCK 256
#define HAS_FUSED_MULTIPLY_ADD 0
#endif
#define TABLE kernelsPortable
#include "kernels.h"
