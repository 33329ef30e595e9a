// Functions of single elements, LANES at a time; the last vector may be incomplete.

INLINE Vector reluVector(Vector x) {
  return choose(x <= 0.0f, (Vector)0.0f, x);
}

INLINE Vector reluGradientVector(Vector gradient, Vector y) {
  return choose(y > 0.0f, gradient, (Vector)0.0f);
}

INLINE Vector tanhGradientVector(Vector gradient, Vector y) {
  return gradient * multiplyAdd(-y, y, (Vector)1.0f);
}

static void tanhAll(const float *input, Index count, float *output) {
  for (Index i = 0; i < count; i += LANES) {
    storeUpTo(output + i, tanhVector(loadUpTo(input + i, count - i)), count - i);
  }
}

static void tanhGradient(const float *outputGradient, const float *output, Index count, float *inputGradient) {
  for (Index i = 0; i < count; i += LANES) {
    Vector y = loadUpTo(output + i, count - i);
    Vector gradient = loadUpTo(outputGradient + i, count - i);
    storeUpTo(inputGradient + i, tanhGradientVector(gradient, y), count - i);
  }
}

static void relu(const float *input, Index count, float *output) {
  for (Index i = 0; i < count; i += LANES) {
    storeUpTo(output + i, reluVector(loadUpTo(input + i, count - i)), count - i);
  }
}

static void reluGradient(const float *outputGradient, const float *output, Index count, float *inputGradient) {
  for (Index i = 0; i < count; i += LANES) {
    Vector gradient = loadUpTo(outputGradient + i, count - i);
    Vector y = loadUpTo(output + i, count - i);
    storeUpTo(inputGradient + i, reluGradientVector(gradient, y), count - i);
  }
}

static void expAll(const float *input, Index count, float *output) {
  for (Index i = 0; i < count; i += LANES) {
    storeUpTo(output + i, expVector(loadUpTo(input + i, count - i)), count - i);
  }
}
