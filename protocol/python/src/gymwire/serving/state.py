"""The state of an episode, as a text for the wire and back (SPEC 15.5, 15.6).

An environment that can be kept has two methods: `snapshot()` returns what its episode is made of, as plain JSON, and
`restore(state)` takes that again. Its random numbers, `np_random`, and the count of Gymnasium's time limit are kept here.
"""

from __future__ import annotations

import json
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.wrappers import OrderEnforcing, PassiveEnvChecker, TimeLimit

from gymwire.errors import BadValue
from gymwire.plain_json import plain

# What any other wrapper keeps of an episode is not known.
_KNOWN = (TimeLimit, OrderEnforcing, PassiveEnvChecker)


def is_kept(env: gym.Env) -> bool:
    """Return whether an environment can be kept, with all that is wrapped around it."""
    while isinstance(env, gym.Wrapper):
        if type(env) not in _KNOWN:
            return False
        env = env.env
    return callable(getattr(env, "snapshot", None)) and callable(getattr(env, "restore", None))


def to_text(env: gym.Env) -> str:
    """Return the state of an episode that is running."""
    inner: Any = env.unwrapped
    counts = [wrapper._elapsed_steps for wrapper in _wrappers(env, TimeLimit)]
    return json.dumps([plain({"state": inner.snapshot()})["state"], inner.np_random.bit_generator.state, counts])


def from_text(env: gym.Env, text: str) -> None:
    """Put an environment where its state was kept. Raises BadValue, and nothing has changed, if that cannot be."""
    inner: Any = env.unwrapped
    try:
        state, rolls, counts = json.loads(text)
        numbers = np.random.Generator(type(inner.np_random.bit_generator)())
        numbers.bit_generator.state = rolls
        limits = _wrappers(env, TimeLimit)
        if len(counts) != len(limits) or not all(type(count) is int and count >= 0 for count in counts):
            raise ValueError(f"it counts {counts}")
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadValue(f"the state cannot be read: {error}") from None
    # Without a first reset there is nothing to go back to.
    before = inner.snapshot() if all(wrapper.has_reset for wrapper in _wrappers(env, OrderEnforcing)) else None
    try:
        inner.restore(state)
    except Exception as error:
        if before is not None:
            inner.restore(before)
        raise BadValue(f"the environment does not take the state: {error!r}") from error
    inner.np_random = numbers
    for wrapper, count in zip(limits, counts, strict=True):
        wrapper._elapsed_steps = count
    for wrapper in _wrappers(env, OrderEnforcing):
        wrapper._has_reset = True


def _wrappers(env: Any, kind: type) -> list[Any]:
    found = []
    while isinstance(env, gym.Wrapper):
        if isinstance(env, kind):
            found.append(env)
        env = env.env
    return found
