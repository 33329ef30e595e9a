// Dense layers, forward.

static Index packedCount(Index inputSize, Index outputSize) {
  return outputSize <= NARROW ? 0 : packedSize(outputSize, inputSize);
}

static void packAffine(const float *weights, Index inputSize, Index outputSize, float *packed) {
  if (outputSize <= NARROW) return;
  Source source = {weights, inputSize, true};
  packAll(&source, outputSize, inputSize, packed);
}

static void affine(
  const float *input, Index rows, Index inputSize, const float *weights, const float *packed, const float *bias,
  Index outputSize, int32_t function, float *output
) {
  if (outputSize <= NARROW) {
    narrowAffine(input, rows, inputSize, weights, bias, outputSize, output);
    if (function == kernelFunctionRelu) relu(output, rows * outputSize, output);
    if (function == kernelFunctionTanh) tanhAll(output, rows * outputSize, output);
    return;
  }
  Product product = {
    .a = input, .aRow = inputSize, .aDepth = 1,
    .b = {weights, inputSize, true},
    .row = bias, .c = output, .cRow = outputSize,
    .rows = rows, .columns = outputSize, .depth = inputSize, .start = fromRow,
    .finish = function == kernelFunctionRelu ? throughRelu : function == kernelFunctionTanh ? throughTanh : asIs,
  };
  if (packed) {
    multiplyPacked(&product, packed);
  } else {
    multiply(&product);
  }
}
