// Vectors of LANES floats, by clang's vector extension, and the few operations that it lacks.

#include <string.h>

typedef float Vector __attribute__((ext_vector_type(LANES)));
typedef int32_t IntVector __attribute__((ext_vector_type(LANES)));
typedef intptr_t Index;

#define INLINE static inline __attribute__((always_inline))

INLINE Vector load(const float *source) {
  Vector result;
  memcpy(&result, source, sizeof result);
  return result;
}

INLINE void store(float *target, Vector value) {
  memcpy(target, &value, sizeof value);
}

INLINE IntVector bitsOf(Vector value) {
  return __builtin_bit_cast(IntVector, value);
}

INLINE Vector floatOf(IntVector bits) {
  return __builtin_bit_cast(Vector, bits);
}

/// a·b + c, rounded once where the processor can.
INLINE Vector multiplyAdd(Vector a, Vector b, Vector c) {
#if HAS_FUSED_MULTIPLY_ADD
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/// Where the mask is all ones, `a`, and elsewhere `b`.
INLINE Vector choose(IntVector mask, Vector a, Vector b) {
  return floatOf((mask & bitsOf(a)) | (~mask & bitsOf(b)));
}

/// The first `count` floats, 1 to LANES, and zeros; nothing beyond them is read.
INLINE Vector loadPartly(const float *source, Index count) {
#if LANES == 16
  return __builtin_bit_cast(Vector, _mm512_maskz_loadu_ps((__mmask16)(0xFFFF >> (16 - count)), source));
#elif LANES == 8
  IntVector lane = {0, 1, 2, 3, 4, 5, 6, 7};
  return __builtin_bit_cast(
    Vector, _mm256_maskload_ps(source, __builtin_bit_cast(__m256i, lane < (IntVector)(int32_t)count)));
#else
  Vector result = 0;
  for (Index lane = 0; lane < count; lane++) ((float *)&result)[lane] = source[lane];
  return result;
#endif
}

/// Stores the first `count` lanes, 1 to LANES, and touches nothing beyond them.
INLINE void storePartly(float *target, Vector value, Index count) {
#if LANES == 16
  _mm512_mask_storeu_ps(target, (__mmask16)(0xFFFF >> (16 - count)), __builtin_bit_cast(__m512, value));
#else
  float lanes[LANES];
  memcpy(lanes, &value, sizeof lanes);
  for (Index lane = 0; lane < count; lane++) target[lane] = lanes[lane];
#endif
}

INLINE Vector loadUpTo(const float *source, Index left) {
  return left >= LANES ? load(source) : loadPartly(source, left);
}

INLINE void storeUpTo(float *target, Vector value, Index left) {
  if (left >= LANES) {
    store(target, value);
  } else {
    storePartly(target, value, left);
  }
}
