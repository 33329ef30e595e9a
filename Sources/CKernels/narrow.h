// A dense layer of few outputs: one dot product along the inputs for each, since a vector along the outputs would be
// mostly empty. Each dot product is summed in the same order whatever the rows beside it.

#define NARROW 4

/// The sums of the lanes of four vectors.
INLINE void sumLanes(const Vector sums[4], float totals[4]) {
  for (int r = 0; r < 4; r++) {
    float lanes[LANES];
    memcpy(lanes, &sums[r], sizeof lanes);
    for (int width = LANES / 2; width > 0; width /= 2) {
      for (int lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
    }
    totals[r] = lanes[0];
  }
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

static void narrowAffine(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, Index outputSize,
  float *output
) {
  if (inputSize < LANES) {
    narrowAffineOfFewInputs(input, rows, inputSize, weights, bias, outputSize, output);
    return;
  }
  Index rest = inputSize % LANES;
  Index whole = inputSize - rest;
  for (Index row = 0; row < rows; row += 4) {
    const float *x[4];
    for (int r = 0; r < 4; r++) x[r] = input + (row + r < rows ? row + r : row) * inputSize;
    for (Index unit = 0; unit < outputSize; unit++) {
      const float *w = weights + unit * inputSize;
      Vector sums[4] = {0, 0, 0, 0};
      for (Index i = 0; i < whole; i += LANES) {
        Vector ws = load(w + i);
        for (int r = 0; r < 4; r++) sums[r] = multiplyAdd(load(x[r] + i), ws, sums[r]);
      }
      if (rest > 0) {
        Vector ws = loadPartly(w + whole, rest);
        for (int r = 0; r < 4; r++) sums[r] = multiplyAdd(loadPartly(x[r] + whole, rest), ws, sums[r]);
      }
      float totals[4];
      sumLanes(sums, totals);
      for (int r = 0; r < 4 && row + r < rows; r++) output[(row + r) * outputSize + unit] = totals[r] + bias[unit];
    }
  }
}
