// Updates of vectors in place: sums, slow copies, Adam.

static void accumulate(float scale, const float *values, Index count, float *target) {
  for (Index i = 0; i < count; i += LANES) {
    Vector sum = loadUpTo(target + i, count - i) + scale * loadUpTo(values + i, count - i);
    storeUpTo(target + i, sum, count - i);
  }
}

static void moveTowards(const float *source, float rate, Index count, float *target) {
  for (Index i = 0; i < count; i += LANES) {
    Vector old = loadUpTo(target + i, count - i);
    storeUpTo(target + i, multiplyAdd((Vector)rate, loadUpTo(source + i, count - i) - old, old), count - i);
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
