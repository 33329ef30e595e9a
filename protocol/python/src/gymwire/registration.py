"""The ids under which `gymnasium.make` and `gymnasium.make_vec` know this package."""

from __future__ import annotations

from gymnasium.envs.registration import register, registry

PROCESS_ID = "gymwire/Process-v0"


def register_ids() -> None:
    """Register `gymwire/Process-v0`. Doing it twice is fine."""
    if PROCESS_ID not in registry:
        register(
            PROCESS_ID,
            entry_point="gymwire.driving.process_env:ProcessEnv",
            vector_entry_point="gymwire.driving.process_vector_env:ProcessVectorEnv",
        )
