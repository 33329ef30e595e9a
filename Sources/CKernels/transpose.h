// 4 × 4 blocks are transposed in registers, on every processor; the loops below take what is left over.

typedef float Quad __attribute__((ext_vector_type(4)));

INLINE Quad loadQuad(const float *source) {
  Quad result;
  memcpy(&result, source, sizeof result);
  return result;
}

INLINE void storeQuad(float *target, Quad value) {
  memcpy(target, &value, sizeof value);
}

/// columns[i] is column i of the four rows of four that begin at `rows`, `stride` apart.
INLINE void transposeQuads(const float *rows, Index stride, Quad columns[4]) {
  Quad a = loadQuad(rows), b = loadQuad(rows + stride);
  Quad c = loadQuad(rows + 2 * stride), d = loadQuad(rows + 3 * stride);
  Quad abLow = __builtin_shufflevector(a, b, 0, 4, 1, 5), abHigh = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  Quad cdLow = __builtin_shufflevector(c, d, 0, 4, 1, 5), cdHigh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  columns[0] = __builtin_shufflevector(abLow, cdLow, 0, 1, 4, 5);
  columns[1] = __builtin_shufflevector(abLow, cdLow, 2, 3, 6, 7);
  columns[2] = __builtin_shufflevector(abHigh, cdHigh, 0, 1, 4, 5);
  columns[3] = __builtin_shufflevector(abHigh, cdHigh, 2, 3, 6, 7);
}

/// target[j][i] = source[i][j], or += where `isAdding`, for `rows` rows i of `columns` columns j.
INLINE void transpose(
  const float *source, Index sourceStride, Index rows, Index columns, float *target, Index targetStride,
  const bool isAdding
) {
  Index i = 0;
  for (; i + 4 <= rows; i += 4) {
    Index j = 0;
    for (; j + 4 <= columns; j += 4) {
      Quad quads[4];
      transposeQuads(source + i * sourceStride + j, sourceStride, quads);
      for (int q = 0; q < 4; q++) {
        float *place = target + (j + q) * targetStride + i;
        storeQuad(place, isAdding ? loadQuad(place) + quads[q] : quads[q]);
      }
    }
    for (; j < columns; j++) {
      for (Index q = i; q < i + 4; q++) {
        float *place = target + j * targetStride + q;
        *place = (isAdding ? *place : 0) + source[q * sourceStride + j];
      }
    }
  }
  for (; i < rows; i++) {
    for (Index j = 0; j < columns; j++) {
      float *place = target + j * targetStride + i;
      *place = (isAdding ? *place : 0) + source[i * sourceStride + j];
    }
  }
}
