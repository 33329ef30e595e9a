/* What this processor can do, found out once. */
#ifndef PROCESSOR_H
#define PROCESSOR_H

#if defined(__x86_64__) && (defined(__clang__) || defined(__GNUC__))
#define HAS_X86 1
#else
#define HAS_X86 0
#endif

enum instructions { PORTABLE = 1, AVX2, AVX512 };

/* The best of the instruction sets that the code here is compiled for. */
enum instructions ctext_instructions(void);

#if HAS_X86
#define TARGET_AVX2 __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define TARGET_AVX512 \
  __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt,avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi")))
#endif

#endif
