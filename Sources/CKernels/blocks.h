// C = start + A·B for matrices of any size, in blocks that the caches hold: a block of B, packed, in the second-level
// cache, one of its panels in the first-level cache while ROW_BLOCK rows of A go past it.

// A block of B has at most this many floats, which live on the stack.
#define BLOCK_FLOATS 16384
#define BLOCK_PANELS (BLOCK_FLOATS / (DEPTH_BLOCK * TILE_VECTORS * LANES))
#define ROW_BLOCK 96

typedef struct {
  const float *a;  // element (i, d) is a[i * aRow + d * aDepth]
  Index aRow, aDepth;
  Source b;
  const float *row;  // what each row of C starts from, under fromRow
  float *c;          // element (i, j) is c[i * cRow + j]
  Index cRow;
  const float *y;  // as C lies, under a gradient's finish
  Index rows, columns, depth;
  Start start;  // addToC needs a depth of at most DEPTH_BLOCK
  Finish finish;
} Product;

INLINE Index smaller(Index a, Index b) {
  return a < b ? a : b;
}

/// How one dimension is cut: into `count` parts of `size`, the first `longer` of which have one more.
typedef struct {
  Index count, size, longer;
} Cut;

INLINE Cut cut(Index total, Index largest) {
  Index count = (total + largest - 1) / largest;
  Index size = count > 1 ? total / count : total;
  Cut result = {count, size, total - count * size};
  return result;
}

/// Where a part begins; that with the index `count` begins at the end.
INLINE Index cutAt(Cut c, Index part) {
  return part * c.size + smaller(part, c.longer);
}

/// The columns in vectors, those in panels.
INLINE Cut panelsOf(Index columns) {
  return cut((columns + LANES - 1) / LANES, TILE_VECTORS);
}

INLINE Cut depthsOf(Index depth) {
  return cut(depth, DEPTH_BLOCK);
}

/// The first column of a panel.
INLINE Index columnAt(Cut panels, Index panel, Index columns) {
  return smaller(cutAt(panels, panel) * LANES, columns);
}

/// Packs the panels from `firstPanel` up to `endPanel`, and returns where the packed floats end.
INLINE float *packBlock(
  const Source *s, Index first, Index depth, Index columns, Cut panels, Index firstPanel, Index endPanel, float *packed
) {
  for (Index panel = firstPanel; panel < endPanel; panel++) {
    Index column = columnAt(panels, panel, columns), next = columnAt(panels, panel + 1, columns);
    packPanel(s, first, depth, column, next - column, packed);
    packed += (cutAt(panels, panel + 1) - cutAt(panels, panel)) * LANES * depth;
  }
  return packed;
}

/// tanh of a finished panel, while it is in the nearest cache; in the tiles' registers there is no room for it.
INLINE void applyTanh(const Panel *p) {
  for (Index row = 0; row < p->rows; row++) tanhAll(p->c + row * p->cRow, p->columns, p->c + row * p->cRow);
}

/// All rows of C by the panels from `firstPanel` up to `endPanel`. Where `bDepth` is 0, `b` is packed, and otherwise B's
/// own rows, that far apart.
INLINE void multiplyBlock(
  const Product *p, Index first, Index depth, Cut panels, Index firstPanel, Index endPanel, const float *b, Index bDepth
) {
  for (Index row = 0; row < p->rows; row += ROW_BLOCK) {
    Index rows = smaller(ROW_BLOCK, p->rows - row);
    const float *place = b;
    for (Index panel = firstPanel; panel < endPanel; panel++) {
      Index column = columnAt(panels, panel, p->columns);
      Index width = (cutAt(panels, panel + 1) - cutAt(panels, panel)) * LANES;
      bool isLast = first + depth == p->depth;
      Panel part = {
        .a = p->a + row * p->aRow + first * p->aDepth, .aRow = p->aRow, .aDepth = p->aDepth,
        .b = place, .bDepth = bDepth > 0 ? bDepth : width,
        .row = p->start == fromRow ? p->row + column : 0, .c = p->c + row * p->cRow + column, .cRow = p->cRow,
        .y = p->y ? p->y + row * p->cRow + column : 0,
        .rows = rows, .columns = smaller(width, p->columns - column), .depth = depth,
        .start = first == 0 ? p->start : fromC, .finish = isLast ? p->finish : asIs,
      };
      multiplyPanel(&part);
      if (part.finish == throughTanh) applyTanh(&part);
      place += bDepth > 0 ? width : width * depth;
    }
  }
}

/// Whether the tiles may read B where it is: in whole vectors, and either only once or from the nearest cache.
INLINE bool isReadInPlace(const Product *p) {
  if (p->b.isTransposed || p->columns % LANES != 0) return false;
  return p->rows <= TILE_ROWS || (p->b.stride == p->columns && p->columns * p->depth <= BLOCK_FLOATS / 2);
}

static void multiply(const Product *p) {
  Cut panels = panelsOf(p->columns), depths = depthsOf(p->depth);
  if (isReadInPlace(p)) {
    multiplyBlock(p, 0, p->depth, panels, 0, panels.count, p->b.data, p->b.stride);
    return;
  }
  float packed[BLOCK_FLOATS] __attribute__((aligned(64)));
  for (Index panel = 0; panel < panels.count; panel += BLOCK_PANELS) {
    Index end = smaller(panel + BLOCK_PANELS, panels.count);
    for (Index block = 0; block < depths.count; block++) {
      Index first = cutAt(depths, block), depth = cutAt(depths, block + 1) - first;
      packBlock(&p->b, first, depth, p->columns, panels, panel, end, packed);
      multiplyBlock(p, first, depth, panels, panel, end, packed, 0);
    }
  }
}

static Index packedSize(Index columns, Index depth) {
  return (columns + LANES - 1) / LANES * LANES * depth;
}

/// Packs all of B in the order in which `multiplyPacked` reads it.
static void packAll(const Source *s, Index columns, Index depth, float *packed) {
  Cut panels = panelsOf(columns), depths = depthsOf(depth);
  for (Index panel = 0; panel < panels.count; panel += BLOCK_PANELS) {
    Index end = smaller(panel + BLOCK_PANELS, panels.count);
    for (Index block = 0; block < depths.count; block++) {
      Index first = cutAt(depths, block);
      packed = packBlock(s, first, cutAt(depths, block + 1) - first, columns, panels, panel, end, packed);
    }
  }
}

/// The product with a B that `packAll` has packed, with the bits of `multiply`.
static void multiplyPacked(const Product *p, const float *packed) {
  Cut panels = panelsOf(p->columns), depths = depthsOf(p->depth);
  for (Index panel = 0; panel < panels.count; panel += BLOCK_PANELS) {
    Index end = smaller(panel + BLOCK_PANELS, panels.count);
    Index vectors = cutAt(panels, end) - cutAt(panels, panel);
    for (Index block = 0; block < depths.count; block++) {
      Index first = cutAt(depths, block), depth = cutAt(depths, block + 1) - first;
      multiplyBlock(p, first, depth, panels, panel, end, packed, 0);
      packed += vectors * LANES * depth;
    }
  }
}
