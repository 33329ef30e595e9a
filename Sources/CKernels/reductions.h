// Sums in double precision, in eight lanes whatever the width of a vector, so that all variants have the same bits.

#define SUM_LANES 8
typedef double Doubles __attribute__((ext_vector_type(SUM_LANES)));

// By address, since the registers of some variants are too narrow to hand one over.
INLINE void widen(const float *source, Doubles *target) {
  typedef float Floats __attribute__((ext_vector_type(SUM_LANES)));
  Floats floats;
  memcpy(&floats, source, sizeof floats);
  *target = __builtin_convertvector(floats, Doubles);
}

INLINE double totalOf(const Doubles *lanes) {
  double total = 0;
  for (int lane = 0; lane < SUM_LANES; lane++) total += (*lanes)[lane];
  return total;
}

static double sum(const float *values, Index count) {
  Doubles sums = 0;
  Index i = 0;
  for (; i + SUM_LANES <= count; i += SUM_LANES) {
    Doubles next;
    widen(values + i, &next);
    sums += next;
  }
  double total = totalOf(&sums);
  for (; i < count; i++) total += values[i];
  return total;
}

static double dot(const float *left, const float *right, Index count) {
  Doubles sums = 0;
  Index i = 0;
  for (; i + SUM_LANES <= count; i += SUM_LANES) {
    Doubles first, second;
    widen(left + i, &first);
    widen(right + i, &second);
    sums += first * second;
  }
  double total = totalOf(&sums);
  for (; i < count; i++) total += (double)left[i] * right[i];
  return total;
}

static double sumOfSquares(const float *values, double center, Index count) {
  Doubles sums = 0;
  Index i = 0;
  for (; i + SUM_LANES <= count; i += SUM_LANES) {
    Doubles difference;
    widen(values + i, &difference);
    difference -= center;
    sums += difference * difference;
  }
  double total = totalOf(&sums);
  for (; i < count; i++) total += (values[i] - center) * (values[i] - center);
  return total;
}
