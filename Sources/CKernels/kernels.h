// The kernels, written once over vectors of LANES floats and compiled by each variant's file. A variant defines LANES,
// TILE_ROWS, TILE_VECTORS, DEPTH_BLOCK, HAS_FUSED_MULTIPLY_ADD and TABLE, and then includes this, once; so there is no
// include guard.

#include "variants.h"

#pragma STDC FP_CONTRACT OFF

#include "vectors.h"
#include "elementary.h"
#include "elementwise.h"
#include "transpose.h"
#include "tiles.h"
#include "packing.h"
#include "blocks.h"
#include "columns.h"
#include "narrow.h"
#include "affine.h"
#include "gradients.h"
#include "softmax.h"
#include "gaussian.h"
#include "normals.h"
#include "reductions.h"
#include "updates.h"

const KernelTable TABLE = {
  .packedCount = packedCount,
  .packAffine = packAffine,
  .affine = affine,
  .affineInputGradient = affineInputGradient,
  .accumulateAffineParameterGradient = accumulateAffineParameterGradient,
  .tanh = tanhAll,
  .tanhGradient = tanhGradient,
  .relu = relu,
  .reluGradient = reluGradient,
  .exp = expAll,
  .logSoftmax = logSoftmax,
  .squashedSample = squashedSample,
  .squashedGradient = squashedGradient,
  .normals = normals,
  .sum = sum,
  .dot = dot,
  .sumOfSquares = sumOfSquares,
  .accumulate = accumulate,
  .moveTowards = moveTowards,
  .adamStep = adamStep,
};
