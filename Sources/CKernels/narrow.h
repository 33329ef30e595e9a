// A dense layer of few outputs: one dot product along the inputs for each, since a vector along the outputs would be
// mostly empty. Each dot product is summed in the same order whatever the rows beside it.

#define NARROW 4

/// The sums of the lanes of four vectors: the upper half of the lanes is added to the lower one until one is left.
INLINE Quad sumLanes(const Vector sums[4]) {
  float quads[4 * 4];
  for (int r = 0; r < 4; r++) {
#if LANES == 16
    Octet half = __builtin_shufflevector(sums[r], sums[r], 0, 1, 2, 3, 4, 5, 6, 7) +
                 __builtin_shufflevector(sums[r], sums[r], 8, 9, 10, 11, 12, 13, 14, 15);
#elif LANES == 8
    Octet half = sums[r];
#endif
#if LANES >= 8
    storeQuad(quads + 4 * r, __builtin_shufflevector(half, half, 0, 1, 2, 3) +
                             __builtin_shufflevector(half, half, 4, 5, 6, 7));
#else
    storeQuad(quads + 4 * r, sums[r]);
#endif
  }
  Quad lanes[4];
  transposeQuads(quads, 4, lanes);
  return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
}

/// `count` <= LANES vectors, each lane summed over them in the order in which `sumLanes` sums the lanes of one vector.
INLINE Vector sumInOrderOfLanes(Vector *vectors, Index count) {
  for (Index width = LANES / 2; width > 0; width /= 2) {
    for (Index i = 0; i < width && i + width < count; i++) vectors[i] += vectors[i + width];
    if (count > width) count = width;
  }
  return vectors[0];
}

/// With fewer inputs than a vector has lanes, dot products along them would be mostly empty too: LANES rows at a time,
/// lane r of vector i being input i of row r, in the same order of summation.
INLINE void narrowAffineOfFewInputs(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, Index outputSize,
  float *output
) {
  float byInput[LANES * LANES] __attribute__((aligned(64))) = {0};
  float byUnit[NARROW * LANES] __attribute__((aligned(64)));
  for (Index row = 0; row < rows; row += LANES) {
    Index count = rows - row < LANES ? rows - row : LANES;
    transpose(input + row * inputSize, inputSize, count, inputSize, byInput, LANES, false);
    for (Index unit = 0; unit < outputSize; unit++) {
      Vector products[LANES];
      for (Index i = 0; i < inputSize; i++) {
        products[i] = multiplyAdd(load(byInput + i * LANES), (Vector)weights[unit * inputSize + i], (Vector)0.0f);
      }
      store(byUnit + unit * LANES, sumInOrderOfLanes(products, inputSize) + bias[unit]);
    }
    transpose(byUnit, LANES, outputSize, count, output + row * outputSize, outputSize, false);
  }
}

/// Four rows, or fewer, by `outputSize` outputs.
INLINE void narrowRows(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, const int outputSize,
  float *output
) {
  Index rest = inputSize % LANES;
  Index whole = inputSize - rest;
  for (Index row = 0; row < rows; row += 4) {
    const float *x[4];
    for (int r = 0; r < 4; r++) x[r] = input + (row + r < rows ? row + r : row) * inputSize;
    Vector sums[NARROW][4] = {0};
    for (Index i = 0; i < whole; i += LANES) {
#pragma clang loop unroll(full)
      for (int unit = 0; unit < outputSize; unit++) {
        Vector ws = load(weights + unit * inputSize + i);
#pragma clang loop unroll(full)
        for (int r = 0; r < 4; r++) sums[unit][r] = multiplyAdd(load(x[r] + i), ws, sums[unit][r]);
      }
    }
    if (rest > 0) {
#pragma clang loop unroll(full)
      for (int unit = 0; unit < outputSize; unit++) {
        Vector ws = loadPartly(weights + unit * inputSize + whole, rest);
#pragma clang loop unroll(full)
        for (int r = 0; r < 4; r++) sums[unit][r] = multiplyAdd(loadPartly(x[r] + whole, rest), ws, sums[unit][r]);
      }
    }
    for (int unit = 0; unit < outputSize; unit++) {
      Quad totals = sumLanes(sums[unit]) + bias[unit];
      for (int r = 0; r < 4 && row + r < rows; r++) output[(row + r) * outputSize + unit] = totals[r];
    }
  }
}

static void narrowAffine(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, Index outputSize,
  float *output
) {
  if (inputSize < LANES) {
    narrowAffineOfFewInputs(input, rows, inputSize, weights, bias, outputSize, output);
    return;
  }
  switch (outputSize) {
    case 1: narrowRows(input, rows, inputSize, weights, bias, 1, output); break;
    case 2: narrowRows(input, rows, inputSize, weights, bias, 2, output); break;
    case 3: narrowRows(input, rows, inputSize, weights, bias, 3, output); break;
    case 4: narrowRows(input, rows, inputSize, weights, bias, 4, output); break;
  }
}
