"""Environments with each kind of space, and environments that misbehave, for servers to import."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import register

SPACES: dict[str, spaces.Space] = {
    "box": spaces.Box(-1, 1, (2, 3)),
    "image": spaces.Box(0, 255, (8, 6, 3), np.uint8),
    "number": spaces.Box(-5, 5, ()),
    "double": spaces.Box(-np.inf, np.inf, (3,), np.float64),
    "discrete": spaces.Discrete(4, start=-1),
    "binary": spaces.MultiBinary((2, 2)),
    "several": spaces.MultiDiscrete([3, 4], start=[1, 0]),
    "text": spaces.Text(6, charset='ab\u2028é😀"\\'),
    "tuple": spaces.Tuple((spaces.Discrete(3), spaces.Box(0, 1, (2,)))),
    "dict": spaces.Dict([("z", spaces.Discrete(3)), ("a", spaces.Dict({"x": spaces.Box(0, 1, (2,))}))]),
    "one": spaces.OneOf((spaces.Discrete(3), spaces.Box(0, 1, (2,)))),
    "sequence": spaces.Sequence(spaces.Box(0, 1, (2,))),
    "stacked": spaces.Sequence(spaces.Box(0, 1, (2,)), stack=True),
    "graph": spaces.Graph(spaces.Box(0, 1, (2,)), spaces.Discrete(3)),
}


# Gymnasium's own vector environments cannot take OneOf actions apart.
SPACES["everything"] = spaces.Dict({key: space for key, space in SPACES.items() if key != "one"})


class Any_(gym.Env):
    """Observations are samples of a space; an action is answered by a repetition of itself in `info`."""

    metadata = {"render_modes": ["ansi", "rgb_array", "human"], "render_fps": 12}

    def __init__(self, kind: str = "box", length: int = 7, render_mode: str | None = None) -> None:
        self.observation_space, self.action_space = copy.deepcopy(SPACES[kind]), copy.deepcopy(SPACES[kind])
        self.length, self.render_mode = length, render_mode

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None):
        super().reset(seed=seed)
        if seed is not None:
            self.observation_space.seed(seed)
        self.count = 0
        return self.observation_space.sample(), {"options": repr(options)} if options else {}

    def step(self, action: Any):
        assert self.action_space.contains(action), action
        self.count += 1
        info = {
            "action": repr(action),
            "nothing": np.nan,
            "large": 2**60,
            "array": np.arange(3),
            "half": np.float16(0.5),
        }
        return (
            self.observation_space.sample(),
            np.float32(0.1) * self.count,
            self.count >= self.length,
            self.count == 5,
            info,
        )

    def render(self) -> Any:
        if self.render_mode == "ansi":
            return f"step {self.count} é"
        return np.full((4, 5, 3), self.count, np.uint8)


class Moody(gym.Env):
    """Does something strange on the step with that name as action number."""

    MOODS = [
        "fine",
        "raise",
        "exit",
        "print",
        "nan",
        "double",
        "stderr",
        "shape",
        "list_reward",
        "info",
        "hang",
        "sys_exit",
    ]
    observation_space = spaces.Box(-1, 1, (2,))
    action_space = spaces.Discrete(len(MOODS))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None):
        super().reset(seed=seed)
        if options and options.get("bad"):
            raise ValueError("these options are bad")
        return np.zeros(2, np.float32), {}

    def step(self, action: Any):
        obs: Any = np.full(2, 0.5, np.float32)
        reward: Any = 1.0
        info: dict[Any, Any] = {}
        match self.MOODS[action]:
            case "raise":
                raise RuntimeError("the pole is on fire")
            case "exit":
                os._exit(7)
            case "sys_exit":
                sys.exit(3)
            case "print":
                print("hello from Python")
                os.write(1, b'{"id":0,"op":"from C"}\n')
                subprocess.run(["echo", "hello from a child"], check=True)
                sys.stdout.write("no line end")
                assert sys.stdin.read() == ""
            case "nan":
                obs, reward = np.array([np.nan, -np.inf], np.float32), np.nan
            case "double":
                obs = np.array([0.1, 1 / 3])
            case "stderr":
                sys.stderr.write("x" * 1_000_000 + "\n")
            case "shape":
                obs = np.zeros(5, np.float32)
            case "list_reward":
                reward = [1, 2]
            case "hang":
                import time

                time.sleep(3600)
            case "info":
                info = {
                    "object": object,
                    3: {1, 2},
                    "deep": [np.float64(np.inf), (np.int64(5), None, b"bytes"), {"x": np.bool_(True)}],
                    "array": np.array([[1.5, np.nan]]),
                    "complex": 1 + 2j,
                }
                info["self"] = info
        return obs, reward, False, False, info


class Masked(gym.Env):
    """Each step forbids another action."""

    observation_space = spaces.Discrete(5)
    action_space = spaces.Discrete(3, start=10)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None):
        super().reset(seed=seed)
        self.count = 0
        return 0, {"action_mask": self.mask()}

    def mask(self) -> np.ndarray:
        return np.arange(3) != self.count % 3

    def step(self, action: Any):
        self.count += 1
        return self.count % 5, 0.0, self.count == 4, False, {"action_mask": self.mask().astype(np.int8), "other": 1}


register("Zoo-v0", entry_point="zoo:Any_", max_episode_steps=6)
