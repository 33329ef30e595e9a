// Functions of single elements, LANES at a time; the last vector may be incomplete.

static void tanhAll(const float *input, Index count, float *output) {
  for (Index i = 0; i < count; i += LANES) {
    storeUpTo(output + i, tanhVector(loadUpTo(input + i, count - i)), count - i);
  }
}

static void tanhGradient(const float *outputGradient, const float *output, Index count, float *inputGradient) {
  for (Index i = 0; i < count; i += LANES) {
    Vector y = loadUpTo(output + i, count - i);
    Vector gradient = loadUpTo(outputGradient + i, count - i) * multiplyAdd(-y, y, (Vector)1.0f);
    storeUpTo(inputGradient + i, gradient, count - i);
  }
}

static void relu(const float *input, Index count, float *output) {
  for (Index i = 0; i < count; i += LANES) {
    Vector x = loadUpTo(input + i, count - i);
    storeUpTo(output + i, choose(x <= 0.0f, (Vector)0.0f, x), count - i);
  }
}

static void reluGradient(const float *outputGradient, const float *output, Index count, float *inputGradient) {
  for (Index i = 0; i < count; i += LANES) {
    Vector gradient = loadUpTo(outputGradient + i, count - i);
    Vector y = loadUpTo(output + i, count - i);
    storeUpTo(inputGradient + i, choose(y > 0.0f, gradient, (Vector)0.0f), count - i);
  }
}

static void expAll(const float *input, Index count, float *output) {
  for (Index i = 0; i < count; i += LANES) {
    storeUpTo(output + i, expVector(loadUpTo(input + i, count - i)), count - i);
  }
}

static void adamStep(
  float *parameters, const float *gradients, float *firstMoment, float *secondMoment, Index count, AdamScalars scalars
) {
  for (Index i = 0; i < count; i += LANES) {
    Index left = count - i;
    Vector gradient = loadUpTo(gradients + i, left);
    Vector first = loadUpTo(firstMoment + i, left);
    Vector second = loadUpTo(secondMoment + i, left);
    first = multiplyAdd((Vector)scalars.firstMomentGain, gradient - first, first);
    second = multiplyAdd((Vector)scalars.secondMomentGain, gradient * gradient - second, second);
    Vector root = __builtin_elementwise_sqrt(second);
    Vector denominator = multiplyAdd(root, (Vector)scalars.secondMomentRootScale, (Vector)scalars.epsilon);
    Vector updated = loadUpTo(parameters + i, left) - scalars.stepSize * first / denominator;
    storeUpTo(parameters + i, updated, left);
    storeUpTo(firstMoment + i, first, left);
    storeUpTo(secondMoment + i, second, left);
  }
}
