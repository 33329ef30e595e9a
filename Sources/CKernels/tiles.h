// C = start + A·B for small tiles of C that stay in registers while a run of the depth goes past them.
//
// Each element of C is one chain of multiply-adds in order of depth, whatever tile it falls into and wherever the depth
// is cut, so that its bits do not depend on how many rows are computed together or on how the product is blocked.

typedef enum { fromZero, fromRow, fromC, addToC } Start;

/// What becomes of a sum on its way to C: itself, the relu of it, or its product with the derivative of relu or tanh where
/// that function's output was y.
typedef enum { asIs, throughRelu, throughReluGradient, throughTanhGradient, throughTanh } Finish;

typedef struct {
  const float *a;  // element (i, d) is a[i * aRow + d * aDepth]
  Index aRow, aDepth;
  const float *b;  // the columns in whole vectors: element (d, j) is b[d * bDepth + j]
  Index bDepth;
  const float *row;  // what each row of C starts from, under fromRow
  float *c;          // element (i, j) is c[i * cRow + j]
  Index cRow;
  const float *y;  // as C lies, under a gradient's finish
  Index rows, columns, depth;
  Start start;
  Finish finish;
} Panel;

INLINE Vector finished(Finish finish, Vector sum, const float *y, Index lanes) {
  if (finish == throughRelu) return reluVector(sum);
  if (finish == throughReluGradient) return reluGradientVector(sum, loadUpTo(y, lanes));
  if (finish == throughTanhGradient) return tanhGradientVector(sum, loadUpTo(y, lanes));
  return sum;
}

/// One tile of at most TILE_ROWS rows and TILE_VECTORS vectors; the last vector has `lastLanes` columns, or is whole.
INLINE void tile(const Panel *p, Index firstRow, const int rows, const int vectors, const bool isWhole, Index lastLanes) {
  Vector sums[TILE_ROWS][TILE_VECTORS];
  const float *a = p->a + firstRow * p->aRow;
  const float *b = p->b;
  float *c = p->c + firstRow * p->cRow;
  Index aRow = p->aRow, aDepth = p->aDepth, bDepth = p->bDepth, cRow = p->cRow, depth = p->depth;
  Start start = p->start;

#define EACH_VECTOR(v) _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++)
#define EACH_ROW(r) _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++)
#define LANES_OF(v) (isWhole || v < vectors - 1 ? LANES : lastLanes)

  EACH_VECTOR(v) {
    Vector first = start == fromRow ? loadUpTo(p->row + v * LANES, LANES_OF(v)) : (Vector)0.0f;
    EACH_ROW(r) sums[r][v] = start == fromC ? loadUpTo(c + r * cRow + v * LANES, LANES_OF(v)) : first;
  }
  for (Index d = 0; d < depth; d++) {
    Vector bs[TILE_VECTORS];
    EACH_VECTOR(v) bs[v] = load(b + d * bDepth + v * LANES);
    EACH_ROW(r) {
      Vector scale = (Vector)a[r * aRow + d * aDepth];
      EACH_VECTOR(v) sums[r][v] = multiplyAdd(scale, bs[v], sums[r][v]);
    }
  }
  if (start == addToC) {
    EACH_ROW(r) {
      EACH_VECTOR(v) sums[r][v] = loadUpTo(c + r * cRow + v * LANES, LANES_OF(v)) + sums[r][v];
    }
  }
  if (p->finish != asIs) {
    const float *y = p->y ? p->y + firstRow * cRow : 0;
    EACH_ROW(r) {
      EACH_VECTOR(v) sums[r][v] = finished(p->finish, sums[r][v], y + r * cRow + v * LANES, LANES_OF(v));
    }
  }
  EACH_ROW(r) {
    EACH_VECTOR(v) storeUpTo(c + r * cRow + v * LANES, sums[r][v], LANES_OF(v));
  }
#undef EACH_VECTOR
#undef EACH_ROW
#undef LANES_OF
}

INLINE void rowsOfTiles(const Panel *p, const int vectors, const bool isWhole) {
  Index lastLanes = p->columns - (vectors - 1) * LANES;
  Index row = 0;
  for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS) tile(p, row, TILE_ROWS, vectors, isWhole, lastLanes);
#if TILE_ROWS > 4
  for (; row + 4 <= p->rows; row += 4) tile(p, row, 4, vectors, isWhole, lastLanes);
#endif
  for (; row + 2 <= p->rows; row += 2) tile(p, row, 2, vectors, isWhole, lastLanes);
  if (row < p->rows) tile(p, row, 1, vectors, isWhole, lastLanes);
}

/// All rows of at most TILE_VECTORS vectors of columns.
static void multiplyPanel(const Panel *p) {
  switch (2 * ((p->columns + LANES - 1) / LANES) + (p->columns % LANES == 0)) {
    case 2: rowsOfTiles(p, 1, false); break;
    case 3: rowsOfTiles(p, 1, true); break;
    case 4: rowsOfTiles(p, 2, false); break;
    case 5: rowsOfTiles(p, 2, true); break;
#if TILE_VECTORS > 2
    case 6: rowsOfTiles(p, 3, false); break;
    case 7: rowsOfTiles(p, 3, true); break;
    case 8: rowsOfTiles(p, 4, false); break;
    case 9: rowsOfTiles(p, 4, true); break;
#endif
  }
}
