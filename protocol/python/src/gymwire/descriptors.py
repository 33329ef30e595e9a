"""The descriptors that carry the protocol, kept away from everything that prints or reads by habit (SPEC 2.13)."""

from __future__ import annotations

import os
import sys

_secured: tuple[int, int] | None = None


def secure() -> tuple[int, int]:
    """Return private copies of descriptors 0 and 1, and point the public ones elsewhere.

    From then on whatever prints to standard output, from Python, from C or from a child process, prints to standard
    error, and whatever reads standard input finds it empty. The copies are not inherited by child processes. Nothing
    but `os` and `sys` is imported here, so this can run before anything else does. Calling it again gives the same
    pair.
    """
    global _secured
    if _secured is None:
        sys.stdout.flush()
        requests, replies = os.dup(0), os.dup(1)
        os.dup2(2, 1)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        # A pipe makes Python buffer in blocks, which would show a print long after it happened.
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        _secured = requests, replies
    return _secured
