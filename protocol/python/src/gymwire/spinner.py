"""Looking at a pipe some times before going to sleep over it, as long as that helps."""

from __future__ import annotations

import os
import select
import time

_PATIENCE = 100_000  # nanoseconds: a few times what being woken on another processor costs, and a Python answer takes
_GREATEST_DEBT = 64
_DEBT_OF_WAIT = 16
_DEBT_AFTER_REST = 32
_SHORTEST_REST = 1 << 26  # nanoseconds
_LONGEST_REST = 1 << 31

_clock = time.monotonic_ns
_let_others_run = getattr(os, "sched_yield", lambda: None)


class Spinner:
    """Waits awake for a fast partner.

    Being woken takes a process longer than a fast partner takes for its answer. With a slow one, or on one processor,
    or where other programs need the processors, looking only burns time. So others are let run between two looks (the
    partner may be one of them), and waits in vain make a debt that waits in time pay back. When it is too large there
    is a rest, which ends at a multiple of a power of two of the machine's clock, so that both sides of a pipe begin to
    look again at the same time: one alone gains little by it.

    Args:
        descriptor: The pipe.
    """

    def __init__(self, descriptor: int) -> None:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        self._look = poll.poll
        self._debt = 0
        self._rest = _SHORTEST_REST
        self._rest_end = 0
        self._is_alone = _processors() < 2

    def has_come(self) -> bool:
        """Look for a while, if that is worth trying, and return whether something has come."""
        if self._is_alone or (self._rest_end and not self._has_rested()):
            return False
        look = self._look
        end = _clock() + _PATIENCE
        while True:
            found = bool(look(0))
            if _clock() >= end:
                self._owe()
                return found
            if found:
                if self._debt:
                    self._pay_back()
                return True
            _let_others_run()

    def _pay_back(self) -> None:
        self._debt -= 1
        if not self._debt:
            self._rest = _SHORTEST_REST

    def _owe(self) -> None:
        self._debt += _DEBT_OF_WAIT
        if self._debt > _GREATEST_DEBT:
            self._rest_end = (_clock() // self._rest + 1) * self._rest
            self._rest = min(2 * self._rest, _LONGEST_REST)

    def _has_rested(self) -> bool:
        if _clock() < self._rest_end:
            return False
        self._rest_end, self._debt = 0, _DEBT_AFTER_REST
        return True


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
