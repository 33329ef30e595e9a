// Dense layers: forward, and both gradients.

// The weights of a panel of outputs, transposed, are kept on the stack, DEPTH_BLOCK inputs at a time.
#define PANEL (TILE_VECTORS * LANES)
#define DEPTH_BLOCK 128

/// packed[i * PANEL + u] = weights[u * stride + i], for `units` units u and `depth` inputs i; the unused lanes of the
/// last vector are zero.
INLINE void packPanel(const float *weights, Index stride, Index units, Index depth, float *packed) {
  transpose(weights, stride, units, depth, packed, PANEL, false);
  for (Index u = units; u % LANES != 0; u++) {
    for (Index i = 0; i < depth; i++) packed[i * PANEL + u] = 0;
  }
}

/// Adds to the outputs from `unit` on what the inputs from `first` on contribute; the first inputs begin with the bias.
INLINE void multiplyPanel(
  const float *input, Index rows, Index inputSize, Index first, Index depth, const float *packed, const float *bias,
  Index outputSize, Index unit, Index units, float *output
) {
  Product product = {
    .a = input + first, .aRow = inputSize, .aDepth = 1,
    .b = packed, .bDepth = PANEL,
    .row = bias + unit, .c = output + unit, .cRow = outputSize,
    .rows = rows, .columns = units, .depth = depth, .start = first == 0 ? fromRow : fromC,
  };
  multiply(&product);
}

static void affine(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, Index outputSize,
  float *output
) {
  if (outputSize <= NARROW) {
    narrowAffine(input, rows, inputSize, weights, bias, outputSize, output);
    return;
  }
  float packed[DEPTH_BLOCK * PANEL] __attribute__((aligned(64)));
  for (Index unit = 0; unit < outputSize; unit += PANEL) {
    Index units = outputSize - unit < PANEL ? outputSize - unit : PANEL;
    for (Index first = 0; first < inputSize; first += DEPTH_BLOCK) {
      Index depth = inputSize - first < DEPTH_BLOCK ? inputSize - first : DEPTH_BLOCK;
      packPanel(weights + unit * inputSize + first, inputSize, units, depth, packed);
      multiplyPanel(input, rows, inputSize, first, depth, packed, bias, outputSize, unit, units, output);
    }
  }
}

static Index packedCount(Index inputSize, Index outputSize) {
  return outputSize <= NARROW ? 0 : (outputSize + PANEL - 1) / PANEL * PANEL * inputSize;
}

static void packAffine(const float *weights, Index inputSize, Index outputSize, float *packed) {
  if (outputSize <= NARROW) return;
  for (Index unit = 0; unit < outputSize; unit += PANEL) {
    Index units = outputSize - unit < PANEL ? outputSize - unit : PANEL;
    for (Index first = 0; first < inputSize; first += DEPTH_BLOCK) {
      Index depth = inputSize - first < DEPTH_BLOCK ? inputSize - first : DEPTH_BLOCK;
      packPanel(weights + unit * inputSize + first, inputSize, units, depth, packed);
      packed += depth * PANEL;
    }
  }
}

/// The same panels in the same order as `affine`, so that every output has the same bits.
static void affinePacked(
  const float *input, Index rows, Index inputSize, const float *weights, const float *packed, const float *bias,
  Index outputSize, float *output
) {
  if (outputSize <= NARROW) {
    narrowAffine(input, rows, inputSize, weights, bias, outputSize, output);
    return;
  }
  for (Index unit = 0; unit < outputSize; unit += PANEL) {
    Index units = outputSize - unit < PANEL ? outputSize - unit : PANEL;
    for (Index first = 0; first < inputSize; first += DEPTH_BLOCK) {
      Index depth = inputSize - first < DEPTH_BLOCK ? inputSize - first : DEPTH_BLOCK;
      multiplyPanel(input, rows, inputSize, first, depth, packed, bias, outputSize, unit, units, output);
      packed += depth * PANEL;
    }
  }
}

static void affineInputGradient(
  const float *outputGradient, Index rows, Index outputSize, const float *weights, Index inputSize,
  float *inputGradient
) {
  Product product = {
    .a = outputGradient, .aRow = outputSize, .aDepth = 1,
    .b = weights, .bDepth = inputSize,
    .c = inputGradient, .cRow = inputSize,
    .rows = rows, .columns = inputSize, .depth = outputSize, .start = fromZero,
  };
  multiply(&product);
}

// Rows are summed this many at a time, which keeps them in the nearest cache and the rounding errors short.
#define ROW_BLOCK 128

/// weightGradient += dyᵀ·x for fewer inputs than a vector has lanes, computed as its transpose, with vectors along the
/// outputs.
INLINE void accumulateNarrowWeightGradient(
  const float *dy, Index rows, Index outputSize, const float *x, Index inputSize, float *weightGradient
) {
  float transposed[LANES * PANEL] __attribute__((aligned(64)));
  for (Index unit = 0; unit < outputSize; unit += PANEL) {
    Index units = outputSize - unit < PANEL ? outputSize - unit : PANEL;
    Product product = {
      .a = x, .aRow = 1, .aDepth = inputSize,
      .b = dy + unit, .bDepth = outputSize,
      .c = transposed, .cRow = PANEL,
      .rows = inputSize, .columns = units, .depth = rows, .start = fromZero,
    };
    multiply(&product);
    transpose(transposed, PANEL, inputSize, units, weightGradient + unit * inputSize, inputSize, true);
  }
}

static void accumulateAffineParameterGradient(
  const float *outputGradient, Index rows, Index outputSize, const float *input, Index inputSize,
  float *weightGradient, float *biasGradient
) {
  static const float one = 1;
  for (Index first = 0; first < rows; first += ROW_BLOCK) {
    Index count = rows - first < ROW_BLOCK ? rows - first : ROW_BLOCK;
    const float *dy = outputGradient + first * outputSize;
    const float *x = input + first * inputSize;
    Product biases = {
      .a = &one, .aRow = 0, .aDepth = 0, .b = dy, .bDepth = outputSize, .c = biasGradient, .cRow = 0,
      .rows = 1, .columns = outputSize, .depth = count, .start = addToC,
    };
    multiply(&biases);
    if (inputSize < LANES && inputSize < outputSize) {
      accumulateNarrowWeightGradient(dy, count, outputSize, x, inputSize, weightGradient);
      continue;
    }
    Product product = {
      .a = dy, .aRow = 1, .aDepth = outputSize,
      .b = x, .bDepth = inputSize,
      .c = weightGradient, .cRow = inputSize,
      .rows = outputSize, .columns = inputSize, .depth = count, .start = addToC,
    };
    multiply(&product);
  }
}
