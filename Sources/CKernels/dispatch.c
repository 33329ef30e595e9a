#include "variants.h"

const KernelTable *kernelTables[4] = {&kernelsPortable, &kernelsPortable, &kernelsPortable, &kernelsPortable};
static bool isAvailable[4] = {true, true, false, false};

bool isKernelVariantAvailable(int32_t variant) {
  return isAvailable[variant & 3];
}

#if defined(__x86_64__)

static void makeAvailable(int32_t variant, const KernelTable *table) {
  isAvailable[variant] = true;
  kernelTables[variant] = table;
  kernelTables[kernelVariantBest] = table;
}

// Before main, so that no call pays for asking and no two threads can ask at once.
__attribute__((constructor)) static void chooseKernels(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    makeAvailable(kernelVariantAVX2, &kernelsAVX2);
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
    makeAvailable(kernelVariantAVX512, &kernelsAVX512);
  }
}

#endif
