"""Gymnasium environments behind a pipe, and programs behind a pipe as Gymnasium environments.

    env = gymwire.make("./cartpole-server")               a gymnasium.Env
    envs = gymwire.make_vec("./cartpole-server", 32)      a gymnasium.vector.VectorEnv
    gymwire.serve(MyEnv)                                  the other way round

Importing this package registers `gymwire/Process-v0` with Gymnasium. Only `python -m gymwire`, which must have
the protocol's descriptors to itself before Gymnasium or anything else that could print is imported, does not.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

from gymwire.version import VERSION as __version__

if TYPE_CHECKING:
    from gymwire.driving.make import make, make_vec
    from gymwire.driving.process_env import ProcessEnv
    from gymwire.driving.process_vector_env import ProcessVectorEnv
    from gymwire.errors import (
        BadOptions,
        BadValue,
        GymwireError,
        GymwireWarning,
        ProcessError,
        ProcessTimeout,
        ProtocolError,
        ServerError,
        UnsupportedSpace,
    )
    from gymwire.policies.policy import Policy
    from gymwire.serving.serve import serve

_HOMES = {
    "make": "gymwire.driving.make",
    "make_vec": "gymwire.driving.make",
    "ProcessEnv": "gymwire.driving.process_env",
    "ProcessVectorEnv": "gymwire.driving.process_vector_env",
    "Policy": "gymwire.policies.policy",
    "serve": "gymwire.serving.serve",
    "BadOptions": "gymwire.errors",
    "BadValue": "gymwire.errors",
    "GymwireError": "gymwire.errors",
    "GymwireWarning": "gymwire.errors",
    "ProcessError": "gymwire.errors",
    "ProcessTimeout": "gymwire.errors",
    "ProtocolError": "gymwire.errors",
    "ServerError": "gymwire.errors",
    "UnsupportedSpace": "gymwire.errors",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'gymwire' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


# While Python looks for the module of `python -m ...`, sys.argv[0] is "-m".
if sys.argv[:1] != ["-m"]:
    from gymwire.registration import register_ids

    register_ids()
