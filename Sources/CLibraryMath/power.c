#include "CLibraryMath.h"

#include <math.h>

/* A compiler cannot know which function is called. */
static double (*volatile power)(double, double) = pow;
static float (*volatile power_of_float)(float, float) = powf;

double clibrarymath_square(double x) { return power(x, 2); }

float clibrarymath_square_of_float(float x) { return power_of_float(x, 2); }
