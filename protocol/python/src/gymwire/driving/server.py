"""A server after its hello: what it said, and the requests that an environment makes of it."""

from __future__ import annotations

import contextlib
import math
import operator
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec

from gymwire import base64_arrays, jsontext, space_json
from gymwire.codecs import codec_for
from gymwire.driving.child_process import ChildProcess, words_of
from gymwire.driving.connection import Connection
from gymwire.driving.reset_options import options_to_wire
from gymwire.errors import BadValue, GymwireError, UnsupportedSpace
from gymwire.limits import LEAST_MAX_LINE, MAX_LINE
from gymwire.number_lists import EXACT, has_overflow, show, to_integer
from gymwire.version import VERSION


@dataclass(frozen=True)
class ServerOptions:
    """How a server is started and spoken to; everything that is needed to start the same again elsewhere."""

    cmd: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]
    render_mode: str | None = None
    timeout: float = 60.0
    startup_timeout: float = 60.0
    b64: bool = True
    cwd: str | os.PathLike[str] | None = None
    env: Mapping[str, str] | None = None
    stderr: str = "hide"
    max_line: int = MAX_LINE

    def __post_init__(self) -> None:
        """Raise BadValue for what cannot be, and keep what the caller may go on to change."""
        cmd = self.cmd if isinstance(self.cmd, str) else words_of(self.cmd)
        object.__setattr__(self, "cmd", cmd)
        if self.env is not None:
            object.__setattr__(self, "env", dict(self.env))
        for name in ("timeout", "startup_timeout"):
            seconds = getattr(self, name)
            if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds > 0:
                raise BadValue(f"{name} is {show(seconds)}, and must be a number of seconds above 0")
        if type(self.max_line) is not int or not LEAST_MAX_LINE <= self.max_line <= EXACT:
            raise BadValue(f"max_line is {show(self.max_line)}, and must be an integer from {LEAST_MAX_LINE} on")
        if self.render_mode is not None and not isinstance(self.render_mode, str):
            raise BadValue(f"render_mode is {show(self.render_mode)}, and must be a text")
        if self.stderr not in ("hide", "show"):
            raise BadValue(f"stderr is {show(self.stderr)}, and must be 'hide' or 'show'")


@dataclass
class Hello:
    """What the server said of itself."""

    observation_space: spaces.Space
    action_space: spaces.Space
    features: frozenset[str]
    num_envs: int
    spec: dict[str, Any]
    render_modes: list[str] = field(default_factory=list)
    render_mode: str | None = None
    render_fps: float | None = None
    about: dict[str, Any] = field(default_factory=dict)


