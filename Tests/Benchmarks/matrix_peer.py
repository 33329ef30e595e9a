"""Multiplies matrices with NumPy's BLAS on one thread: one line in, the seconds it took out.

usage: matrix_peer.py ROWS INPUTS OUTPUTS PRODUCT [CORE]
PRODUCT is one of a dense layer's: forward, inputGradient or weightGradient. CORE is the processor that OpenBLAS is to
take this one for; without it, OpenBLAS looks for itself. Each line of standard input is a number of products; the reply
is the time that they took. The first line written tells the version of what is measured.
"""

import os
import sys
import time

from peer_environment import LIMITS, one_thread

# NumPy reads them when it is imported.
os.environ.update(one_thread())
for name in LIMITS:
    os.environ.pop(name, None)
if len(sys.argv) > 5:
    os.environ["OPENBLAS_CORETYPE"] = sys.argv[5]

import numpy


def main():
    rows, inputs, outputs = map(int, sys.argv[1:4])
    generator = numpy.random.default_rng(0)
    x = generator.standard_normal((rows, inputs), dtype=numpy.float32)
    weights = generator.standard_normal((outputs, inputs), dtype=numpy.float32)
    y = generator.standard_normal((rows, outputs), dtype=numpy.float32)
    left, right = {
        "forward": (x, weights.T),
        "inputGradient": (y, weights),
        "weightGradient": (y.T, x),
    }[sys.argv[4]]
    result = numpy.empty((left.shape[0], right.shape[1]), dtype=numpy.float32)
    core = f", as {sys.argv[5]}" if len(sys.argv) > 5 else ""
    print(f"NumPy {numpy.__version__}{core}", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            numpy.matmul(left, right, out=result)
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
