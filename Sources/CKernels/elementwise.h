// Functions of single elements. The last, incomplete vector is loaded and stored partly.

#define FOR_EACH_VECTOR(BODY)                                  \
  do {                                                         \
    Index i = 0;                                               \
    for (; i + LANES <= count; i += LANES) BODY(load, store);  \
    if (i < count) BODY(LOAD_REST, STORE_REST);                \
  } while (0)
#define LOAD_REST(source) loadPartly(source, count - i)
#define STORE_REST(target, value) storePartly(target, value, count - i)

static void tanhAll(const float *input, Index count, float *output) {
#define BODY(LOAD, STORE) STORE(output + i, tanhVector(LOAD(input + i)))
  FOR_EACH_VECTOR(BODY);
#undef BODY
}

static void expAll(const float *input, Index count, float *output) {
#define BODY(LOAD, STORE) STORE(output + i, expVector(LOAD(input + i)))
  FOR_EACH_VECTOR(BODY);
#undef BODY
}

static void relu(const float *input, Index count, float *output) {
#define BODY(LOAD, STORE)                        \
  {                                              \
    Vector x = LOAD(input + i);                  \
    STORE(output + i, choose(x <= 0.0f, (Vector)0.0f, x)); \
  }
  FOR_EACH_VECTOR(BODY);
#undef BODY
}

static void tanhGradient(const float *outputGradient, const float *output, Index count, float *inputGradient) {
#define BODY(LOAD, STORE)                                                      \
  {                                                                            \
    Vector y = LOAD(output + i);                                               \
    STORE(inputGradient + i, LOAD(outputGradient + i) * multiplyAdd(-y, y, (Vector)1.0f)); \
  }
  FOR_EACH_VECTOR(BODY);
#undef BODY
}

static void reluGradient(const float *outputGradient, const float *output, Index count, float *inputGradient) {
#define BODY(LOAD, STORE)                                                                              \
  STORE(inputGradient + i, choose(LOAD(output + i) > 0.0f, LOAD(outputGradient + i), (Vector)0.0f))
  FOR_EACH_VECTOR(BODY);
#undef BODY
}

static void adamStep(
  float *parameters, const float *gradients, float *firstMoment, float *secondMoment, Index count, AdamScalars scalars
) {
#define BODY(LOAD, STORE)                                                                             \
  {                                                                                                   \
    Vector gradient = LOAD(gradients + i);                                                            \
    Vector first = LOAD(firstMoment + i);                                                             \
    Vector second = LOAD(secondMoment + i);                                                           \
    first = multiplyAdd((Vector)scalars.firstMomentGain, gradient - first, first);                    \
    second = multiplyAdd((Vector)scalars.secondMomentGain, gradient * gradient - second, second);     \
    Vector root = __builtin_elementwise_sqrt(second);                                                 \
    Vector denominator = multiplyAdd(root, (Vector)scalars.secondMomentRootScale, (Vector)scalars.epsilon); \
    STORE(parameters + i, LOAD(parameters + i) - scalars.stepSize * first / denominator);             \
    STORE(firstMoment + i, first);                                                                    \
    STORE(secondMoment + i, second);                                                                  \
  }
  FOR_EACH_VECTOR(BODY);
#undef BODY
}

#undef FOR_EACH_VECTOR
#undef LOAD_REST
#undef STORE_REST
