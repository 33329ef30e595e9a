// Sums down the columns of a matrix, several vectors of columns at a time, so that enough additions are under way.

/// totals += Σ weights[d]·row d, or Σ row d without weights, over `vectors` vectors of columns, the last of which may be
/// incomplete; each sum is one chain in order of d.
INLINE void accumulateColumnVectors(
  const float *weights, const float *matrix, Index stride, Index rows, const int vectors, Index columns, float *totals
) {
  Vector sums[8] = {0};
  for (Index d = 0; d < rows; d++) {
    Vector weight = (Vector)(weights ? weights[d] : 1.0f);
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) {
      sums[v] = multiplyAdd(weight, loadUpTo(matrix + d * stride + v * LANES, columns - v * LANES), sums[v]);
    }
  }
#pragma clang loop unroll(full)
  for (int v = 0; v < vectors; v++) {
    Index left = columns - v * LANES;
    storeUpTo(totals + v * LANES, loadUpTo(totals + v * LANES, left) + sums[v], left);
  }
}

static void accumulateColumns(const float *weights, const float *matrix, Index rows, Index columns, float *totals) {
  Index column = 0;
#define UP_TO(vectors, width) \
  for (; column + (width) <= columns; column += (width)) { \
    accumulateColumnVectors(weights, matrix + column, columns, rows, vectors, width, totals + column); \
  }
  UP_TO(8, 8 * LANES)
  UP_TO(4, 4 * LANES)
  UP_TO(1, LANES)
#undef UP_TO
  if (column < columns) {
    accumulateColumnVectors(weights, matrix + column, columns, rows, 1, columns - column, totals + column);
  }
}
