// C = start + A·B for small tiles of C that stay in registers while the whole depth runs past them.
//
// Each element of C is one chain of multiply-adds in order of depth, whatever tile it falls into, so that its bits do
// not depend on how many rows are computed together.

typedef enum { fromZero, fromRow, fromC, addToC } Start;

typedef struct {
  const float *a;  // element (i, d) is a[i * aRow + d * aDepth]
  Index aRow, aDepth;
  const float *b;  // element (d, j) is b[d * bDepth + j]
  Index bDepth;
  const float *row;  // what each row of C starts from, under fromRow
  float *c;          // element (i, j) is c[i * cRow + j]
  Index cRow;
  Index rows, columns, depth;
  Start start;
} Product;

/// One tile of at most TILE_ROWS rows and TILE_VECTORS vectors; the last vector has `lastLanes` columns.
INLINE void tile(const Product *p, Index firstRow, Index firstColumn, const int rows, const int vectors,
                 const int isPartial, Index lastLanes) {
  Vector sums[TILE_ROWS][TILE_VECTORS];
  const float *a = p->a + firstRow * p->aRow;
  const float *b = p->b + firstColumn;
  float *c = p->c + firstRow * p->cRow + firstColumn;
  Index aRow = p->aRow, aDepth = p->aDepth, bDepth = p->bDepth, cRow = p->cRow, depth = p->depth;
  Start start = p->start;

#define EACH_VECTOR(v) _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++)
#define EACH_ROW(r) _Pragma("clang loop unroll(full)") for (int r = 0; r < rows; r++)
#define LOAD(source, v) (isPartial && v == vectors - 1 ? loadPartly(source, lastLanes) : load(source))

  EACH_VECTOR(v) {
    Vector first = start == fromRow ? LOAD(p->row + firstColumn + v * LANES, v) : (Vector)0.0f;
    EACH_ROW(r) sums[r][v] = start == fromC ? LOAD(c + r * cRow + v * LANES, v) : first;
  }
  for (Index d = 0; d < depth; d++) {
    Vector bs[TILE_VECTORS];
    EACH_VECTOR(v) bs[v] = LOAD(b + d * bDepth + v * LANES, v);
    EACH_ROW(r) {
      Vector scale = (Vector)a[r * aRow + d * aDepth];
      EACH_VECTOR(v) sums[r][v] = multiplyAdd(scale, bs[v], sums[r][v]);
    }
  }
  EACH_VECTOR(v) {
    EACH_ROW(r) {
      float *target = c + r * cRow + v * LANES;
      Vector sum = start == addToC ? LOAD(target, v) + sums[r][v] : sums[r][v];
      if (isPartial && v == vectors - 1) {
        storePartly(target, sum, lastLanes);
      } else {
        store(target, sum);
      }
    }
  }
#undef EACH_VECTOR
#undef EACH_ROW
#undef LOAD
}

INLINE void rowsOfTiles(const Product *p, Index firstColumn, const int vectors, const int isPartial, Index lastLanes) {
  Index row = 0;
  for (; row + TILE_ROWS <= p->rows; row += TILE_ROWS) {
    tile(p, row, firstColumn, TILE_ROWS, vectors, isPartial, lastLanes);
  }
  for (; row + 2 <= p->rows; row += 2) tile(p, row, firstColumn, 2, vectors, isPartial, lastLanes);
  if (row < p->rows) tile(p, row, firstColumn, 1, vectors, isPartial, lastLanes);
}

/// Columns in panels of TILE_VECTORS vectors, and what remains in one narrower panel.
static void multiply(const Product *p) {
  Index column = 0;
  for (; column + TILE_VECTORS * LANES <= p->columns; column += TILE_VECTORS * LANES) {
    rowsOfTiles(p, column, TILE_VECTORS, 0, 0);
  }
  Index rest = p->columns - column;
  Index lastLanes = rest % LANES;
  switch (2 * (rest / LANES) + (lastLanes > 0)) {
    case 1: rowsOfTiles(p, column, 1, 1, lastLanes); break;
    case 2: rowsOfTiles(p, column, 1, 0, 0); break;
    case 3: rowsOfTiles(p, column, 2, 1, lastLanes); break;
#if TILE_VECTORS > 2
    case 4: rowsOfTiles(p, column, 2, 0, 0); break;
    case 5: rowsOfTiles(p, column, 3, 1, lastLanes); break;
    case 6: rowsOfTiles(p, column, 3, 0, 0); break;
    case 7: rowsOfTiles(p, column, 4, 1, lastLanes); break;
#endif
  }
}
