// Sums in double precision, in eight lanes whatever the width of a vector, so that all variants have the same bits.

#define SUM_LANES 8
typedef double Doubles __attribute__((ext_vector_type(SUM_LANES)));

/// The sum of squared differences from `center`.
static double sumOfSquares(const float *values, double center, Index count) {
  typedef float Floats __attribute__((ext_vector_type(SUM_LANES)));
  Doubles sums = 0;
  Index i = 0;
  for (; i + SUM_LANES <= count; i += SUM_LANES) {
    Floats next;
    memcpy(&next, values + i, sizeof next);
    Doubles difference = __builtin_convertvector(next, Doubles) - center;
    sums += difference * difference;
  }
  double total = 0;
  for (int lane = 0; lane < SUM_LANES; lane++) total += sums[lane];
  for (; i < count; i++) {
    double difference = values[i] - center;
    total += difference * difference;
  }
  return total;
}
