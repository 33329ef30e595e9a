"""The state of an episode, kept and brought back: SPEC 15.5, 15.6."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
from conftest import script
from gymnasium.wrappers import OrderEnforcing, TimeLimit, TransformReward
from test_conversation import Talk

import gymwire
from gymwire.errors import GymwireError


class Walk(gym.Env):
    """Each step goes where the action says, and is blown off by the wind."""

    observation_space = gym.spaces.Box(-np.inf, np.inf, (1,), np.float64)
    action_space = gym.spaces.Discrete(3, start=-1)

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = self.np_random.normal()
        return np.array([self.place]), {}

    def step(self, action):
        self.place += action + self.np_random.normal()
        return np.array([self.place]), -abs(self.place), False, False, {}

    def snapshot(self):
        return {"place": self.place}

    def restore(self, state):
        self.place = float(state["place"])


def walk(mode=None):
    return TimeLimit(OrderEnforcing(Walk()), 12)


def play(talk, steps=20):
    """Step on, also past the end of the episode, and return all that was seen."""
    seen = []
    for step in range(steps):
        seen.append(talk.ask("step", action=step % 3 - 1))
        if seen[-1]["truncated"]:
            seen.append(talk.ask("reset"))
    return [{name: value for name, value in reply.items() if name != "id"} for reply in seen]


def test_the_same_comes_again_after_a_restore_also_in_another_process():
    talk = Talk(walk, features=["state"])
    assert talk.hello["features"] == ["state"]
    talk.ask("reset", seed=5), talk.ask("step", action=1)
    state = talk.ask("snapshot")["state"]
    seen = play(talk)
    assert "reward" in seen[0] and sum("reward" not in reply for reply in seen) == 1
    for again in (talk, Talk(walk, features=["state"])):
        assert set(again.ask("restore", state=state)) == {"id"}
        assert play(again) == seen


def test_a_snapshot_needs_an_episode_and_changes_nothing():
    talk = Talk(walk, features=["state"])
    assert talk.code("snapshot") == "needs_reset"
    talk.ask("reset", seed=5)
    assert talk.ask("snapshot")["state"] == talk.ask("snapshot")["state"]
    assert talk.code("snapshot", env=1) == "bad_message"


@pytest.mark.parametrize("state", [None, 7, "", "x", "[]", '[{"place":"far"},{},[0]]', "[" * 3000])
def test_a_state_that_cannot_be_used_changes_nothing(state):
    talk, other = Talk(walk, features=["state"]), Talk(walk, features=["state"])
    for each in (talk, other):
        each.ask("reset", seed=5)
    assert talk.code("restore", state=state) == "bad_message"
    assert play(talk) == play(other)


def test_a_place_without_a_number_is_refused_and_the_old_one_stays():
    talk = Talk(walk, features=["state"])
    talk.ask("reset", seed=5)
    state = talk.ask("snapshot")["state"]
    before = play(talk, 3)
    talk.ask("restore", state=state)
    assert talk.code("restore", state=state.replace('"place"', '"somewhere"')) == "bad_message"
    assert play(talk, 3) == before


def test_a_batch_restores_one_of_several():
    talk = Talk(walk, features=["batch", "state"], want={"num_envs": 2})
    talk.ask("reset", seed=5)
    state = talk.ask("snapshot", env=1)["state"]
    first = talk.ask("step", action=[0, 0])
    assert set(talk.ask("restore", env=1, state=state)) == {"id"}
    second = talk.ask("step", action=[0, 0])
    assert second["obs"][1] == first["obs"][1] and second["obs"][0] != first["obs"][0]


def test_it_is_off_for_an_environment_or_a_wrapper_that_cannot_be_kept():
    for make in (lambda mode: gym.make("CartPole-v1"), lambda mode: TransformReward(walk(), abs)):
        talk = Talk(make, features=["state"])
        assert talk.hello["features"] == [] and talk.code("snapshot") == "unknown_op"


def test_a_driver_keeps_an_episode_and_goes_back():
    with gymwire.make(script("walk.py")) as env, gymwire.make(script("cartpole.py", "--id", "CartPole-v1")) as other:
        env.reset(seed=5)
        state = env.unwrapped.snapshot()
        first = [env.step(1)[0].item() for _ in range(4)]
        env.unwrapped.restore(state)
        assert [env.step(1)[0].item() for _ in range(4)] == first
        with pytest.raises(GymwireError):
            env.unwrapped.restore("nothing")
        with pytest.raises(GymwireError, match="15.5"):
            other.unwrapped.snapshot()
