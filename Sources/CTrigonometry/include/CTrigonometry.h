/* Sine and cosine of one angle, found together where the C library can do that.
 *
 * Their bits are those of sin() and cos(): glibc, musl and Darwin compute both from one reduction of the same angle.
 * Swift's modules of the C libraries do not show the function. */
#ifndef CTRIGONOMETRY_H
#define CTRIGONOMETRY_H

#if defined(__APPLE__)
void __sincos(double angle, double *sine, double *cosine);
#define CTRIGONOMETRY_BOTH __sincos
#else
void sincos(double angle, double *sine, double *cosine);
#define CTRIGONOMETRY_BOTH sincos
#endif

static inline void ctrigonometry_sine_and_cosine(double angle, double *sine, double *cosine) {
  CTRIGONOMETRY_BOTH(angle, sine, cosine);
}

#endif