class Server:
    """Starts a server and says hello.

    Args:
        options: How.
        features: What this side can use beyond single messages.
        want: Its wishes.
        role: What the server must be.
    """

    def __init__(
        self, options: ServerOptions, features: Sequence[str], want: dict[str, Any], role: str = "env"
    ) -> None:
        self.options = options
        self.process = ChildProcess(options.cmd, options.cwd, options.env, options.stderr)
        self.connection = Connection(self.process, options.max_line)
        try:
            reply = self.connection.request(_hello(options, features, want), "hello", options.startup_timeout)
            self.hello = self._read_hello(reply, features, role)
        except BaseException:
            self.connection.close()
            raise
        b64 = "b64" in self.hello.features
        self.obs_codec = codec_for(self.hello.observation_space, b64, self.connection.warn_of_nested_lists)
        self.action_codec = codec_for(self.hello.action_space, b64)

    def close(self) -> None:
        """End the conversation and the process, in order where it can still be done."""
        connection = self.connection
        connection.check_owner()
        if not self.process.input.closed:
            with contextlib.suppress(GymwireError):  # it is ended all the same
                connection.request(b'"op":"close"', "close", min(2.0, self.options.timeout))
        connection.close()

    def member(self, reply: dict[str, Any], name: str, phase: str) -> Any:
        """Return a required member of a reply."""
        value = reply.get(name)
        if value is None:
            raise self.connection.refuse(phase, f"it has no {name}. Its members are: {', '.join(reply)}")
        return value

    def flag(self, reply: dict[str, Any], name: str, phase: str) -> bool:
        """Return a required truth value of a reply."""
        value = reply.get(name)
        if value is not True and value is not False:
            raise self.connection.refuse(phase, f"{name} must be true or false, and is {show(value)}")
        return value

    def object(self, reply: dict[str, Any], name: str, phase: str) -> dict[str, Any]:
        """Return an optional object of a reply."""
        value = reply.get(name)
        if value is None:
            return {}
        if type(value) is not dict:
            raise self.connection.refuse(phase, f"{name} must be an object, and is {show(value)}")
        return value

    def _read_hello(self, reply: dict[str, Any], asked: Sequence[str], role: str) -> Hello:
        refuse = self.connection.refuse
        if _integer(reply.get("version")) != 1:
            raise refuse("hello", f"its version is {show(reply.get('version'))}, and 1 was offered")
        if reply.get("role") != role:
            raise refuse("hello", f"its role is {show(reply.get('role'))}, and {show(role)} was expected")
        features = reply.get("features")
        features = [] if features is None else features
        if type(features) is not list or not all(type(name) is str and name in asked for name in features):
            raise refuse("hello", f"it switches on {show(features)}, of which {list(asked)} were asked for")
        try:
            observation_space = space_json.from_json(self.member(reply, "obs_space", "hello"), "obs_space")
            action_space = space_json.from_json(self.member(reply, "action_space", "hello"), "action_space")
        except UnsupportedSpace as error:
            self.connection.close()
            raise UnsupportedSpace(f"`{self.process.name}` has a space that cannot be used: {error}") from None
        longest = reply.get("max_line")
        if longest is not None:
            self.connection.longest_request = _integer(longest)
            if self.connection.longest_request < LEAST_MAX_LINE:
                raise refuse("hello", f"its max_line is {show(longest)}, and must be at least {LEAST_MAX_LINE}")
        num_envs = 1 if reply.get("num_envs") is None else _integer(reply["num_envs"])
        if num_envs < 1:
            raise refuse("hello", f"num_envs is {show(reply['num_envs'])}, and must be an integer from 1 on")
        modes, fps = reply.get("render_modes"), reply.get("render_fps")
        mode = reply.get("render_mode")
        return Hello(
            observation_space,
            action_space,
            frozenset(features),
            num_envs,
            self.object(reply, "spec", "hello"),
            [mode for mode in modes if type(mode) is str] if type(modes) is list else [],
            mode if type(mode) is str and "render" in features else None,
            _finite(fps),
            self._read_about(reply) if "about" in features else {},
        )

    def _read_about(self, reply: dict[str, Any]) -> dict[str, Any]:
        """Return what the server says of itself, with the space of its options as Gymnasium has it (SPEC 11.5)."""
        about = dict(self.object(reply, "about", "hello"))
        if about.get("options") is not None:
            try:
                about["options"] = space_json.from_json(about["options"], "about.options")
            except UnsupportedSpace:
                del about["options"]  # it is for tools and people, and nothing depends on it
        return about


