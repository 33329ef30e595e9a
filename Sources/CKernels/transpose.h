// 8 × 8 blocks are transposed in registers where a vector has as many lanes, and 4 × 4 blocks on every processor; the
// loops below take what is left over.

typedef float Quad __attribute__((ext_vector_type(4)));
typedef float Octet __attribute__((ext_vector_type(8)));

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

#if LANES >= 8

INLINE Octet loadOctet(const float *low, const float *high) {
  Quad a = loadQuad(low), b = loadQuad(high);
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7);
}

/// Four columns of eight rows, `stride` apart, from the four columns at `rows`: octet q is column q.
INLINE void transposeHalfOctets(const float *rows, Index stride, Octet columns[4]) {
  Octet a = loadOctet(rows, rows + 4 * stride), b = loadOctet(rows + stride, rows + 5 * stride);
  Octet c = loadOctet(rows + 2 * stride, rows + 6 * stride), d = loadOctet(rows + 3 * stride, rows + 7 * stride);
  Octet abLow = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);
  Octet abHigh = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15);
  Octet cdLow = __builtin_shufflevector(c, d, 0, 8, 1, 9, 4, 12, 5, 13);
  Octet cdHigh = __builtin_shufflevector(c, d, 2, 10, 3, 11, 6, 14, 7, 15);
  columns[0] = __builtin_shufflevector(abLow, cdLow, 0, 1, 8, 9, 4, 5, 12, 13);
  columns[1] = __builtin_shufflevector(abLow, cdLow, 2, 3, 10, 11, 6, 7, 14, 15);
  columns[2] = __builtin_shufflevector(abHigh, cdHigh, 0, 1, 8, 9, 4, 5, 12, 13);
  columns[3] = __builtin_shufflevector(abHigh, cdHigh, 2, 3, 10, 11, 6, 7, 14, 15);
}

#endif

/// target[j][i] = source[i][j], or += where `isAdding`, for `rows` rows i of `columns` columns j.
INLINE void transpose(
  const float *source, Index sourceStride, Index rows, Index columns, float *target, Index targetStride,
  const bool isAdding
) {
  Index i = 0;
#if LANES >= 8
  for (; i + 8 <= rows && !isAdding; i += 8) {
    Index j = 0;
    for (; j + 4 <= columns; j += 4) {
      Octet octets[4];
      transposeHalfOctets(source + i * sourceStride + j, sourceStride, octets);
      for (int q = 0; q < 4; q++) memcpy(target + (j + q) * targetStride + i, &octets[q], sizeof octets[q]);
    }
    for (; j < columns; j++) {
      for (Index q = i; q < i + 8; q++) target[j * targetStride + q] = source[q * sourceStride + j];
    }
  }
#endif
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
