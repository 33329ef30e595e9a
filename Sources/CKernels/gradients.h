// Both gradients of a dense layer.

// The weights of a few inputs, transposed, are kept on the stack for at most so many outputs.
#define FEW_INPUTS_OUTPUTS 1024

/// The gradients of at most NARROW inputs from `first` on: dot products along the outputs, as for a layer of few outputs.
INLINE void inputGradientOfFewInputs(
  const float *outputGradient, Index rows, Index outputSize, const float *weights, Index inputSize, Index first,
  Index count, float *inputGradient
) {
  static const float zeros[NARROW];
  float transposed[NARROW * FEW_INPUTS_OUTPUTS] __attribute__((aligned(64)));
  transpose(weights + first, inputSize, outputSize, count, transposed, outputSize, false);
  narrowAffine(outputGradient, rows, outputSize, transposed, zeros, count, inputGradient);
}

static void affineInputGradient(
  const float *outputGradient, Index rows, Index outputSize, const float *weights, Index inputSize, Index first,
  Index count, int32_t function, const float *input, float *inputGradient
) {
  if (count <= NARROW && outputSize <= FEW_INPUTS_OUTPUTS && function == kernelFunctionNone) {
    inputGradientOfFewInputs(outputGradient, rows, outputSize, weights, inputSize, first, count, inputGradient);
    return;
  }
  Product product = {
    .a = outputGradient, .aRow = outputSize, .aDepth = 1,
    .b = {weights + first, inputSize, false},
    .c = inputGradient, .cRow = count, .y = input,
    .rows = rows, .columns = count, .depth = outputSize, .start = fromZero,
    .finish = function == kernelFunctionRelu   ? throughReluGradient
              : function == kernelFunctionTanh ? throughTanhGradient
                                               : asIs,
  };
  multiply(&product);
}

// Rows are summed this many at a time, which keeps the rounding errors short.
#define SUMMED_ROWS 128

// The transposed gradients of so many outputs are kept on the stack.
#define TRANSPOSED_OUTPUTS 256

/// weightGradient += dyᵀ·x for fewer inputs than a vector has lanes, computed as its transpose, with vectors along the
/// outputs.
INLINE void accumulateNarrowWeightGradient(
  const float *dy, Index rows, Index outputSize, const float *x, Index inputSize, float *weightGradient
) {
  float transposed[LANES * TRANSPOSED_OUTPUTS] __attribute__((aligned(64)));
  for (Index unit = 0; unit < outputSize; unit += TRANSPOSED_OUTPUTS) {
    Index units = smaller(TRANSPOSED_OUTPUTS, outputSize - unit);
    Product product = {
      .a = x, .aRow = 1, .aDepth = inputSize,
      .b = {dy + unit, outputSize, false},
      .c = transposed, .cRow = TRANSPOSED_OUTPUTS,
      .rows = inputSize, .columns = units, .depth = rows, .start = fromZero,
    };
    multiply(&product);
    transpose(
      transposed, TRANSPOSED_OUTPUTS, inputSize, units, weightGradient + unit * inputSize, inputSize, true);
  }
}

static void accumulateAffineParameterGradient(
  const float *outputGradient, Index rows, Index outputSize, const float *input, Index inputSize,
  float *weightGradient, float *biasGradient
) {
  for (Index first = 0; first < rows; first += SUMMED_ROWS) {
    Index count = smaller(SUMMED_ROWS, rows - first);
    const float *dy = outputGradient + first * outputSize;
    const float *x = input + first * inputSize;
    accumulateColumns(0, dy, count, outputSize, biasGradient);
    if (inputSize < LANES && inputSize < outputSize) {
      accumulateNarrowWeightGradient(dy, count, outputSize, x, inputSize, weightGradient);
    } else if (outputSize == 1) {
      accumulateColumns(dy, x, count, inputSize, weightGradient);
    } else {
      Product product = {
        .a = dy, .aRow = 1, .aDepth = outputSize,
        .b = {x, inputSize, false},
        .c = weightGradient, .cRow = inputSize,
        .rows = outputSize, .columns = inputSize, .depth = count, .start = addToC,
      };
      multiply(&product);
    }
  }
}
