// Matrices laid out as the tiles read them: panel after panel of columns, each depth × (its vectors · LANES), so that the
// innermost loop reads memory in order and no two of its rows compete for the same place in a cache.

typedef struct {
  const float *data;
  Index stride;
  bool isTransposed;  // element (d, j) is data[j * stride + d], and otherwise data[d * stride + j]
} Source;

/// `columns` columns from `column` on, `depth` deep from `first` on, in whole vectors; the lanes left over are zero.
INLINE void packPanel(const Source *s, Index first, Index depth, Index column, Index columns, float *packed) {
  Index width = (columns + LANES - 1) / LANES * LANES;
  if (s->isTransposed) {
    transpose(s->data + column * s->stride + first, s->stride, columns, depth, packed, width, false);
    for (Index j = columns; j < width; j++) {
      for (Index d = 0; d < depth; d++) packed[d * width + j] = 0;
    }
    return;
  }
  const float *source = s->data + first * s->stride + column;
  for (Index d = 0; d < depth; d++) {
    for (Index j = 0; j < width; j += LANES) {
      store(packed + d * width + j, loadUpTo(source + d * s->stride + j, columns - j));
    }
  }
}
