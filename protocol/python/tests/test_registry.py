"""Every environment of Gymnasium's registry that can be made here comes through the pipe unchanged."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from conftest import cannot_run, serve
from gymnasium.utils.env_checker import data_equivalence

import gymwire
from gymwire.plain_json import plain

STEPS = 60


def ids() -> list[str]:
    """Return the newest version of each environment of Gymnasium's own, and some of ALE's where it is installed."""
    newest: dict[tuple, str] = {}
    for name, spec in sorted(gym.registry.items(), key=lambda item: item[1].version or 0):
        if spec.namespace in (None, "phys2d", "tabular") and str(spec.entry_point).startswith("gymnasium.envs"):
            newest[spec.namespace, spec.name] = name
    chosen = sorted(newest.values())
    try:
        import ale_py

        gym.register_envs(ale_py)
        chosen += ["ALE/Pong-v5", "ALE/Breakout-v5"]
    except ImportError:
        pass
    return [name for name in chosen if "GymV" not in name]


@pytest.mark.parametrize("name", ids())
def test_spaces_and_seeded_rollouts_are_equal(name):
    try:
        local = gym.make(name, disable_env_checker=True)
    except (gym.error.DependencyNotInstalled, ImportError) as error:
        cannot_run(f"{name} is not installed here: {error}")
    modules = ["--import", "ale_py"] if name.startswith("ALE") else []
    remote = gymwire.make(serve(*modules, name))
    assert remote.observation_space == local.observation_space
    assert remote.action_space == local.action_space
    for seed in (0, 123):
        assert equal(local.reset(seed=seed), remote.reset(seed=seed), local)
        local.action_space.seed(seed)
        for _ in range(STEPS):
            action = local.action_space.sample()
            a, b = local.step(action), remote.step(action)
            assert equal((a[0], a[4]), (b[0], b[4]), local)
            assert same_number(a[1], b[1]) and a[2:4] == b[2:4]
            if a[2] or a[3]:
                assert equal(local.reset(), remote.reset(), local)
    local.close(), remote.close()


def equal(a, b, env):
    """Compare observations exactly in the declared dtype, and infos as JSON says them (SPEC 19)."""
    (obs_a, info_a), (obs_b, info_b) = a, b
    return data_equivalence(as_declared(obs_a, env.observation_space), obs_b, exact=True) and plain(info_a) == plain(
        info_b
    )


def as_declared(value, space):
    if isinstance(space, gym.spaces.Tuple):
        return tuple(as_declared(part, member) for part, member in zip(value, space.spaces, strict=True))
    if isinstance(space, gym.spaces.Dict):
        return {key: as_declared(value[key], member) for key, member in space.spaces.items()}
    if isinstance(space, gym.spaces.Discrete):
        return space.dtype.type(value)
    return np.asarray(value, dtype=space.dtype)


def same_number(a, b):
    return float(a) == b or (np.isnan(a) and np.isnan(b))
