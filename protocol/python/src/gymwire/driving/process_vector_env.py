"""A server's sub-environments as a `gymnasium.vector.VectorEnv`."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from gymwire import base64_arrays, masks, number_lists
from gymwire.codecs.flat import FlatCodec
from gymwire.driving.restarts import Restarts
from gymwire.driving.server import EnvServer, ServerOptions, seed_of
from gymwire.errors import BadValue, GymwireError
from gymwire.number_lists import EXACT, show
from gymwire.vector_infos import add_info

_FINALS = frozenset(["final_obs", "_final_obs", "final_info", "_final_info"])
_FLOAT64 = np.dtype(np.float64)


class _Advising(type):
    """Lets whoever names the class in an error say what to do, as Stable-Baselines3 does when it is handed one."""

    def __repr__(cls) -> str:
        return f"{super().__repr__()} (for Stable-Baselines3, wrap it: gymwire.sb3.SB3VecEnv(envs))"


class ProcessVectorEnv(VectorEnv, metaclass=_Advising):
    """N environments in one process, stepped by one request.

    An environment that ends is reset within the same step: `metadata["autoreset_mode"]` is `SAME_STEP`, the last
    observation and info of the ended episode are in `infos["final_obs"]` and `infos["final_info"]`, and observations
    and other infos are those of the new episode, as in `SyncVectorEnv` of that mode. `reset(options={"reset_mask":
    mask})` resets some.

    Args:
        cmd: The server's command.
        num_envs: How many sub-environments it shall host; it is an error when it hosts fewer.
        render_mode: `"rgb_array"` or `"ansi"`, where the server has it.
        restarts: How often the server may be started anew when it dies, hangs past its time limit or breaks the
            protocol. Its episodes are truncated then: rewards are 0, `infos["final_obs"]` has the last observations
            that came, and `infos["lost"]` is True, because nothing is known of what the actions led to.
        restart_delay: How many seconds to wait before the first restart; each next one waits twice as long.
        options: As for `ProcessEnv`.
    """

    def __init__(
        self,
        cmd: Any,
        num_envs: int = 1,
        render_mode: str | None = None,
        *,
        restarts: int = 0,
        restart_delay: float = 0.1,
        **options: Any,
    ) -> None:
        self._options = ServerOptions(cmd, render_mode, **options)
        self._restarts = Restarts(restarts, restart_delay)
        self._wish: dict[str, Any] = {"num_envs": _count_of(num_envs)}
        if render_mode is not None:
            self._wish["render_mode"] = render_mode
        self._server = self._start()
        hello = self._server.hello
        problem = None
        if "batch" not in hello.features:
            problem = "does not know the feature batch: use gymwire.make, alone or in a SyncVectorEnv"
        elif hello.num_envs != num_envs:
            problem = f"hosts {hello.num_envs} sub-environments, and {num_envs} were wanted"
        elif render_mode is not None and hello.render_mode != render_mode:
            problem = f"cannot render as {render_mode!r}; it has {hello.render_modes or 'no mode'}"
        if problem:
            self._server.close()
            raise GymwireError(f"`{self._server.process.name}` {problem}")
        self.num_envs = hello.num_envs
        self.render_mode = render_mode
        self.metadata = {
            "render_modes": hello.render_modes,
            "render_fps": hello.render_fps or 30,
            "autoreset_mode": AutoresetMode.SAME_STEP,
        }
        self.single_observation_space, self.single_action_space = hello.observation_space, hello.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self.spec = self._server.spec("gymwire.driving.process_env:ProcessEnv", {"cmd": cmd})
        self._last_obs: Any = None

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin new episodes, in all sub-environments or in those of `options["reset_mask"]`.

        Args:
            seed: None, an integer s for the seeds s, s+1, ..., or one integer or None for each sub-environment.
            options: What the environments take, and `reset_mask`, N truth values.
        """
        is_list = isinstance(seed, Iterable) and not isinstance(seed, (str, bytes)) and getattr(seed, "ndim", 1) > 0
        seeds: Any = [seed_of(each) for each in seed] if is_list else seed_of(seed)
        super().reset(seed=None if is_list else seeds)
        if is_list and len(seeds) != self.num_envs:
            raise BadValue(f"{len(seeds)} seeds came for {self.num_envs} sub-environments")
        try:
            return self._reset(seeds, options)
        except GymwireError as error:
            if not self._restarts.prepare(error):
                raise
            is_partial = isinstance(options, Mapping) and "reset_mask" in options
            rest = {key: value for key, value in (options or {}).items() if key != "reset_mask"} or None
            return self._begin_anew(self._restarts.seed() if is_partial else seeds, rest)

    def _reset(self, seeds: Any, options: dict[str, Any] | None) -> tuple[Any, dict[str, Any]]:
        if isinstance(options, Mapping) and "reset_mask" in options:
            options = dict(options)
            return self._reset_some(np.asarray(options.pop("reset_mask")), seeds, options)
        self._restarts.note_reset(seeds)
        reply = self._server.reset(seeds, options)
        return self._observations(reply, "reset"), self._infos(reply, range(self.num_envs), {}, "reset")

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Advance all by one step and return observations, rewards, terminations, truncations and infos."""
        try:
            return self._step(actions)
        except GymwireError as error:
            if self._last_obs is None or not self._restarts.prepare(error):
                raise
            return self._lost_step()

    def _step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        before = self._last_obs
        try:
            return self._answered_step(actions)
        except GymwireError:
            self._last_obs = before  # of a reply that cannot be used nothing is kept
            raise

    def _lost_step(self) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Return what stands for a step that was not answered, with the first observations of another process."""
        codec, count = self._server.obs_codec, self.num_envs
        final_obs = np.full(count, None, object)
        for row, value in enumerate(codec.split(codec.decode_batch(self._last_obs, count), count)):
            final_obs[row] = value
        observations, infos = self._begin_anew(self._restarts.seed(), None)
        infos |= {"final_obs": final_obs, "_final_obs": np.ones(count, bool)}
        infos |= {"final_info": {}, "_final_info": np.ones(count, bool)}
        infos |= {"lost": np.ones(count, bool), "_lost": np.ones(count, bool)}
        return observations, np.zeros(count), np.zeros(count, bool), np.ones(count, bool), infos

    def _begin_anew(self, seeds: Any, options: dict[str, Any] | None) -> tuple[Any, dict[str, Any]]:
        """Put another process in the place of one that has failed, as often as need be, and reset it."""
        while True:
            self._server.close()
            try:
                server = self._start()
                hello, old = server.hello, self._server.hello
                self._server = server
                if (hello.observation_space, hello.action_space, hello.features, hello.num_envs) != (
                    old.observation_space,
                    old.action_space,
                    old.features,
                    old.num_envs,
                ):
                    server.close()
                    raise GymwireError(f"`{server.process.name}` describes something else than before it was restarted")
                reply = server.reset(seeds, options)
                return self._observations(reply, "reset"), self._infos(reply, range(self.num_envs), {}, "reset")
            except GymwireError as error:
                if not self._restarts.prepare(error):
                    raise

    @property
    def restart_count(self) -> int:
        """How often the server has been started anew."""
        return self._restarts.count

    def _start(self) -> EnvServer:
        return EnvServer(self._options, ("batch", "b64", "mask", "render", "about"), self._wish)

    def _answered_step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        reply = self._server.step(self._server.action_to_wire(actions, self.num_envs))
        observations = self._observations(reply, "step")
        rewards = self._rewards(reply)
        terminations, truncations = np.zeros(self.num_envs, bool), np.zeros(self.num_envs, bool)
        infos = self._ended(reply, terminations, truncations)
        if "info" in reply or "action_mask" in reply:
            infos = self._infos(reply, range(self.num_envs), infos, "step")
        return observations, rewards, terminations, truncations, infos

    def render(self) -> tuple[Any, ...] | None:
        """Return one frame for each sub-environment, or None without a render mode."""
        if self.render_mode is None:
            return None
        return tuple(self._server.render(row) for row in range(self.num_envs))

    def close_extras(self, **kwargs: Any) -> None:
        """End the server's process."""
        server = self.__dict__.get("_server")
        if server is not None:
            server.close()

    def __del__(self) -> None:
        """Leave it to the process, which ends itself when it is forgotten; the base class would close it here."""

    def __getstate__(self) -> dict[str, Any]:
        again = {"restarts": self._restarts.limit, "restart_delay": self._restarts.delay}
        return {"options": self._options, "num_envs": self.num_envs, "spec": self.spec, "again": again}

    def __setstate__(self, state: dict[str, Any]) -> None:
        ProcessVectorEnv.__init__(self, num_envs=state["num_envs"], **state["again"], **asdict(state["options"]))
        self.spec = state["spec"]

    def _reset_some(self, mask: np.ndarray, seeds: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        if mask.shape != (self.num_envs,) or mask.dtype != np.bool_ or not mask.any():
            raise BadValue(f"reset_mask must be {self.num_envs} truth values, some of them true")
        if self._last_obs is None:
            raise GymwireError("the first reset must address all sub-environments: leave out reset_mask")
        rows = [int(row) for row in np.flatnonzero(mask)]
        if isinstance(seeds, list):
            seeds = [seeds[row] for row in rows]
        codec = self._server.obs_codec
        before = codec.decode_batch(self._last_obs, self.num_envs)
        reply = self._server.reset(seeds, options or None, rows)
        fresh = self._decoded(reply, len(rows), "reset")
        values = codec.split(before, self.num_envs)
        for row, value in zip(rows, codec.split(fresh, len(rows)), strict=True):
            values[row] = value
        observations = codec.stack(values)
        self._last_obs = codec.encode_batch(observations, self.num_envs)
        return observations, self._infos(reply, rows, {}, "reset")

    def _observations(self, reply: dict[str, Any], phase: str) -> Any:
        observations = self._decoded(reply, self.num_envs, phase)
        self._last_obs = reply["obs"]  # decoded anew, and only if somebody resets some of them
        return observations

    def _decoded(self, reply: dict[str, Any], count: int, phase: str) -> Any:
        try:
            return self._server.obs_codec.decode_batch(self._server.member(reply, "obs", phase), count)
        except BadValue as error:
            problem = f"its obs is no batch of {count} of {self.single_observation_space}: {error}"
            raise self._server.connection.refuse(phase, problem) from None

    def _rewards(self, reply: dict[str, Any]) -> np.ndarray:
        wire = self._server.member(reply, "reward", "step")
        try:
            if type(wire) is list and len(wire) == self.num_envs:
                return number_lists.to_array(wire, _FLOAT64)
            if type(wire) is dict and "b64" in self._server.hello.features:
                return base64_arrays.to_array(wire, _FLOAT64, self.num_envs, strict=False)
            raise BadValue(f"it is no list of {self.num_envs} numbers")
        except BadValue as error:
            raise self._server.connection.refuse("step", f"its reward cannot be used: {error}") from None

    def _ended(self, reply: dict[str, Any], terminations: np.ndarray, truncations: np.ndarray) -> dict[str, Any]:
        """Set the flags and return the part of the infos that is about ended episodes."""
        ended = reply.get("ended")
        if type(ended) is not list:
            raise self._server.connection.refuse("step", "it has no list of the ended")
        if not ended:
            return {}
        try:
            rows, wires = [entry["env"] for entry in ended], [entry["final_obs"] for entry in ended]
            flags = [(entry["terminated"], entry["truncated"]) for entry in ended]
        except (KeyError, TypeError) as error:
            raise self._server.connection.refuse("step", f"an entry of ended cannot be used: {error!r}") from None
        rows = [number_lists.to_integer(row) if type(row) is float and row.is_integer() else row for row in rows]
        if set(map(type, rows)) != {int} or rows != sorted(set(rows)) or rows[0] < 0 or rows[-1] >= self.num_envs:
            raise self._server.connection.refuse("step", f"ended is not in ascending order of env: {show(rows)}")
        if any(type(terminated) is not bool or type(truncated) is not bool for terminated, truncated in flags):
            raise self._server.connection.refuse("step", f"the flags of ended must be true or false: {show(flags)}")
        terminations[rows], truncations[rows] = np.array(flags).T
        final_obs, over = np.full(self.num_envs, None, object), np.zeros(self.num_envs, bool)
        over[rows] = True
        for row, value in zip(rows, self._final_observations(wires), strict=True):
            final_obs[row] = value
        infos: dict[str, Any] = {"final_obs": final_obs, "_final_obs": over}
        infos["final_info"], infos["_final_info"] = {}, over.copy()
        for entry in ended:
            if entry.get("final_info"):
                final_info = self._server.object(entry, "final_info", "step")
                add_info(infos["final_info"], final_info, entry["env"], self.num_envs)
        return infos

    def _final_observations(self, wires: list[Any]) -> Any:
        codec = self._server.obs_codec
        try:
            if type(codec) is FlatCodec and not codec.is_bare:
                if all(type(wire) is list and len(wire) == codec.size for wire in wires):
                    return codec.decode_batch([number for wire in wires for number in wire], len(wires))
                if codec.b64 and all(type(wire) is dict for wire in wires):
                    rows = base64_arrays.to_rows(wires, codec.dtype, codec.size)
                    return rows.reshape(len(wires), *codec.shape)
            return [codec.decode(wire) for wire in wires]
        except BadValue as error:
            problem = f"a final_obs does not fit {self.single_observation_space}: {error}"
            raise self._server.connection.refuse("step", problem) from None

    def _infos(self, reply: dict[str, Any], rows: Any, infos: dict[str, Any], phase: str) -> dict[str, Any]:
        rows = list(rows)
        if reply.get("info") is not None:
            listed = reply["info"]
            if type(listed) is not list or len(listed) != len(rows) or not all(type(info) is dict for info in listed):
                raise self._server.connection.refuse(phase, f"info is no list of {len(rows)} objects")
            for row, info in zip(rows, listed, strict=True):
                if info:
                    add_info(infos, self._without_finals(info), row, self.num_envs)
        if reply.get("action_mask") is not None:
            try:
                found = masks.decode_batch(self.single_action_space, reply["action_mask"], len(rows))
            except BadValue as error:
                raise self._server.connection.refuse(phase, f"its action_mask cannot be used: {error}") from None
            for row, mask in zip(rows, found, strict=True):
                add_info(infos, {"action_mask": mask}, row, self.num_envs)
        return infos

    def _without_finals(self, info: dict[str, Any]) -> dict[str, Any]:
        """Return an info without the names that Gymnasium keeps for ended episodes."""
        if _FINALS.isdisjoint(info):
            return info
        names = ", ".join(sorted(_FINALS & info.keys()))
        self._server.connection.relay.warn_once("finals", f"has {names} in an info, which is left out")
        return {key: value for key, value in info.items() if key not in _FINALS}


def _count_of(num_envs: Any) -> int:
    try:
        count = operator.index(num_envs)
    except TypeError:
        count = 0
    if not 1 <= count <= EXACT:
        raise BadValue(f"num_envs is {show(num_envs)}, and must be an integer from 1 on")
    return count
