"""How some rows of a vector environment are reset within a step, when it does not do that by itself.

Gymnasium's vector environments reset on the *next* step by default, which takes a step away from the agent and does not
cross the wire. Those that know `options={"reset_mask": ...}` can be told to reset at once. Of the two kinds in
Gymnasium that know nothing but NextStep, the state is public, and the functions below make the same draws that their
own reset on the next step would have made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from gymnasium.envs.classic_control.cartpole import CartPoleVectorEnv
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv

from gymwire.errors import GymwireError

Resetter = Callable[[VectorEnv, np.ndarray, Any], tuple[Any, dict[str, Any]]]
"""Takes the environment, which rows to reset, and options; returns what a reset of all returns."""


def resetter_for(envs: VectorEnv) -> Resetter:
    """Return the function that resets rows of this environment.

    Raises:
        GymwireError: It resets on the next step and knows no other way.
    """
    inner = envs.unwrapped
    mode = inner.metadata.get("autoreset_mode")
    if isinstance(inner, (SyncVectorEnv, AsyncVectorEnv)) or mode in (AutoresetMode.DISABLED, "Disabled"):
        return _by_mask
    if envs is inner and isinstance(inner, CartPoleVectorEnv):
        return _cart_pole
    if envs is inner and any(kind.__name__ == "FunctionalJaxVectorEnv" for kind in type(inner).__mro__):
        return _functional
    raise GymwireError(
        f"{type(envs).__name__} resets its sub-environments on the next step and cannot be told to do it at once, "
        "which the protocol needs: leave out --vector to step ordinary environments, or give it the autoreset mode "
        "SameStep or Disabled"
    )


def _by_mask(envs: VectorEnv, rows: np.ndarray, options: Any) -> tuple[Any, dict[str, Any]]:
    return envs.reset(options={**(options or {}), "reset_mask": rows})


def _cart_pole(envs: Any, rows: np.ndarray, options: Any) -> tuple[Any, dict[str, Any]]:
    low, high = (options or {}).get("low", envs.low), (options or {}).get("high", envs.high)
    envs.state[:, rows] = envs.np_random.uniform(low=low, high=high, size=(4, rows.sum()))
    envs.steps[rows] = 0
    envs.prev_done[rows] = False
    return envs.state.T.astype(np.float32), {}


def _functional(envs: Any, rows: np.ndarray, options: Any) -> tuple[Any, dict[str, Any]]:
    from jax import random

    which = np.flatnonzero(rows)
    key, envs.rng = random.split(envs.rng)
    fresh = envs.func_env.initial(random.split(key, len(which)))
    envs.state = envs.state.at[which].set(fresh)
    envs.steps = envs.steps.at[which].set(0)
    envs.prev_done = envs.prev_done.at[which].set(False)
    return envs.func_env.observation(envs.state, random.split(envs.rng, envs.num_envs)), {}