class EnvServer(Server):
    """A server of role env."""

    def step(self, action: bytes) -> dict[str, Any]:
        """Send an action in its wire form and return the reply."""
        return self.connection.request(b'"op":"step","action":' + action, "step", self.options.timeout)

    def action_to_wire(self, action: Any, count: int | None) -> bytes:
        """Return an action, or a batch of them, as it crosses, clipped to its bounds. Raises BadValue."""
        codec = self.action_codec
        try:
            if count is None:
                return jsontext.dumps(codec.encode(codec.clip(action)))
            return jsontext.dumps(codec.encode_batch(codec.clip_batch(action, count), count))
        except BadValue as error:
            raise BadValue(f"{_whose(count)} does not fit {self.hello.action_space}: {error}") from None
        except Exception as error:  # such as an object whose own methods fail
            problem = f"{_whose(count)}, {show(action)}, is no value of {self.hello.action_space}: {error!r}"
            raise BadValue(problem) from error

    def reset(self, seed: Any, options: dict[str, Any] | None, envs: list[int] | None = None) -> dict[str, Any]:
        """Send a reset and return the reply."""
        members = b'"op":"reset"'
        if seed is not None:
            members += b',"seed":' + jsontext.dumps(seed)
        if envs is not None:
            members += b',"envs":' + jsontext.dumps(envs)
        if options is not None:
            members += b',"options":' + jsontext.dumps(options_to_wire(options))
        return self.connection.request(members, "reset", self.options.timeout)

    def render(self, row: int) -> Any:
        """Return the frame of one sub-environment: an array or a text."""
        if self.hello.render_mode is None:
            return None
        reply = self.connection.request(b'"op":"render","env":%d' % row, "render", self.options.timeout)
        if type(reply.get("text")) is str:
            return reply["text"]
        try:
            frame = reply["frame"]
            height, width, depth = (to_integer(extent) for extent in frame["shape"])
            if min(height, width, depth) < 0:
                raise BadValue(f"its shape is {frame['shape']}")
            pixels = base64_arrays.to_array(frame, np.dtype(np.uint8), height * width * depth, strict=False)
            return pixels.reshape(height, width, depth)
        except (KeyError, TypeError, ValueError) as error:
            raise self.connection.refuse("render", f"it has neither a text nor a frame ({error!r})") from None

    def snapshot(self, row: int) -> str:
        """Return the state of one sub-environment's episode."""
        self._require_states()
        reply = self.connection.request(b'"op":"snapshot","env":%d' % row, "snapshot", self.options.timeout)
        state = self.member(reply, "state", "snapshot")
        if type(state) is not str:
            raise self.connection.refuse("snapshot", f"state must be a string, and is {show(state)}")
        return state

    def restore(self, row: int, state: str) -> None:
        """Put one sub-environment where its state was kept."""
        self._require_states()
        members = b'"op":"restore","env":%d,"state":' % row + jsontext.dumps(state)
        self.connection.request(members, "restore", self.options.timeout)

    def _require_states(self) -> None:
        if "state" not in self.hello.features:
            raise GymwireError(f"`{self.process.name}` keeps no states: it does not have the feature state (SPEC 15.5)")

    def spec(self, entry_point: str, kwargs: dict[str, Any]) -> EnvSpec:
        """Return a Gymnasium spec that makes this environment again, with what the server said about the task."""
        said = self.hello.spec
        name = said.get("id")
        limit, threshold = said.get("max_episode_steps"), said.get("reward_threshold")
        arguments: dict[str, Any] = dict(
            entry_point=entry_point,
            reward_threshold=_finite(threshold),
            nondeterministic=said.get("nondeterministic") is True,
            max_episode_steps=limit if type(limit) is int and limit > 0 else None,
            kwargs=kwargs,
        )
        try:
            return EnvSpec(id=name if type(name) is str else "gymwire/Process-v0", **arguments)
        except Exception:  # an id that Gymnasium does not take
            return EnvSpec(id="gymwire/Process-v0", **arguments)


def seed_of(seed: Any) -> int | None:
    """Return a seed as it crosses. Raises BadValue for one that cannot."""
    if seed is None:
        return None
    try:
        number = operator.index(seed)
    except TypeError:
        number = -1
    if not 0 <= number <= EXACT:
        raise BadValue(f"the seed {show(seed)} is not an integer from 0 to {EXACT}")
    return number


def _whose(count: int | None) -> str:
    return "the action" if count is None else f"the batch of {count} actions"


def _integer(value: Any) -> int:
    """Return an integer of hello, or -1 for anything else; none may be negative."""
    try:
        return to_integer(value)
    except BadValue:
        return -1


def _finite(value: Any) -> float | None:
    return float(value) if type(value) in (int, float) and not has_overflow(value) and math.isfinite(value) else None


def _hello(options: ServerOptions, features: Sequence[str], want: dict[str, Any]) -> bytes:
    client = {"name": "gymwire (Python)", "version": VERSION}
    members = b'"op":"hello","versions":[1],"client":' + jsontext.dumps(client)
    if options.max_line != MAX_LINE:
        members = b'"op":"hello","max_line":%d,"versions":[1],"client":' % options.max_line + jsontext.dumps(client)
    members += b',"features":' + jsontext.dumps(list(features))
    return members + b',"want":' + jsontext.dumps(want) if want else members
