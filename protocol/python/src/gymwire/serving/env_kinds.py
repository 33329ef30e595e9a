"""Whether what a function made is an environment that can be served, and what to do where it is another kind."""

from __future__ import annotations

from typing import Any

import gymnasium as gym
from gymnasium.vector import VectorEnv

from gymwire.errors import GymwireError

AS_FUNCTION = "write a function that returns the wrapped environment, and serve it as module:function"
"""The way out wherever a wrapper would help."""

_WRAPPERS = {
    "gym": f"an environment of the old gym: shimmy.GymV21CompatibilityV0(env=...) or GymV26CompatibilityV0 (package "
    f"shimmy) makes it one of Gymnasium; {AS_FUNCTION}",
    "pettingzoo": f"an environment of several agents: wrap it so that one of them is the agent and the others belong "
    f"to the world; {AS_FUNCTION}",
    "dm_env": f"an environment of dm_env: shimmy.DmControlCompatibilityV0 or a wrapper of your own makes it one of "
    f"Gymnasium; {AS_FUNCTION}",
}


def required_env(made: Any, name: str) -> gym.Env:
    """Return what was made if it is a gymnasium.Env. Raises GymwireError, which names what else it is."""
    if isinstance(made, gym.Env):
        return made
    what = f"{name} made a {type(made).__name__}, which is no gymnasium.Env"
    if isinstance(made, VectorEnv):
        raise GymwireError(f"{what} but a vector environment: serve it with --vector")
    for kind in type(made).__mro__:
        hint = _WRAPPERS.get(kind.__module__.partition(".")[0])
        if hint:
            raise GymwireError(f"{what} but {hint}")
    if hasattr(made, "reset") and hasattr(made, "step"):
        raise GymwireError(f"{what}: derive it from gymnasium.Env, or wrap it in one; {AS_FUNCTION}")
    raise GymwireError(what)
