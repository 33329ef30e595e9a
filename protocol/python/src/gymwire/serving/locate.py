"""From what a person typed to an environment: ids, `module:Env-v0` and `pkg.mod:Class`, with words that help."""

from __future__ import annotations

import difflib
import importlib
import re
import sys
from collections.abc import Callable
from typing import Any

import gymnasium as gym
from gymnasium.envs.registration import VectorizeMode, registry
from gymnasium.vector import AutoresetMode, VectorEnv

from gymwire.errors import GymwireError
from gymwire.serving.env_kinds import required_env

_VERSIONED = re.compile(r"[\w/.:-]+-v\d+")


def load_modules(names: list[str]) -> None:
    """Import modules that register environments. Raises GymwireError when one cannot be imported."""
    for name in names:
        _module(name)


def environment_maker(name: str, kwargs: dict[str, Any]) -> Callable[[str | None], gym.Env]:
    """Return a function that makes the environment in a render mode.

    Args:
        name: A registered id, `module:Env-v0` (the module is imported first), or `pkg.mod:Class`.
        kwargs: What its constructor gets.

    Raises:
        GymwireError: There is no such environment; the message says what to install or which names are near.
    """
    creator = _creator(name)
    env_id = name.rpartition(":")[2]  # the module before the colon has been imported
    if creator is None:
        _check_id(env_id)

    def make(render_mode: str | None) -> gym.Env:
        arguments = kwargs if render_mode is None else {**kwargs, "render_mode": render_mode}
        try:
            if creator is not None:
                env = creator(**arguments)
            else:
                env = gym.make(env_id, disable_env_checker=True, **arguments)
        except (gym.error.DependencyNotInstalled, ImportError) as error:
            raise GymwireError(f"{name} needs a package that is not installed. {error}") from error
        except gym.error.UnregisteredEnv as error:
            raise GymwireError(f"{error}{_near(name)}") from error
        return required_env(env, name)

    return make


def is_class(name: str) -> bool:
    """Return whether a name is `pkg.mod:Class`, and not an id."""
    return _creator(name) is not None


def vector_maker(name: str, kwargs: dict[str, Any]) -> Callable[[int, str | None], VectorEnv]:
    """Return a function that makes the native vector environment of a name, with a reset on the same step if it can."""
    creator = _creator(name)

    def make(count: int, render_mode: str | None) -> VectorEnv:
        arguments = kwargs if render_mode is None else {**kwargs, "render_mode": render_mode}
        if creator is not None:
            made = _same_step(lambda **more: creator(num_envs=count, **arguments, **more))
        else:
            mode = VectorizeMode.VECTOR_ENTRY_POINT
            made = _same_step(lambda **more: gym.make_vec(name.rpartition(":")[2], count, mode, **arguments, **more))
        if not isinstance(made, VectorEnv):
            raise GymwireError(f"{name} made a {type(made).__name__}, which is no gymnasium.vector.VectorEnv")
        return made

    return make


def _same_step(make: Callable[..., VectorEnv]) -> VectorEnv:
    try:
        return make(autoreset_mode=AutoresetMode.SAME_STEP)
    except TypeError as error:
        if "autoreset_mode" not in str(error):
            raise
        return make()


def _creator(name: str) -> Callable[..., Any] | None:
    """Return what `pkg.mod:Class` names, or None where the name is an id."""
    module_name, colon, attribute = name.partition(":")
    if not colon:
        return None
    module = _module(module_name)
    found: Any = module
    for part in attribute.split("."):
        found = getattr(found, part, None)
    if callable(found):
        return found
    if attribute in registry or _VERSIONED.fullmatch(attribute):
        return None
    callables = [key for key, value in vars(module).items() if isinstance(value, type)]
    near = difflib.get_close_matches(attribute, callables, cutoff=0.4)
    raise GymwireError(f"module {module_name} has no {attribute}" + (f"; it has {', '.join(near)}" if near else ""))


def _check_id(name: str) -> None:
    try:
        gym.spec(name)
    except ImportError as error:
        raise GymwireError(f"{name} needs a module that cannot be imported. {error}") from error
    except gym.error.Error as error:
        raise GymwireError(f"{error}{_near(name)}") from error


def _near(name: str) -> str:
    wanted = name.rpartition(":")[2]
    bare = {re.sub(r"-v\d+$", "", key).lower(): key for key in registry}
    hits = difflib.get_close_matches(re.sub(r"-v\d+$", "", wanted).lower(), bare, n=3, cutoff=0.5)
    near = [bare[hit] for hit in hits]
    hint = f" Near names: {', '.join(near)}." if near else ""
    return f"{hint} Is a package missing, or --import of the module that registers it?"


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or name
        raise GymwireError(
            f"there is no module {missing}: install the package that has it "
            f"({sys.executable} -m pip install {missing.partition('.')[0]}), "
            "or start this from the folder that it is in"
        ) from error
