/* The sets of instructions that loops are compiled for. */
#ifndef PROCESSOR_H
#define PROCESSOR_H

#if defined(__x86_64__) && (defined(__clang__) || defined(__GNUC__))
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

#if HAS_X86
#define TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define TARGET_AVX512 \
  __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi")))
#endif

#define INLINE static inline __attribute__((always_inline))

#endif
