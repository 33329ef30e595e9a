// The kernels in C, compiled for each instruction set of one processor family and chosen when the process starts.
//
// Swift's `Kernel` is the documented face of these functions; shapes and conventions are stated there. All matrices are
// row-major Float32, nothing allocates, and the rows of an output depend on nothing but the same rows of the inputs.

#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// The scalars of one Adam step; Swift's `AdamCoefficients` says what each is.
typedef struct {
  float stepSize;
  float secondMomentRootScale;
  float firstMomentGain;
  float secondMomentGain;
  float epsilon;
} AdamScalars;

/// One implementation of every kernel.
typedef struct {
  void (*_Nonnull affine)(
    const float *input, intptr_t rows, intptr_t inputSize,
    const float *weights, const float *bias, intptr_t outputSize, float *output);
  intptr_t (*_Nonnull packedCount)(intptr_t inputSize, intptr_t outputSize);
  void (*_Nonnull packAffine)(const float *weights, intptr_t inputSize, intptr_t outputSize, float *packed);
  void (*_Nonnull affinePacked)(
    const float *input, intptr_t rows, intptr_t inputSize,
    const float *weights, const float *packed, const float *bias, intptr_t outputSize, float *output);
  void (*_Nonnull affineInputGradient)(
    const float *outputGradient, intptr_t rows, intptr_t outputSize,
    const float *weights, intptr_t inputSize, float *inputGradient);
  void (*_Nonnull accumulateAffineParameterGradient)(
    const float *outputGradient, intptr_t rows, intptr_t outputSize,
    const float *input, intptr_t inputSize, float *weightGradient, float *biasGradient);
  void (*_Nonnull tanh)(const float *input, intptr_t count, float *output);
  void (*_Nonnull tanhGradient)(const float *outputGradient, const float *output, intptr_t count, float *inputGradient);
  void (*_Nonnull relu)(const float *input, intptr_t count, float *output);
  void (*_Nonnull reluGradient)(const float *outputGradient, const float *output, intptr_t count, float *inputGradient);
  void (*_Nonnull exp)(const float *input, intptr_t count, float *output);
  void (*_Nonnull logSoftmax)(const float *input, intptr_t rows, intptr_t columns, float *output);
  void (*_Nonnull adamStep)(
    float *parameters, const float *gradients, float *firstMoment, float *secondMoment, intptr_t count,
    AdamScalars scalars);
} KernelTable;

enum { kernelVariantBest = 0, kernelVariantPortable = 1, kernelVariantAVX2 = 2, kernelVariantAVX512 = 3 };

/// The implementations by variant, the best where this processor has not the instructions. Filled before main.
extern const KernelTable *_Nonnull kernelTables[4];

/// The implementation of one variant.
static inline const KernelTable *kernelTable(int32_t variant) {
  return kernelTables[variant & 3];
}

/// Whether this processor has the instructions of one variant.
bool isKernelVariantAvailable(int32_t variant);

#pragma clang assume_nonnull end

#endif
