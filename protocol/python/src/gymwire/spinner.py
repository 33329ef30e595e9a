"""Looking at a pipe some times before going to sleep over it, as long as that helps."""

from __future__ import annotations

import os
import select

_LOOKS = 64  # about 20 microseconds: as long as it takes to be woken on another processor
_BEST = 32
_LOSS = 4
_REST = 500


class Spinner:
    """Waits awake for a fast partner.

    Being woken takes a process longer than a fast partner takes for its answer. With a slow one, or on one processor,
    or where other programs need the processors, looking only burns time. So attempts are scored, and after too many in
    vain there is a rest before the next.

    Args:
        descriptor: The pipe.
    """

    def __init__(self, descriptor: int) -> None:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        self._look = poll.poll
        self._score = _BEST
        self._rest = 0
        self._is_alone = _processors() < 2

    def has_come(self) -> bool:
        """Look for a while, if that is worth trying, and return whether something has come."""
        return not self._is_alone and self._is_worth_trying() and self._spin()

    def _is_worth_trying(self) -> bool:
        if self._score < 0:
            self._rest += 1
            if self._rest < _REST:
                return False
            self._rest, self._score = 0, _LOSS
        return True

    def _spin(self) -> bool:
        look = self._look
        for _ in range(_LOOKS):
            if look(0):
                self._score = min(self._score + 1, _BEST)
                return True
        self._score -= _LOSS
        return False


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
