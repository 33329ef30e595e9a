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

static void narrowAffine(
  const float *input, Index rows, Index inputSize, const float *weights, const float *bias, Index outputSize,
  float *output
) {
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
