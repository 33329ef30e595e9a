/* Functions of the C library, with the bits that the library gives them. */
#ifndef CLIBRARYMATH_H
#define CLIBRARYMATH_H

/* Sine and cosine of one angle, found together where the C library can do that.
 *
 * Their bits are those of sin() and cos(): glibc, musl and Darwin compute both from one reduction of the same angle.
 * Swift's modules of the C libraries do not show the function. */
#if defined(__APPLE__)
void __sincos(double angle, double *sine, double *cosine);
#define CLIBRARYMATH_BOTH __sincos
#else
void sincos(double angle, double *sine, double *cosine);
#define CLIBRARYMATH_BOTH sincos
#endif

static inline void clibrarymath_sine_and_cosine(double angle, double *sine, double *cosine) {
  CLIBRARYMATH_BOTH(angle, sine, cosine);
}

/* pow(x, 2) and powf(x, 2) of the library, which compilers replace by x * x: of a thousand numbers about one has another
 * last bit. */
double clibrarymath_square(double x);
float clibrarymath_square_of_float(float x);

#endif
