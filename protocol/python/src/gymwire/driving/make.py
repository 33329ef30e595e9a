"""The two functions that most people need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gymwire.driving.process_env import ProcessEnv
from gymwire.driving.process_vector_env import ProcessVectorEnv


def make(cmd: str | Sequence[str], **options: Any) -> ProcessEnv:
    """Start a server and return it as a `gymnasium.Env`.

    Args:
        cmd: The server's command, such as `"./cartpole-server"`.
        options: `render_mode`, `timeout`, `startup_timeout`, `b64`, `cwd`, `env`, `stderr`, `max_line`: `ProcessEnv`'s.
    """
    return ProcessEnv(cmd, **options)


def make_vec(cmd: str | Sequence[str], num_envs: int, **options: Any) -> ProcessVectorEnv:
    """Start a server and return its N sub-environments as a `gymnasium.vector.VectorEnv`.

    Args:
        cmd: The server's command.
        num_envs: How many sub-environments it shall host.
        options: As for `make`, and `restarts` and `restart_delay`: how often and how soon a server that fails is
            started anew.
    """
    return ProcessVectorEnv(cmd, num_envs, **options)
