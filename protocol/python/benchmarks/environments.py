"""Environments of other people through the pipe: the same numbers as in process, and training, in one table.

    python benchmarks/environments.py [--bin ../../.build/release] [--only WORD] [--json FILE]

Each is made in process and behind `python -m gymwire serve`. The spaces have to be equal, and so have seeded rollouts:
one environment (`single`) and two in a batch (`batch`), number for number, with rewards, flags and final observations.
Then pgagent trains on it for two epochs. An environment of which two rollouts in this process differ `cannot be
repeated` and is only run; `equal but infos` says that only its infos differ from one rollout in this process to the
next. Every environment has a process of its own, and those whose package is not installed are left out. What they need,
beside this package:

    pip install minigrid highway-env mo-gymnasium 'pettingzoo[classic]' gym-anytrading flappy-bird-gymnasium \\
        tetris-gymnasium gymnasium-2048 gymnasium-snake-game gymnasium-search-race gymnasium-sudoku mobile-env \\
        gym-pusht popgym gymnasium-robotics nasim vizdoom crafter ale-py gymnasium-mars-lander gymnasium-hardmaze \\
        gymnasium-retinatask gym-simplegrid or-gymnasium rware lbforaging gymnasium-cartpole-swingup shimmy bsuite \\
        buffalo-gym metaworld panda-gym pybullet-envs-gymnasium nle PyFlyt lettuce-greenhouse-gym

Some of them name old versions of Gymnasium or NumPy although they work with the newest: `pip install --no-deps` helps.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.utils.env_checker import data_equivalence

STEPS = 120
HERE = Path(__file__).resolve()


@dataclass(frozen=True)
class Case:
    """An environment: what `serve` is given, and the package that it comes from."""

    package: str
    name: str
    kind: str
    modules: tuple[str, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """What comes after `python -m gymwire serve`."""
        imports = [word for module in self.modules for word in ("--import", module)]
        kwargs = ["--make-kwargs", json.dumps(self.kwargs)] if self.kwargs else []
        return [*imports, self.name, *kwargs]

    @property
    def title(self) -> str:
        """The name for the table."""
        return self.name.rpartition(":")[2]


def door_key() -> gym.Env:
    """Make a MiniGrid without its mission, which is a space of its own."""
    from minigrid.wrappers import ImgObsWrapper

    return ImgObsWrapper(gym.make("MiniGrid-DoorKey-5x5-v0"))


def deep_sea_treasure() -> gym.Env:
    """Make an environment of two objectives, and add them up."""
    from mo_gymnasium.wrappers import LinearReward

    return LinearReward(gym.make("deep-sea-treasure-v0"), weight=np.array([0.7, 0.3]))


def crafter() -> gym.Env:
    """Make Crafter, whose step has four values, and whose random numbers are seeded when it is made."""
    import crafter as package

    return FourValues(lambda seed: package.Env(seed=seed))


def bsuite_cart_pole() -> gym.Env:
    """Make an environment of DeepMind's behaviour suite."""
    import bsuite
    from shimmy import BSuiteCompatibilityV0

    return BSuiteCompatibilityV0(bsuite.load_from_id("cartpole/0"))


def network_security() -> gym.Env:
    """Make an attack on a network, which takes Python's integers only."""
    import nasim  # noqa: F401

    env = gym.make("TinyPO-v0")
    return gym.wrappers.TransformAction(env, int, env.action_space)


def tic_tac_toe() -> gym.Env:
    """Make a game of two, of which the other plays at random."""
    from pettingzoo.classic import tictactoe_v3

    return OneOfTwo(tictactoe_v3.env())


def connect_four() -> gym.Env:
    """Make another game of two."""
    from pettingzoo.classic import connect_four_v3

    return OneOfTwo(connect_four_v3.env())


def foraging() -> gym.Env:
    """Make an environment of two agents that act at once, both of which the one agent is."""
    import lbforaging  # noqa: F401

    return Together(gym.make("Foraging-8x8-2p-2f-v3", disable_env_checker=True))


def warehouse() -> gym.Env:
    """Make a warehouse with two robots."""
    import rware  # noqa: F401

    return Together(gym.make("rware-tiny-2ag-v2", disable_env_checker=True))


