// Dense layers: forward, and both gradients.

// The weights of a panel of outputs, transposed, are kept on the stack, DEPTH_BLOCK inputs at a time.
#define PANEL (TILE_VECTORS * LANES)
#define DEPTH_BLOCK 128

typedef float Quad __attribute__((ext_vector_type(4)));

INLINE Quad loadQuad(const float *source) {
  Quad result;
  memcpy(&result, source, sizeof result);
  return result;
}

INLINE void transposeQuads(const float *weights, Index stride, float *packed) {
  Quad a = loadQuad(weights), b = loadQuad(weights + stride);
  Quad c = loadQuad(weights + 2 * stride), d = loadQuad(weights + 3 * stride);
  Quad abLow = __builtin_shufflevector(a, b, 0, 4, 1, 5), abHigh = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  Quad cdLow = __builtin_shufflevector(c, d, 0, 4, 1, 5), cdHigh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  Quad columns[4] = {
    __builtin_shufflevector(abLow, cdLow, 0, 1, 4, 5), __builtin_shufflevector(abLow, cdLow, 2, 3, 6, 7),
    __builtin_shufflevector(abHigh, cdHigh, 0, 1, 4, 5), __builtin_shufflevector(abHigh, cdHigh, 2, 3, 6, 7),
  };
  for (int i = 0; i < 4; i++) memcpy(packed + i * PANEL, &columns[i], sizeof columns[i]);
}

/// packed[i * PANEL + u] = weights[u * stride + i], for `units` units u and `depth` inputs i; the last vector's unused
/// lanes are zero.
INLINE void transposePanel(const float *weights, Index stride, Index units, Index depth, float *packed) {
  Index u = 0;
  for (; u + 4 <= units; u += 4) {
    Index i = 0;
    for (; i + 4 <= depth; i += 4) transposeQuads(weights + u * stride + i, stride, packed + i * PANEL + u);
    for (; i < depth; i++) {
      for (Index q = u; q < u + 4; q++) packed[i * PANEL + q] = weights[q * stride + i];
    }
  }
  for (; u < units; u++) {
    for (Index i = 0; i < depth; i++) packed[i * PANEL + u] = weights[u * stride + i];
  }
  for (; u % LANES != 0; u++) {
    for (Index i = 0; i < depth; i++) packed[i * PANEL + u] = 0;
  }
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
      transposePanel(weights + unit * inputSize + first, inputSize, units, depth, packed);
      Product product = {
        .a = input + first, .aRow = inputSize, .aDepth = 1,
        .b = packed, .bDepth = PANEL,
        .row = bias + unit, .c = output + unit, .cRow = outputSize,
        .rows = rows, .columns = units, .depth = depth, .start = first == 0 ? fromRow : fromC,
      };
      multiply(&product);
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
    Product product = {
      .a = dy, .aRow = 1, .aDepth = outputSize,
      .b = x, .bDepth = inputSize,
      .c = weightGradient, .cRow = inputSize,
      .rows = outputSize, .columns = inputSize, .depth = count, .start = addToC,
    };
    multiply(&product);
  }
}
