#ifndef VARIANTS_H
#define VARIANTS_H

#include "CKernels.h"

extern const KernelTable kernelsPortable;
#if defined(__x86_64__)
extern const KernelTable kernelsAVX2;
extern const KernelTable kernelsAVX512;
#endif

#endif
