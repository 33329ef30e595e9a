"""What the caller gets wrong is a GymwireError with a sentence, before anything is sent."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from conftest import script, serve

import gymwire
from gymwire import BadValue, GymwireError


def test_a_path_is_a_command(tmp_path):
    program = tmp_path / "my server"
    program.write_text(f"#!/bin/sh\nexec {sys.executable} {script('rude.py')[1]}\n")
    program.chmod(0o755)
    for cmd in (program, [program], [str(program)]):
        env = gymwire.make(cmd)
        assert env.reset()[0].tolist() == [0, 1]
        again = env.spec.make()
        assert again.reset()[0].tolist() == [0, 1]
        env.close(), again.close()


@pytest.mark.parametrize("cmd", [None, 3, "", [], [""], ["cat", 3], "cat 'x", {}, b"", ["a\0b"]])
def test_what_is_no_command(cmd):
    with pytest.raises(GymwireError):
        gymwire.make(cmd)


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 0},
        {"timeout": "5"},
        {"startup_timeout": float("nan")},
        {"timeout": None},
        {"max_line": 100},
        {"max_line": "many"},
        {"stderr": "loud"},
        {"render_mode": 3},
        {"env": {"A": 3}},
    ],
)
def test_an_option_that_cannot_be_is_named(options):
    with pytest.raises(GymwireError) as caught:
        gymwire.make(script("rude.py"), **options)
    assert next(iter(options)) in str(caught.value) or "env" in options


def test_what_the_caller_changes_afterwards_changes_nothing():
    cmd = script("rude.py")
    env = gymwire.make(cmd)
    cmd[1:] = ["-c", "raise SystemExit"]
    again = env.spec.make()
    assert again.reset()[0].tolist() == [0, 1]
    env.close(), again.close()


@pytest.fixture(scope="module")
def single():
    env = gymwire.make(serve("Pendulum-v1"))
    env.reset(seed=1)
    yield env
    env.close()


@pytest.fixture(scope="module")
def batch():
    envs = gymwire.make_vec(serve("Pendulum-v1"), 2)
    envs.reset(seed=1)
    yield envs
    envs.close()


@pytest.fixture
def no_process_is_left():
    """The servers of this module are shared by its tests."""


@pytest.mark.parametrize("seed", [3.0, "3", -1, 2**53, [1], {}, np.float64(3), b"1"])
def test_seeds(single, seed):
    with pytest.raises(BadValue, match="seed"):
        single.reset(seed=seed)


@pytest.mark.parametrize("seed", [3.0, "ab", -1, [1, 2.5], [1, "x"], [1], {}, np.float64(3)])
def test_seeds_of_a_batch(batch, seed):
    with pytest.raises(BadValue, match="seed"):
        batch.reset(seed=seed)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"goals": {1, 2}}, ["goals", "set"]),
        ([1], ["options"]),
        ({1: 2}, ["options"]),
        ({"deep": [{"x": object()}]}, ["deep", "[0]", "x", "object"]),
        ({"large": 2**60}, ["large"]),
        ({"half": "\ud800"}, ["half"]),
    ],
)
def test_options(single, batch, options, words):
    for env in (single, batch):
        with pytest.raises(BadValue) as caught:
            env.reset(options=options)
        assert all(word in str(caught.value) for word in words)


def test_options_that_contain_themselves(single):
    options: dict = {}
    options["self"] = options
    with pytest.raises(BadValue, match="deep"):
        single.reset(options=options)


def test_arrays_and_numbers_of_numpy_are_options():
    env = gymwire.make(serve("zoo:Zoo-v0"))
    options = {"a": np.arange(2), "b": np.float32(0.5), "c": (1, None, np.inf), "d": np.bool_(True)}
    assert env.reset(options=options)[1] == {"options": "{'a': [0, 1], 'b': 0.5, 'c': [1, None, None], 'd': True}"}
    env.close()


class Broken:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array today")

    def __repr__(self):
        raise RuntimeError("nor a repr")


@pytest.mark.parametrize("action", ["x", None, {}, [[1], [1, 2]], [1, 2], object(), Broken(), 1j, [], ["x"]])
def test_box_actions(single, batch, action):
    with pytest.raises(BadValue, match="action"):
        single.step(action)
    for actions in (action, [action, action]):
        if actions != [1, 2]:
            with pytest.raises(BadValue, match="action"):
                batch.step(actions)
    assert isinstance(single.step([0.5])[1], float) and batch.step([[0.5], [9]])[1].shape == (2,)


@pytest.mark.parametrize("kind", ["box", "discrete", "binary", "several", "text", "tuple", "dict", "one", "sequence"])
def test_actions_of_other_spaces(kind):
    env = gymwire.make(serve("zoo:Zoo-v0", "--make-kwargs", f'{{"kind": "{kind}"}}'))
    env.reset(seed=0)
    for action in (Broken(), object(), {"z": "x"}, ("x", "y"), [[1], [1, 2], [3]], (1.5, None), b"x", 1j):
        with pytest.raises(BadValue):
            env.step(action)
    env.step(env.action_space.sample())
    env.close()


def test_num_envs():
    for count in (0, -1, 2.5, "many", None):
        with pytest.raises(BadValue, match="num_envs"):
            gymwire.make_vec("cat", count)


def test_dir_shows_the_public_names():
    code = "import gymwire; print(sorted(dir(gymwire)) == sorted(gymwire.__all__), gymwire.make, dir(gymwire))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.startswith("True") and "annotations" not in shown and "sys" not in shown.split("[")[1]


def test_an_instance_of_another_kind_is_not_served():
    with pytest.raises(GymwireError, match="gymnasium.Env"):
        gymwire.make([sys.executable, "-c", "import gymwire; gymwire.serve(5)"])
    assert Path(sys.executable).exists() and gym.Env
