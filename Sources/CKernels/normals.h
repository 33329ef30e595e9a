// Normal numbers from even ones, two from each pair (Box & Muller 1958).

/// The sine and the cosine of t quarters of a turn, for 0 <= t < 4.
INLINE void sineAndCosine(Vector t, Vector *sine, Vector *cosine) {
  Vector shifted = t + ROUNDING_SHIFT;
  Vector x = (t - (shifted - ROUNDING_SHIFT)) * 0x1.921fb6p+0f;
  IntVector quarter = bitsOf(shifted) - bitsOf((Vector)ROUNDING_SHIFT);
  Vector square = x * x;
  // The Taylor series; below |x| = π/4 what follows is under 2^-29 of the sum.
  Vector s = multiplyAdd(square, (Vector)(1.0f / 362880), (Vector)(-1.0f / 5040));
  s = multiplyAdd(s, square, (Vector)(1.0f / 120));
  s = multiplyAdd(s, square, (Vector)(-1.0f / 6));
  s = multiplyAdd(s * square, x, x);
  Vector c = multiplyAdd(square, (Vector)(-1.0f / 3628800), (Vector)(1.0f / 40320));
  c = multiplyAdd(c, square, (Vector)(-1.0f / 720));
  c = multiplyAdd(c, square, (Vector)(1.0f / 24));
  c = multiplyAdd(c, square, (Vector)-0.5f);
  c = multiplyAdd(c, square, (Vector)1.0f);
  IntVector isOdd = -(quarter & 1);
  *sine = floatOf(bitsOf(choose(isOdd, c, s)) ^ ((quarter & 2) << 30));
  *cosine = floatOf(bitsOf(choose(isOdd, s, c)) ^ (((quarter + 1) & 2) << 30));
}

static void normals(const float *uniforms, Index pairs, float *output) {
  for (Index i = 0; i < pairs; i += LANES) {
    Index left = pairs - i;
    Vector first = loadUpTo(uniforms + i, left), second = loadUpTo(uniforms + pairs + i, left);
    // Lanes beyond the last pair hold 0, whose logarithm is no number, and are not stored.
    Vector radius = __builtin_elementwise_sqrt(-2.0f * logVector(first));
    Vector sine, cosine;
    sineAndCosine(4.0f * second, &sine, &cosine);
    storeUpTo(output + i, radius * cosine, left);
    storeUpTo(output + pairs + i, radius * sine, left);
  }
}
