"""Multiplies matrices with NumPy's BLAS on one thread: one line in, the seconds it took out.

usage: matrix_peer.py ROWS INPUTS OUTPUTS
Each line of standard input is a number of products; the reply is the time that they took. The first line written tells
the version of what is measured.
"""

import os
import sys
import time

for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ[name] = "1"

import numpy


def main():
    rows, inputs, outputs = map(int, sys.argv[1:4])
    generator = numpy.random.default_rng(0)
    x = generator.standard_normal((rows, inputs), dtype=numpy.float32)
    weights = generator.standard_normal((outputs, inputs), dtype=numpy.float32)
    y = numpy.empty((rows, outputs), dtype=numpy.float32)
    print(f"NumPy {numpy.__version__}", flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        for _ in range(int(line)):
            numpy.matmul(x, weights.T, out=y)
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
