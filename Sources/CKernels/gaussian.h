// Rows of squashed Gaussians: u = tanh(μ + σε), independent in each dimension. LANES rows at a time, one dimension after
// the other.

/// source[l * stride] in lane l, for the first `count` lanes, and zeros.
INLINE Vector gather(const float *source, Index stride, Index count) {
  float lanes[LANES] = {0};
  for (Index lane = 0; lane < count; lane++) lanes[lane] = source[lane * stride];
  return load(lanes);
}

INLINE void scatter(float *target, Index stride, Vector value, Index count) {
  float lanes[LANES];
  store(lanes, value);
  for (Index lane = 0; lane < count; lane++) target[lane * stride] = lanes[lane];
}

INLINE Vector magnitudeOf(Vector x) {
  return floatOf(bitsOf(x) & INT32_MAX);
}

/// ln(1 + y) for 0 <= y <= 1: the rounding error of 1 + y is made up for.
INLINE Vector logOfOnePlus(Vector y) {
  Vector sum = 1.0f + y;
  return logVector(sum) + (y - (sum - 1.0f)) / sum;
}

/// ln(1 - tanh²x) = 2 (ln 2 - x - ln(1 + e^(-2x))), written for |x|, so that nothing cancels.
INLINE Vector logOfTanhSlope(Vector x) {
  Vector magnitude = magnitudeOf(x);
  return 2.0f * (0x1.62e430p-1f - magnitude - logOfOnePlus(expVector(-2.0f * magnitude)));
}

#define LEAST_LOG_SIGMA -20.0f
#define GREATEST_LOG_SIGMA 2.0f

INLINE Vector boundedLogSigma(Vector x) {
  x = choose(x > GREATEST_LOG_SIGMA, (Vector)GREATEST_LOG_SIGMA, x);
  return choose(x < LEAST_LOG_SIGMA, (Vector)LEAST_LOG_SIGMA, x);
}

static void squashedSample(
  const float *parameters, const float *noise, Index rows, Index dimensions, float *actions, Index stride,
  float *logProbabilities
) {
  Index width = 2 * dimensions;
  for (Index row = 0; row < rows; row += LANES) {
    Index count = smaller(LANES, rows - row);
    Vector sum = 0;
    for (Index i = 0; i < dimensions; i++) {
      Vector mean = gather(parameters + row * width + i, width, count);
      Vector logSigma = boundedLogSigma(gather(parameters + row * width + dimensions + i, width, count));
      Vector epsilon = gather(noise + row * dimensions + i, dimensions, count);
      Vector x = multiplyAdd(expVector(logSigma), epsilon, mean);
      scatter(actions + row * stride + i, stride, tanhVector(x), count);
      // ½ ln 2π is 0.9189385.
      if (logProbabilities) sum -= 0.5f * epsilon * epsilon + logSigma + 0x1.d67f1cp-1f + logOfTanhSlope(x);
    }
    if (logProbabilities) scatter(logProbabilities + row, 1, sum, count);
  }
}

static void squashedGradient(
  const float *parameters, const float *noise, Index rows, Index dimensions, const float *actions,
  Index stride, const float *actionGradients, Index gradientStride, float logWeight, float *gradient
) {
  Index width = 2 * dimensions;
  for (Index row = 0; row < rows; row += LANES) {
    Index count = smaller(LANES, rows - row);
    for (Index i = 0; i < dimensions; i++) {
      Vector action = gather(actions + row * stride + i, stride, count);
      Vector logSigma = gather(parameters + row * width + dimensions + i, width, count);
      Vector epsilon = gather(noise + row * dimensions + i, dimensions, count);
      Vector alongAction = gather(actionGradients + row * gradientStride + i, gradientStride, count);
      Vector alongX = tanhGradientVector(alongAction, action);
      alongX = multiplyAdd((Vector)(2.0f * logWeight), action, alongX);
      Vector alongLogSigma = alongX * (expVector(boundedLogSigma(logSigma)) * epsilon) - logWeight;
      IntVector isFree = (logSigma >= LEAST_LOG_SIGMA) & (logSigma <= GREATEST_LOG_SIGMA);
      scatter(gradient + row * width + i, width, alongX, count);
      scatter(gradient + row * width + dimensions + i, width, choose(isFree, alongLogSigma, (Vector)0.0f), count);
    }
  }
}
