// Dense layers, forward.

/// The product X·Wᵀ that begins with the bias.
INLINE Product affineProduct(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, Index outputSize,
  float *output
) {
  Product result = {
    .a = input, .aRow = inputSize, .aDepth = 1,
    .b = {weights, inputSize, true},
    .row = bias, .c = output, .cRow = outputSize,
    .rows = rows, .columns = outputSize, .depth = inputSize, .start = fromRow,
  };
  return result;
}

static void affine(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, Index outputSize,
  float *output
) {
  if (outputSize <= NARROW) {
    narrowAffine(input, rows, inputSize, weights, bias, outputSize, output);
    return;
  }
  Product product = affineProduct(input, rows, inputSize, weights, bias, outputSize, output);
  multiply(&product);
}

static Index packedCount(Index inputSize, Index outputSize) {
  return outputSize <= NARROW ? 0 : packedSize(outputSize, inputSize);
}

static void packAffine(const float *weights, Index inputSize, Index outputSize, float *packed) {
  if (outputSize <= NARROW) return;
  Source source = {weights, inputSize, true};
  packAll(&source, outputSize, inputSize, packed);
}

static void affinePacked(
  const float *input, Index rows, Index inputSize, const float *weights, const float *packed, const float *bias,
  Index outputSize, float *output
) {
  if (outputSize <= NARROW) {
    narrowAffine(input, rows, inputSize, weights, bias, outputSize, output);
    return;
  }
  Product product = affineProduct(input, rows, inputSize, weights, bias, outputSize, output);
  multiplyPacked(&product, packed);
}