class FourValues(gym.Env):
    """An environment with the old four values, made anew for each seed."""

    def __init__(self, make: Any) -> None:
        self._make, self.env = make, make(0)
        shape = np.asarray(self.env.reset()).shape
        self.observation_space = spaces.Box(0, 255, shape, np.uint8)
        self.action_space = spaces.Discrete(int(self.env.action_space.n))

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        if seed is not None:
            self.env = self._make(seed)
        return self.env.reset(), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observation, reward, done, info = self.env.step(int(action))
        is_cut = done and info.get("discount", 0) != 0
        return observation, reward, done and not is_cut, is_cut, {"discount": info.get("discount")}


class OneOfTwo(gym.Env):
    """The first player of a game of PettingZoo's, against one who moves at random, with masks."""

    def __init__(self, game: Any) -> None:
        self.game, self.me = game, game.possible_agents[0]
        self.observation_space = game.observation_space(self.me)["observation"]
        self.action_space = game.action_space(self.me)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        super().reset(seed=seed)
        self.game.reset(seed=seed)
        return self._seen()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        if not self.game.observe(self.me)["action_mask"][action]:  # as PettingZoo has it: who cheats has lost
            return *self._seen()[:1], -1.0, True, False, self._seen()[1]
        self.game.step(int(action))
        if not self._is_over():
            mask = self.game.observe(self.game.agent_selection)["action_mask"]
            self.game.step(int(self.np_random.choice(np.flatnonzero(mask))))
        observation, info = self._seen()
        return observation, float(self.game.rewards[self.me]), self._is_over(), False, info

    def _is_over(self) -> bool:
        return any(self.game.terminations.values())

    def _seen(self) -> tuple[Any, dict[str, Any]]:
        seen = self.game.observe(self.me)
        mask = np.zeros_like(seen["action_mask"]) if self._is_over() else seen["action_mask"]
        return seen["observation"], {"action_mask": mask}


