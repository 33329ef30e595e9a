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

/// What follows a dense layer; the codes of Swift's `LayerFunction`.
enum { kernelFunctionNone = 0, kernelFunctionRelu = 1, kernelFunctionTanh = 2 };

/// One implementation of every kernel.
typedef struct {
  intptr_t (*_Nonnull packedCount)(intptr_t inputSize, intptr_t outputSize);
  void (*_Nonnull packAffine)(const float *weights, intptr_t inputSize, intptr_t outputSize, float *packed);
  void (*_Nonnull affine)(
    const float *input, intptr_t rows, intptr_t inputSize,
    const float *weights, const float *_Nullable packed, const float *bias, intptr_t outputSize, int32_t function,
    float *output);
  void (*_Nonnull affineInputGradient)(
    const float *outputGradient, intptr_t rows, intptr_t outputSize,
    const float *weights, intptr_t inputSize, intptr_t first, intptr_t count, int32_t function,
    const float *_Nullable input, float *inputGradient);
  void (*_Nonnull accumulateAffineParameterGradient)(
    const float *outputGradient, intptr_t rows, intptr_t outputSize,
    const float *input, intptr_t inputSize, float *weightGradient, float *biasGradient);
  void (*_Nonnull tanh)(const float *input, intptr_t count, float *output);
  void (*_Nonnull tanhGradient)(const float *outputGradient, const float *output, intptr_t count, float *inputGradient);
  void (*_Nonnull relu)(const float *input, intptr_t count, float *output);
  void (*_Nonnull reluGradient)(const float *outputGradient, const float *output, intptr_t count, float *inputGradient);
  void (*_Nonnull exp)(const float *input, intptr_t count, float *output);
  void (*_Nonnull logSoftmax)(const float *input, intptr_t rows, intptr_t columns, float *output);
  void (*_Nonnull squashedSample)(
    const float *parameters, const float *noise, intptr_t rows, intptr_t dimensions, float *actions, intptr_t stride,
    float *_Nullable logProbabilities);
  void (*_Nonnull squashedGradient)(
    const float *parameters, const float *noise, intptr_t rows, intptr_t dimensions, const float *actions,
    intptr_t stride, const float *actionGradients, intptr_t gradientStride, float logWeight, float *gradient);
  void (*_Nonnull normals)(const float *uniforms, intptr_t pairs, float *output);
  double (*_Nonnull sum)(const float *values, intptr_t count);
  double (*_Nonnull dot)(const float *left, const float *right, intptr_t count);
  double (*_Nonnull sumOfSquares)(const float *values, double center, intptr_t count);
  void (*_Nonnull accumulate)(float scale, const float *values, intptr_t count, float *target);
  void (*_Nonnull moveTowards)(const float *source, float rate, intptr_t count, float *target);
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
