#include "processor.h"

#include "CText.h"

#if HAS_X86
static enum ctext_instructions detect(void) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return CTEXT_PORTABLE;
  int has512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vbmi");
  return has512 ? CTEXT_AVX512 : CTEXT_AVX2;
}
#endif

enum ctext_instructions ctext_choose(enum ctext_instructions wanted) {
#if HAS_X86
  /* Two threads that find it unknown both find out the same. */
  static int known;
  int found = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (!found) {
    found = detect();
    __atomic_store_n(&known, found, __ATOMIC_RELAXED);
  }
  enum ctext_instructions best = (enum ctext_instructions)found;
  return wanted == CTEXT_BEST || wanted > best ? best : wanted;
#else
  (void)wanted;
  return CTEXT_PORTABLE;
#endif
}
