// Both gradients of a dense layer.

static void affineInputGradient(
  const float *outputGradient, Index rows, Index outputSize, const float *weights, Index inputSize,
  float *inputGradient
) {
  Product product = {
    .a = outputGradient, .aRow = outputSize, .aDepth = 1,
    .b = {weights, inputSize, false},
    .c = inputGradient, .cRow = inputSize,
    .rows = rows, .columns = inputSize, .depth = outputSize, .start = fromZero,
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
