// exp, log and tanh of a vector, each within 1.6 units in the last place.
//
// exp and tanh write x = n·ln 2 + r with |r| <= ln 2 / 2 and e^r - 1 = r + r²q(r), where q is the polynomial of degree 5
// whose largest relative error in e^r - 1 is least (2.4e-10).

/// n as an integer in the low bits, found by adding 1.5·2²³, which leaves no bits for a fraction.
#define ROUNDING_SHIFT 0x1.8p23f

typedef struct {
  Vector minusOne;  // e^r - 1
  IntVector power;  // n
} Exponential;

INLINE Exponential exponential(Vector x) {
  Vector shifted = multiplyAdd(x, (Vector)0x1.715476p+0f, (Vector)ROUNDING_SHIFT);
  Vector n = shifted - ROUNDING_SHIFT;
  // ln 2 in two parts, of which the first has few enough bits that n times it is exact.
  Vector r = multiplyAdd(n, (Vector)-0x1.62e4p-1f, x);
  r = multiplyAdd(n, (Vector)-0x1.7f7d1cp-20f, r);
  Vector q = multiplyAdd(r, (Vector)0x1.a032c2p-13f, (Vector)0x1.6d7226p-10f);
  q = multiplyAdd(q, r, (Vector)0x1.11118ap-7f);
  q = multiplyAdd(q, r, (Vector)0x1.5554b2p-5f);
  q = multiplyAdd(q, r, (Vector)0x1.555554p-3f);
  q = multiplyAdd(q, r, (Vector)0.5f);
  Exponential result = {multiplyAdd(r * r, q, r), bitsOf(shifted) - bitsOf((Vector)ROUNDING_SHIFT)};
  return result;
}

/// 2 to the power n, for -126 <= n <= 127.
INLINE Vector powerOfTwo(IntVector n) {
  return floatOf((n + 127) << 23);
}

INLINE Vector expVector(Vector x) {
  // Beyond these the result is infinite or zero; NaN fails both comparisons and stays.
  Vector bounded = choose(x > 89.0f, (Vector)89.0f, x);
  bounded = choose(bounded < -104.0f, (Vector)-104.0f, bounded);
  Exponential e = exponential(bounded);
  // In two factors, since 2^n alone is out of range at both ends.
  IntVector half = e.power >> 1;
  Vector first = powerOfTwo(half);
  return multiplyAdd(e.minusOne, first, first) * powerOfTwo(e.power - half);
}

/// Below 0.3, x + x³·R(x²) with R the cubic whose largest relative error is least (1.1e-10); above, t / (t + 2) with
/// t = e^(2|x|) - 1, which alone would lose up to 2.4 units in the last place near zero.
INLINE Vector tanhVector(Vector x) {
  IntVector sign = bitsOf(x) & INT32_MIN;
  Vector magnitude = floatOf(bitsOf(x) ^ sign);
  // From 9.02 on the result rounds to 1; NaN fails the comparisons and stays.
  Vector bounded = choose(magnitude > 9.1f, (Vector)9.1f, magnitude);
  Exponential e = exponential(bounded + bounded);
  Vector scale = powerOfTwo(e.power);
  Vector t = multiplyAdd(e.minusOne, scale, scale - 1.0f);
  Vector large = t / (t + 2.0f);

  Vector square = magnitude * magnitude;
  Vector r = multiplyAdd(square, (Vector)0x1.484676p-6f, (Vector)-0x1.b8fee4p-5f);
  r = multiplyAdd(r, square, (Vector)0x1.110ef8p-3f);
  r = multiplyAdd(r, square, (Vector)-0x1.555552p-2f);
  Vector small = multiplyAdd(r * square, magnitude, magnitude);

  return floatOf(bitsOf(choose(magnitude < 0.3f, small, large)) | sign);
}

/// The natural logarithm of finite, normal, positive numbers.
///
/// x = 2^k·m with m in [√½, √2), and ln m = 2 artanh s with s = (m - 1) / (m + 1).
INLINE Vector logVector(Vector x) {
  IntVector bits = bitsOf(x) - bitsOf((Vector)0x1.6a09e6p-1f);
  IntVector k = bits >> 23;
  Vector m = floatOf((bits & 0x7FFFFF) + bitsOf((Vector)0x1.6a09e6p-1f));
  Vector exponent = __builtin_convertvector(k, Vector);
  Vector f = m - 1.0f;
  Vector s = f / (m + 1.0f);
  Vector square = s * s;
  // The series of artanh; the next term is below 2^-30 of the sum.
  Vector series = multiplyAdd(square, (Vector)(1.0f / 9), (Vector)(1.0f / 7));
  series = multiplyAdd(series, square, (Vector)(1.0f / 5));
  series = multiplyAdd(series, square, (Vector)(1.0f / 3));
  series *= square;
  // ln m = f - s·(f - 2·series): the large part f is exact.
  Vector correction = s * (f - 2.0f * series);
  Vector low = multiplyAdd(exponent, (Vector)0x1.7f7d1cp-20f, -correction);
  return multiplyAdd(exponent, (Vector)0x1.62e4p-1f, f + low);
}
