"""What an environment says about itself, SPEC 11.5, 11.6, 11.7, 11.8: told in hello, and read from it."""

from __future__ import annotations

import gymnasium as gym
from conftest import script
from gymnasium import spaces
from test_conversation import Talk

import gymwire

ABOUT = {
    "options": spaces.Dict({"wind": spaces.Box(0, 20, ())}),
    "defaults": {"wind": 0},
    "obs": {"names": ["place", "speed", "angle", "spin"], "units": ["m", "m/s", "rad", "rad/s"]},
    "seconds": {"step": 0.5},
}


def talkative(mode=None):
    env = gym.make("CartPole-v1").unwrapped
    env.metadata = {**env.metadata, "about": ABOUT}
    return env


def test_a_server_tells_what_the_metadata_says():
    hello = Talk(talkative, features=["about"]).hello
    assert hello["features"] == ["about"]
    about = hello["about"]
    assert about["options"]["type"] == "Dict" and about["options"]["spaces"][0][0] == "wind"
    assert about["defaults"] == {"wind": 0} and about["obs"] == ABOUT["obs"] and about["seconds"] == {"step": 0.5}


def test_nothing_is_told_that_nobody_asked_for_or_that_is_not_there():
    assert "about" not in Talk(talkative).hello
    hello = Talk(features=["about"]).hello
    assert "about" not in hello and hello["features"] == []


def test_a_driver_finds_it_in_the_metadata():
    env = gymwire.make(script("talkative.py"))
    about = env.unwrapped.metadata["about"]
    env.close()
    assert isinstance(about["options"], spaces.Dict) and about["defaults"] == {"wind": 0}
    assert about["obs"]["units"] == ["m", "m/s", "rad", "rad/s"]
