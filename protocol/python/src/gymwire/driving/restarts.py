"""Starting a server anew when it has died, hung or broken the protocol (SPEC 3.7, 6.13)."""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np

from gymwire.errors import BadValue, GymwireError, GymwireWarning, ProcessError, ProtocolError, ServerError
from gymwire.number_lists import show

_LONGEST_DELAY = 60.0
_PROOF = 10.0
"""A process that has lived for so many seconds was all right."""


class Restarts:
    """How often a server may be started anew, and how soon.

    Args:
        limit: How often.
        delay: How many seconds to wait before the first restart. Each next one waits twice as long, up to a minute,
            until a process has lived for ten seconds.
    """

    def __init__(self, limit: int = 0, delay: float = 0.1) -> None:
        if type(limit) is not int or limit < 0:
            raise BadValue(f"restarts is {show(limit)}, and must be an integer from 0 on")
        if isinstance(delay, bool) or not isinstance(delay, (int, float)) or not 0 <= delay <= _LONGEST_DELAY:
            raise BadValue(f"restart_delay is {show(delay)}, and must be a number of seconds from 0 to 60")
        self.limit, self.delay = limit, float(delay)
        self.count = 0
        """How many there have been."""
        self._seed: int | None = None
        self._next_delay = self.delay
        self._started = time.monotonic()

    def note_reset(self, seed: Any) -> None:
        """Remember the seed of a reset of all, on which those of later processes depend."""
        self._seed = seed if type(seed) is int else None

    def prepare(self, error: GymwireError) -> bool:
        """Wait for the next restart, and return whether there may be one after this error."""
        # A server that refuses what it is asked is all right, and another would refuse it too.
        is_failure = isinstance(error, (ProcessError, ProtocolError)) or (
            isinstance(error, ServerError) and error.code in ("env_error", "internal", "busy")
        )
        if not is_failure or self.count >= self.limit:
            return False
        self.count += 1
        text = f"{error}\nIt is started anew (restart {self.count} of {self.limit}), and its episodes are cut."
        warnings.warn(text, GymwireWarning, stacklevel=5)
        if time.monotonic() - self._started > _PROOF:
            self._next_delay = self.delay
        time.sleep(self._next_delay)
        self._next_delay = min(2 * self._next_delay, _LONGEST_DELAY)
        self._started = time.monotonic()
        return True

    def seed(self) -> int | None:
        """Return the seed for the process that has just been started; None where no seed was given."""
        if self._seed is None:
            return None
        words = np.random.SeedSequence([self._seed, self.count]).generate_state(1, np.uint64)
        return int(words[0]) >> 16  # with room for the number of the sub-environment below 2^53
