"""A server as a `gymnasium.Env`."""

from __future__ import annotations

import operator
from dataclasses import asdict
from typing import Any

import gymnasium as gym
from gymnasium.spaces import Discrete

from gymwire import masks
from gymwire.driving.server import EnvServer, ServerOptions, seed_of
from gymwire.errors import BadValue, GymwireError
from gymwire.number_lists import to_float


class ProcessEnv(gym.Env):
    """One environment in a process of its own.

    Box actions out of bounds are clipped before they are sent (SPEC 9.5). `reset(seed=...)` seeds the server; the
    `np_random` of this object is seeded as well, and not used. Where the server sends action masks they are in
    `info["action_mask"]`. A copy, also one made by pickle, starts a process of its own.

    Args:
        cmd: The server's command: words, or one text that is split like a shell would, without a shell, or a path.
        render_mode: `"rgb_array"` or `"ansi"`, where the server has it.
        timeout: Seconds that a reset, step or render may take.
        startup_timeout: Seconds from the start of the process to its hello.
        b64: Whether arrays may cross as base64, which is faster where the server knows it, and exact either way.
        cwd: The folder to start the server in.
        env: The server's environment variables; those of this process by default.
        stderr: `"hide"` keeps what the server writes there for error messages; `"show"` also copies it to this stderr.
        max_line: The longest reply that is read, in bytes.

    Raises:
        ProcessError: The server could not be started, has ended, or did not answer in time.
        ProtocolError: The server's answer cannot be used.
        ServerError: The server refused a request. The environment can be used on, after a reset where one is needed.
        UnsupportedSpace: Gymnasium has no such space.
    """

    # What some server may have, for Gymnasium, which looks at the class before there is an environment.
    metadata = {"render_modes": ["rgb_array", "ansi"], "render_fps": 30}

    def __init__(self, cmd: Any, render_mode: str | None = None, **options: Any) -> None:
        self._options = ServerOptions(cmd, render_mode, **options)
        want = {} if render_mode is None else {"render_mode": render_mode}
        self._server = EnvServer(self._options, ("b64", "mask", "render", "about", "state"), want)
        hello = self._server.hello
        if render_mode is not None and hello.render_mode != render_mode:
            self._server.close()
            raise GymwireError(
                f"`{self._server.process.name}` cannot render as {render_mode!r}; "
                f"it has {hello.render_modes or 'no mode'}"
            )
        self.render_mode = hello.render_mode if render_mode is not None else None
        self.metadata = {"render_modes": hello.render_modes, "render_fps": hello.render_fps or 30}
        if hello.about:
            self.metadata["about"] = hello.about
        self.observation_space, self.action_space = hello.observation_space, hello.action_space
        kwargs = {name: value for name, value in asdict(self._options).items() if value != _DEFAULTS.get(name)}
        self.spec = self._server.spec("gymwire.driving.process_env:ProcessEnv", kwargs)
        self._decode = self._server.obs_codec.decode
        self._takes_discrete = isinstance(self.action_space, Discrete)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode and return its first observation and info."""
        seed = seed_of(seed)
        super().reset(seed=seed)
        reply = self._server.reset(seed, options)
        return self._observation(reply, "reset"), self._info(reply, "reset")

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """Advance by one step and return observation, reward, terminated, truncated and info."""
        reply = self._server.step(self._action(action))
        observation = self._observation(reply, "step")
        reward: Any = reply.get("reward")
        terminated: Any = reply.get("terminated")
        truncated: Any = reply.get("truncated")
        if type(reward) is not float or reward - reward != 0:
            reward = self._reward(reply)
        if type(terminated) is not bool or type(truncated) is not bool:
            self._server.flag(reply, "terminated", "step"), self._server.flag(reply, "truncated", "step")
        info = self._info(reply, "step", terminated or truncated) if len(reply) > _LEAST else {}
        return observation, reward, terminated, truncated, info

    def render(self) -> Any:
        """Return an array or a text, or None without a render mode."""
        return None if self.render_mode is None else self._server.render(0)

    def snapshot(self) -> str:
        """Return the state of the episode, for `restore`, where the server has the feature `state` (SPEC 15.5).

        Raises:
            GymwireError: The server has no such feature.
        """
        return self._server.snapshot(0)

    def restore(self, state: str) -> None:
        """Go back to where the state was kept, in this process or another (SPEC 15.6).

        What was observed there is not told again; the next step is taken from there.

        Raises:
            GymwireError: The server has no such feature, or cannot use the state.
        """
        self._server.restore(0, state)

    def close(self) -> None:
        """End the server's process."""
        server = self.__dict__.get("_server")
        if server is not None:
            server.close()

    def __getstate__(self) -> dict[str, Any]:
        return {"options": self._options, "spec": self.spec}

    def __setstate__(self, state: dict[str, Any]) -> None:
        ProcessEnv.__init__(self, **asdict(state["options"]))
        self.spec = state["spec"]

    def __repr__(self) -> str:
        return f"<ProcessEnv `{self._server.process.name}`>"

    def _action(self, action: Any) -> bytes:
        if self._takes_discrete:
            try:
                return b"%d" % operator.index(action)
            except TypeError:
                pass  # such as an array with one element
        return self._server.action_to_wire(action, None)

    def _observation(self, reply: dict[str, Any], phase: str) -> Any:
        try:
            return self._decode(reply["obs"])
        except KeyError:
            raise self._server.connection.refuse(phase, f"it has no obs. Its members are: {', '.join(reply)}") from None
        except BadValue as error:
            problem = f"its obs does not fit {self.observation_space}: {error}"
            raise self._server.connection.refuse(phase, problem) from None

    def _reward(self, reply: dict[str, Any]) -> float:
        try:
            return to_float(self._server.member(reply, "reward", "step"))
        except BadValue as error:
            raise self._server.connection.refuse("step", f"its reward cannot be used: {error}") from None

    def _info(self, reply: dict[str, Any], phase: str, is_over: bool = False) -> dict[str, Any]:
        info = self._server.object(reply, "info", phase) if "info" in reply else {}
        if reply.get("action_mask") is not None:
            try:
                info["action_mask"] = masks.decode(self.action_space, reply["action_mask"], is_over)
            except BadValue as error:
                if not is_over:  # after the end no action follows, so no mask matters
                    raise self._server.connection.refuse(phase, f"its action_mask cannot be used: {error}") from None
        return info


_LEAST = 5  # members of a reply without info and mask
_DEFAULTS = asdict(ServerOptions("-"))
