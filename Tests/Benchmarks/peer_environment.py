"""The environment variables of a peer: one thread, and nothing that hides how fast this processor is."""

import os

# What somebody has set for other programs; OpenBLAS would take the processor for an older one.
LIMITS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def one_thread():
    """Those of this process, changed for a peer."""
    return {name: value for name, value in os.environ.items() if name not in LIMITS} | dict.fromkeys(THREADS, "1")
