"""The native classic-control suite is Gymnasium's: 100 seeds of 500 steps, random and good, without one difference."""

from __future__ import annotations

import math
from collections.abc import Callable

import gymnasium as gym
import numpy as np
import pytest
from conftest import built

import gymwire

Policy = Callable[[np.ndarray], float]


def swing_up(obs: np.ndarray) -> float:
    """Pump energy into the pendulum, and hold it where it stands."""
    cosine, sine, speed = map(float, obs)
    if cosine > 0.85:
        return min(2, max(-2, -12 * math.atan2(sine, cosine) - 3 * speed))
    return math.copysign(2, speed if speed * speed / 6 + 5 * cosine < 5 else -speed)


# What reaches the goal of each task, from an observation alone.
GOOD: dict[str, Policy] = {
    "CartPole-v0": lambda obs: obs[2] + 0.5 * obs[3] > 0,
    "CartPole-v1": lambda obs: obs[2] + 0.5 * obs[3] > 0,
    "Pendulum-v1": swing_up,
    "MountainCar-v0": lambda obs: 2 if obs[1] >= 0 else 0,
    "MountainCarContinuous-v0": lambda obs: 1 if obs[1] >= 0 else -1,
    "Acrobot-v1": lambda obs: 2 if obs[4] < 0 else 0,
}


def actions(kind: str, id: str, space: gym.Space, observations: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return an action for each observation, random or good."""
    if kind == "good":
        return np.array([GOOD[id](obs) for obs in observations]).reshape(-1, *space.shape).astype(space.dtype)
    if isinstance(space, gym.spaces.Discrete):
        return rng.integers(space.n, size=len(observations))
    return rng.uniform(space.low, space.high, (len(observations), *space.shape)).astype(space.dtype)


@pytest.mark.filterwarnings("ignore:.*out of date")
@pytest.mark.parametrize("kind", ["random", "good"])
@pytest.mark.parametrize("id", GOOD)
def test_100_seeds_of_500_steps_are_gymnasiums(id, kind):
    local = [gym.make(id, disable_env_checker=True) for _ in range(100)]
    remote = gymwire.make_vec([built("classic-control-server"), "--id", id], 100)
    rng, ends = np.random.default_rng(1), 0
    observations = np.array([env.reset(seed=seed)[0] for seed, env in enumerate(local)])
    assert np.array_equal(remote.reset(seed=0)[0], observations)
    for _ in range(500):
        chosen = actions(kind, id, local[0].action_space, observations, rng)
        steps = [env.step(action)[:4] for env, action in zip(local, chosen, strict=True)]
        observations, rewards, terminated, truncated = map(np.array, zip(*steps, strict=True))
        over = terminated | truncated
        seen, rewarded, ended, cut, info = remote.step(chosen)
        assert observations.dtype == seen.dtype == np.float32
        assert np.array_equal(rewarded, rewards) and np.array_equal(ended, terminated) and np.array_equal(cut, truncated)
        if over.any():
            final = np.stack(info["final_obs"][over])
            assert np.array_equal(final, observations[over])
            for index in np.flatnonzero(over):
                observations[index] = local[index].reset()[0]
            ends += over.sum()
        assert np.array_equal(seen, observations)
    # 500 random steps do not reach the limit of 999.
    assert ends >= 100 or (id == "MountainCarContinuous-v0" and kind == "random")
    remote.close()
