#include "CLibraryMath.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* A compiler cannot know which function is called. */
static double (*volatile power)(double, double) = pow;
static float (*volatile power_of_float)(float, float) = powf;

#ifdef __GLIBC__

/* glibc's results are within 0.54 units in the last place (its sysdeps/ieee754/dbl-64/e_pow.c), and within 0.52 for floats.
 * So where x * x is within 0.45 of the exact square, it is the only number that they can be. So it is for nine numbers of
 * ten, and is found in a quarter of the time. */
#define SAFE 0.45

/* The exact x² - square, by Dekker's product; the parts of x have 26 bits. */
static double rounding_error(double x, double square) {
  double big = 0x1p27 * x + x;
  double high = big - (big - x), low = x - high;
  return ((high * high - square) + 2 * high * low) + low * low;
}

double clibrarymath_square(double x) {
  double square = x * x, unit;
  uint64_t bits;
  memcpy(&bits, &square, sizeof bits);
  uint64_t exponent = bits & (UINT64_C(0x7FF) << 52);
  memcpy(&unit, &exponent, sizeof unit);
  /* Below a power of two the units are half as large, and near the ends of the range the error is not exact. */
  if (square > 0x1p-900 && square < 0x1p900 && bits != exponent) {
    if (fabs(rounding_error(x, square)) < SAFE * 0x1p-52 * unit) return square;
  }
  return power(x, 2);
}

float clibrarymath_square_of_float(float x) {
  double exact = (double)x * x;
  float square = (float)exact, unit;
  uint32_t bits;
  memcpy(&bits, &square, sizeof bits);
  uint32_t exponent = bits & (UINT32_C(0xFF) << 23);
  memcpy(&unit, &exponent, sizeof unit);
  if (square > 0x1p-100f && square < 0x1p100f && bits != exponent) {
    if (fabs(exact - square) < SAFE * 0x1p-23 * unit) return square;
  }
  return power_of_float(x, 2);
}

#else

double clibrarymath_square(double x) { return power(x, 2); }

float clibrarymath_square_of_float(float x) { return power_of_float(x, 2); }

#endif
