// ln softmax of short rows, LANES rows at a time: lane l of vector c is column c of row l.

#define SHORT_ROW 64

INLINE Vector maximum(Vector a, Vector b) {
  return choose(a > b, a, b);
}

INLINE void logSoftmaxOfRows(const float *input, Index rows, Index columns, float *output) {
  float byColumn[SHORT_ROW * LANES] __attribute__((aligned(64)));
  for (Index column = 0; column < columns; column++) {
    for (Index row = 0; row < LANES; row++) {
      byColumn[column * LANES + row] = input[(row < rows ? row : 0) * columns + column];
    }
  }
  Vector largest = load(byColumn);
  for (Index column = 1; column < columns; column++) {
    largest = maximum(largest, load(byColumn + column * LANES));
  }
  Vector total = 0;
  for (Index column = 0; column < columns; column++) {
    Vector shifted = load(byColumn + column * LANES) - largest;
    total += expVector(shifted);
    store(byColumn + column * LANES, shifted);
  }
  Vector logTotal = logVector(total);
  for (Index column = 0; column < columns; column++) {
    store(byColumn + column * LANES, load(byColumn + column * LANES) - logTotal);
  }
  for (Index row = 0; row < rows; row++) {
    for (Index column = 0; column < columns; column++) {
      output[row * columns + column] = byColumn[column * LANES + row];
    }
  }
}

static void logSoftmaxOfLongRow(const float *input, Index columns, float *output) {
  Vector largestLanes = load(input);
  for (Index i = LANES; i < columns; i += LANES) {
    largestLanes = maximum(largestLanes, load(input + (i + LANES <= columns ? i : columns - LANES)));
  }
  float largest = largestLanes[0];
  for (int lane = 1; lane < LANES; lane++) {
    largest = largestLanes[lane] > largest ? largestLanes[lane] : largest;
  }
  Vector totals = 0;
  Index i = 0;
  for (; i + LANES <= columns; i += LANES) {
    totals += expVector(load(input + i) - largest);
  }
  float total = 0;
  for (int lane = 0; lane < LANES; lane++) total += totals[lane];
  for (; i < columns; i++) total += expVector((Vector)(input[i] - largest))[0];
  float logTotal = logVector((Vector)total)[0];
  for (Index i = 0; i < columns; i++) output[i] = input[i] - largest - logTotal;
}

static void logSoftmax(const float *input, Index rows, Index columns, float *output) {
  if (columns > SHORT_ROW) {
    for (Index row = 0; row < rows; row++) {
      logSoftmaxOfLongRow(input + row * columns, columns, output + row * columns);
    }
    return;
  }
  for (Index row = 0; row < rows && columns > 0; row += LANES) {
    Index count = rows - row < LANES ? rows - row : LANES;
    logSoftmaxOfRows(input + row * columns, count, columns, output + row * columns);
  }
}

#undef SHORT_ROW