class Together(gym.Wrapper):
    """Several agents at once as one, whose reward is their sum."""

    def __init__(self, env: gym.Env) -> None:
        super().__init__(env)

    def reset(self, *, seed: int | None = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        observations, _ = self.env.unwrapped.reset(seed=seed)
        return tuple(observations), {}

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        observations, rewards, terminated, truncated, _ = self.env.unwrapped.step([int(each) for each in action])
        return tuple(observations), sum(rewards), bool(terminated), bool(truncated), {}


ME = HERE.stem
CASES = [
    Case("minigrid", f"{ME}:door_key", "grid world, picture of codes"),
    Case("highway-env", "highway-fast-v0", "traffic", ("highway_env",)),
    Case("highway-env", "parking-v0", "goal in a Dict", ("highway_env",)),
    Case("gymnasium-robotics", "FetchReach-v4", "robot arm, MuJoCo", ("gymnasium_robotics",)),
    Case("gymnasium-robotics", "PointMaze_UMaze-v3", "maze, MuJoCo", ("gymnasium_robotics",)),
    Case("metaworld", "Meta-World/MT1", "manipulation, MuJoCo", ("metaworld",), {"env_name": "reach-v3", "seed": 1}),
    Case("pybullet-envs-gymnasium", "HopperBulletEnv-v0", "locomotion, Bullet", ("pybullet_envs_gymnasium",)),
    Case("panda-gym", "PandaReach-v3", "robot arm, Bullet", ("panda_gym",)),
    Case("PyFlyt", "PyFlyt/QuadX-Hover-v4", "drone, Bullet", ("PyFlyt.gym_envs",)),
    Case("bsuite", f"{ME}:bsuite_cart_pole", "dm_env by shimmy"),
    Case("vizdoom", "VizdoomBasic-v1", "shooter, picture in a Dict", ("vizdoom.gymnasium_wrapper",)),
    Case("ale-py", "ALE/Freeway-v5", "Atari by its memory", ("ale_py",), {"obs_type": "ram"}),
    Case("nle", "NetHackScore-v0", "NetHack, Dict of screens", ("nle",)),
    Case("crafter", f"{ME}:crafter", "survival, picture, old step"),
    Case("pettingzoo", f"{ME}:tic_tac_toe", "game of two, masks"),
    Case("pettingzoo", f"{ME}:connect_four", "game of two, masks"),
    Case("lbforaging", f"{ME}:foraging", "two agents in a Tuple"),
    Case("rware", f"{ME}:warehouse", "two agents in a Tuple"),
    Case("mo-gymnasium", f"{ME}:deep_sea_treasure", "two objectives, weighed"),
    Case("popgym", "popgym-RepeatPreviousEasy-v0", "memory", ("popgym",)),
    Case("gym-anytrading", "stocks-v0", "trading", ("gym_anytrading",)),
    Case("or-gymnasium", "Knapsack-v0", "operations research", ("or_gymnasium",)),
    Case("or-gymnasium", "InvManagement-v1", "inventory", ("or_gymnasium",)),
    Case("nasim", f"{ME}:network_security", "network security"),
    Case("mobile-env", "mobile-small-central-v0", "mobile network", ("mobile_env",)),
    Case("lettuce-greenhouse-gym", "LettuceGreenhouse-v0", "greenhouse", ("lettuce_greenhouse_gym",)),
    Case("gym-pusht", "gym_pusht/PushT-v0", "pushing, pymunk", ("gym_pusht",)),
    Case("flappy-bird-gymnasium", "FlappyBird-v0", "arcade", ("flappy_bird_gymnasium",)),
    Case("tetris-gymnasium", "tetris_gymnasium/Tetris", "Dict of boards", ("tetris_gymnasium.envs",)),
    Case("gymnasium-2048", "gymnasium_2048/TwentyFortyEight-v0", "puzzle", ("gymnasium_2048",)),
    Case("gymnasium-snake-game", "Snake-v1", "arcade", ("gymnasium_snake_game",)),
    Case("gymnasium-sudoku", "sudoku-v0", "puzzle", ("gymnasium_sudoku",)),
    Case("gymnasium-search-race", "gymnasium_search_race/SearchRace-v3", "race", ("gymnasium_search_race",)),
    Case("gymnasium-mars-lander", "gymnasium_mars_lander/MarsLander-v1", "landing", ("gymnasium_mars_lander",)),
    Case("gymnasium-cartpole-swingup", "CartPoleSwingUp-v0", "pendulum", ("gymnasium_cartpole_swingup",)),
    Case("gym-simplegrid", "SimpleGrid-8x8-v0", "grid world", ("gym_simplegrid",)),
    Case("gymnasium-hardmaze", "HardMaze-v0", "maze", ("gymnasium_hardmaze",)),
    Case("gymnasium-retinatask", "RetinaTask-v0", "pattern", ("gymnasium_retinatask",)),
    Case("buffalo-gym", "Buffalo-v0", "bandit", ("buffalo_gym",)),
]


def make(case: Case) -> gym.Env:
    """Make an environment in process, as `serve` does."""
    for module in case.modules:
        importlib.import_module(module)
    from gymwire.serving.locate import environment_maker

    return environment_maker(case.name, case.kwargs)(None)


def as_declared(value: Any, space: spaces.Space) -> Any:
    """Return an observation in the dtypes of its space, in which it crosses."""
    if isinstance(space, spaces.Tuple):
        return tuple(as_declared(part, member) for part, member in zip(value, space.spaces, strict=True))
    if isinstance(space, spaces.Dict) and len(space.spaces) > 3:
        return f"Dict of {len(space.spaces)}"
    if isinstance(space, spaces.Dict):
        return {key: as_declared(value[key], member) for key, member in space.spaces.items()}
    if isinstance(space, spaces.Discrete):
        return space.dtype.type(np.asarray(value).item())
    if isinstance(space, (spaces.Box, spaces.MultiBinary, spaces.MultiDiscrete)):
        return np.array(value, dtype=space.dtype).reshape(space.shape)
    return value


Comparable = Callable[[Any], Any]
"""Takes an info and returns what can be compared of it."""


class Rollout:
    """Steps of an environment with the same actions each time, each as what would have crossed."""

    def __init__(self, env: gym.Env) -> None:
        self.env = env

    def begin(self, seed: int, comparable: Comparable) -> Any:
        """Return the first observation and info."""
        return self.seen(self.env.reset(seed=seed), comparable)

    def seen(self, pair: Any, comparable: Comparable) -> Any:
        """Return an observation as declared, and what can be compared of its info."""
        return as_declared(pair[0], self.env.observation_space), comparable(pair[1])

    def step(self, action: Any, comparable: Comparable) -> tuple[Any, float, bool, bool, Any]:
        """Advance, and return copies of what came."""
        obs, reward, terminated, truncated, info = self.env.step(action)
        obs, info = self.seen((obs, info), comparable)
        flags = bool(np.asarray(terminated).item()), bool(np.asarray(truncated).item())
        return obs, float(np.asarray(reward).item()), *flags, info


def without_addresses(info: Any) -> Any:
    """Return an info as JSON says it, without masks and without what holds an address or a time."""
    from gymwire.plain_json import plain

    left_out = {"action_mask", "time", "wall_time", "episode"}
    text = {key: plain(value) for key, value in dict(info or {}).items() if key not in left_out}
    return {key: value for key, value in text.items() if " at 0x" not in str(value)}


def same(a: Any, b: Any) -> bool:
    """Return whether two results are equal, number for number."""
    return data_equivalence(a, b, exact=True)


def actions_for(case: Case, count: int) -> list[Any]:
    """Return seeded actions, drawn apart from every environment that is compared."""
    space = make(case).action_space
    space.seed(7)
    return [space.sample() for _ in range(count)]


def first_difference(case: Case, remote: Any, actions: list[Any], infos: bool) -> str | None:
    """Return where seeded rollouts differ, with their infos or without, or None."""

    def comparable(info: Any) -> Any:
        return without_addresses(info) if infos else {}

    local = Rollout(make(case))  # for both seeds, since some environments keep more from one episode to the next
    for seed in (0, 123):
        obs, info = remote.reset(seed=seed)
        if not same(local.begin(seed, comparable), (obs, comparable(info))):
            return f"reset with seed {seed}"
        for number, action in enumerate(actions):
            a = local.step(action, comparable)
            obs, reward, terminated, truncated, info = remote.step(action)
            b = (obs, reward, terminated, truncated, comparable(info))
            if (
                not same(a[0], b[0])
                or not same(a[4], b[4])
                or a[2:4] != b[2:4]
                or not np.isclose(a[1], b[1], 0, 0, True)
            ):
                return f"step {number} after seed {seed}"
            if a[2] or a[3]:
                obs, info = remote.reset()
                if not same(local.seen(local.env.reset(), comparable), (obs, comparable(info))):
                    return f"reset after step {number} after seed {seed}"
    local.env.close()
    return None


class InProcess:
    """A second environment in process in the place of a remote one, to learn whether it can be repeated at all."""

    def __init__(self, case: Case) -> None:
        self.env = make(case)

    def reset(self, **how: Any) -> Any:
        obs, info = self.env.reset(**how)
        return as_declared(obs, self.env.observation_space), info

    def step(self, action: Any) -> Any:
        obs, reward, terminated, truncated, info = self.env.step(action)
        flags = bool(np.asarray(terminated).item()), bool(np.asarray(truncated).item())
        return as_declared(obs, self.env.observation_space), float(np.asarray(reward).item()), *flags, info


def first_difference_in_a_batch(case: Case, envs: Any, actions: list[Any]) -> str | None:
    """Return where a batch of two differs from two environments, or None."""
    from gymwire.codecs import codec_for

    obs_codec, action_codec = codec_for(envs.single_observation_space), codec_for(envs.single_action_space)
    locals_ = [Rollout(make(case)) for _ in range(2)]
    observations, _ = envs.reset(seed=5)
    if not same(
        obs_codec.stack([local.begin(5 + row, lambda info: {})[0] for row, local in enumerate(locals_)]), observations
    ):
        return "reset"
    for number, pair in enumerate(zip(actions[::2], actions[1::2], strict=True)):
        observations, rewards, terminated, truncated, infos = envs.step(action_codec.stack(list(pair)))
        rows = []
        for row, (local, action) in enumerate(zip(locals_, pair, strict=True)):
            obs, reward, *flags, _ = local.step(action, lambda info: {})
            if flags != [terminated[row], truncated[row]] or not np.isclose(reward, rewards[row], 0, 0, True):
                return f"step {number}, row {row}"
            if any(flags):
                if not same(obs, infos["final_obs"][row]):
                    return f"final_obs of step {number}, row {row}"
                obs, _ = local.seen(local.env.reset(), lambda info: {})
            rows.append(obs)
        if not same(obs_codec.stack(rows), observations):
            return f"observations of step {number}"
    for local in locals_:
        local.env.close()
    return None


def train(case: Case, programs: Path) -> str:
    """Return how long pgagent took for two epochs, and the mean return that it told."""
    command = shlex.join([sys.executable, "-m", "gymwire", "serve", *case.arguments])
    with tempfile.TemporaryDirectory() as folder:
        words = [str(programs / "pgagent"), "--env-cmd", command, "--epochs", "2"]
        words += ["--steps-per-epoch", "256", "--min-horizon", "1"]
        begun = time.monotonic()
        words += ["--out", f"{folder}/run", "--start-timeout", "120"]
        done = subprocess.run(words, check=False, capture_output=True, text=True, timeout=400)
        seconds = time.monotonic() - begun
        if done.returncode:
            return "failed: " + done.stderr.strip().splitlines()[-1][-200:]
        steps = [json.loads(line)["steps"] for line in (Path(folder) / "run/metrics.jsonl").read_text().splitlines()]
    return f"{steps[-1]} steps, {seconds:.0f} s"


def describe(space: spaces.Space) -> str:
    """Return a space in a few characters."""
    if isinstance(space, spaces.Dict) and len(space.spaces) > 3:
        return f"Dict of {len(space.spaces)}"
    if isinstance(space, spaces.Dict):
        return "Dict(" + ", ".join(describe(member) for member in space.spaces.values()) + ")"
    if isinstance(space, spaces.Tuple):
        return "Tuple(" + ", ".join(describe(member) for member in space.spaces) + ")"
    if isinstance(space, spaces.Discrete):
        return f"Discrete {space.n}"
    if isinstance(space, spaces.MultiDiscrete):
        return f"MultiDiscrete {list(space.nvec.shape)}"
    return (
        f"{type(space).__name__} {list(space.shape or ())} {np.dtype(space.dtype).name if space.dtype else ''}".strip()
    )


def examine(case: Case, programs: Path) -> dict[str, Any]:
    """Return all that is found out about one environment."""
    import gymwire

    warnings.simplefilter("ignore")
    result: dict[str, Any] = {"version": importlib.metadata.version(case.package)}
    local = make(case)
    result["obs"], result["action"] = describe(local.observation_space), describe(local.action_space)
    actions = actions_for(case, STEPS)
    serve = [sys.executable, "-m", "gymwire", "serve", *case.arguments]
    infos = first_difference(case, InProcess(case), actions, True) is None
    unrepeatable = None if infos else first_difference(case, InProcess(case), actions, False)
    remote = gymwire.make(serve, startup_timeout=120)
    result["spaces"] = remote.observation_space == local.observation_space and remote.action_space == local.action_space
    if unrepeatable:
        remote.reset(seed=0)
        remote.step(actions[0])
        result["single"] = result["batch"] = "cannot be repeated"
        result["why"] = unrepeatable
    else:
        same_infos = "equal" if infos else "equal but infos"
        result["single"] = first_difference(case, remote, actions, infos) or same_infos
        envs = gymwire.make_vec(serve, 2, startup_timeout=120)
        result["batch"] = first_difference_in_a_batch(case, envs, actions) or "equal"
        envs.close()
    remote.close()
    result["training"] = train(case, programs)
    return result


def row_of(case: Case, found: dict[str, Any]) -> str:
    """Return a row of the table."""
    differ = "" if found["spaces"] else " (spaces differ)"
    cells = [f"{case.package} {found['version']}", f"`{case.title}`", case.kind, found["obs"] + differ]
    cells += [found["action"], found["single"], found["batch"], found["training"]]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Examine all, each in a process of its own, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=Path, default=HERE.parents[3] / ".build/release")
    parser.add_argument("--only", default="", help="a part of the package's or the environment's name")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--case", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])
    if options.case is not None:
        print("\nresult " + json.dumps(examine(CASES[options.case], options.bin)))
        return
    results = {}
    print("| package | environment | kind | observation | action | single | batch | two epochs |")
    print("|---|---|---|---|---|---|---|---|")
    for index, case in enumerate(CASES):
        if options.only not in f"{case.package} {case.title}":
            continue
        words = [sys.executable, str(HERE), "--bin", str(options.bin), "--case", str(index)]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        told = [line for line in done.stdout.splitlines() if line.startswith("result ")]
        if not told:
            why = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
            print(f"{case.package}: {case.title}: {why[:300]}", file=sys.stderr)
            continue
        found = results[case.title] = json.loads(told[0][7:])
        print(row_of(case, found), flush=True)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
