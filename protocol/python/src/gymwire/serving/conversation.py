"""One conversation, from hello to close: requests in, replies out, no input or output of its own (SPEC 3 to 7)."""

from __future__ import annotations

import math
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from gymwire import jsontext, space_json
from gymwire.codecs import codec_for
from gymwire.errors import BadValue, Refusal, UnsupportedSpace
from gymwire.limits import LEAST_MAX_LINE, MAX_LINE
from gymwire.number_lists import EXACT, show, to_integer
from gymwire.plain_json import plain
from gymwire.serving import requests
from gymwire.serving.batched import Batched
from gymwire.serving.host import Fault, Host
from gymwire.serving.returned import BadReturn, Judge
from gymwire.serving.single import Single
from gymwire.serving.source import Source, crossing_modes
from gymwire.version import VERSION

VERSIONS = [1]
FEATURES = ("batch", "b64", "mask", "render", "about", "state")


class Conversation:
    """Answers the requests of one driver.

    Args:
        source: Where the environments come from.
        send: Called with each line that is written before a reply, which is a notification (SPEC 3.4).
    """

    def __init__(self, source: Source, send: Callable[[bytes], None]) -> None:
        self._source, self._send = source, send
        self._host: Host | None = None
        self._episodes: Single | Batched | None = None
        self._longest_reply = MAX_LINE
        self._warned: set[str] = set()
        self._features: list[str] = []
        self.is_over = False
        self.failed = False

    def answer(self, line: bytes) -> bytes:
        """Return the reply to one line, without its end."""
        number: int | None = None
        try:
            request = requests.parse(line)
            number = requests.integer(request, "id")
            if number is None:
                raise Refusal("bad_message", "id is missing")
            reply = {"id": number, **self._perform(request)}
            text = jsontext.dumps(reply)
            if len(text) > self._longest_reply:
                raise Refusal(
                    "too_large",
                    f"the reply has {len(text)} bytes, and the driver reads {self._longest_reply}",
                    fatal=True,
                )
            return text
        except Refusal as refusal:
            return self._error(number, refusal)
        except Exception as error:
            return self._error(number, Refusal("internal", f"{type(error).__name__}: {error}", _details(error)))

    def refuse(self, refusal: Refusal) -> bytes:
        """Return the answer to a line that could not be read."""
        return self._error(None, refusal)

    def close(self) -> None:
        """Close the environments."""
        (self._host or self._source).close()

    def warn(self, text: str) -> None:
        """Tell the driver something, once: what comes after a colon may differ each time."""
        topic = text.partition(":")[0]
        if topic not in self._warned:
            self._warned.add(topic)
            self._send(jsontext.dumps({"op": "log", "level": "warning", "text": text}))

    def _error(self, number: int | None, refusal: Refusal) -> bytes:
        error: dict[str, Any] = {"code": refusal.code, "message": str(refusal)}
        if refusal.fatal:
            error["fatal"] = self.is_over = self.failed = True
        if refusal.data:
            error["data"] = refusal.data
        return jsontext.dumps({"id": number, "error": error})

    def _perform(self, request: dict[str, Any]) -> dict[str, Any]:
        op = request.get("op")
        if type(op) is not str:
            raise Refusal("bad_message", "op is missing, or is not a string")
        if op == "step":
            if "action" not in request:
                raise Refusal("bad_message", "step needs an action")
            return self._guard(self._ready().step, request)
        if op == "reset":
            return self._guard(self._ready().reset, request)
        if op == "hello":
            return self._hello(request)
        if op == "close":
            self._ready()
            self.is_over = True
            return {}
        if op == "render" and self._host is not None and self._renders():
            return self._guard(self._ready().render, request)
        if op in ("snapshot", "restore") and "state" in self._features:
            episodes = self._ready()
            return self._guard(episodes.snapshot if op == "snapshot" else episodes.restore, request)
        raise Refusal("unknown_op", f"there is no op {show(op)}, or its feature is not on")

    def _ready(self) -> Single | Batched:
        if self._episodes is None:
            raise Refusal("not_ready", "send hello first")
        return self._episodes

    def _renders(self) -> bool:
        return (
            "render" in self._features
            and self._host is not None
            and self._host.render_mode in crossing_modes(self._host.metadata)
        )

    def _guard(self, perform: Callable[[dict[str, Any]], dict[str, Any]], request: dict[str, Any]) -> dict[str, Any]:
        """Perform a request; what the environment raises becomes `env_error` (SPEC 7.8)."""
        try:
            return perform(request)
        except Fault as fault:
            cause = fault.__cause__ or fault
            data = {} if fault.row is None else {"env": fault.row}
            if isinstance(cause, BadReturn):  # there is nothing to see in where this package noticed it
                raise Refusal("env_error", str(cause), data) from cause
            raise Refusal("env_error", f"{type(cause).__name__}: {cause}", {**data, **_details(cause)}) from cause

    def _hello(self, request: dict[str, Any]) -> dict[str, Any]:
        if self._host is not None:
            raise Refusal("bad_message", "hello has already succeeded")
        versions = request.get("versions")
        try:
            versions = [to_integer(version) for version in versions] if type(versions) is list else None
        except BadValue:
            versions = None
        if versions is None:
            raise Refusal("bad_message", "versions must be a list of integers")
        features = requests.member(request, "features", list, [])
        if not all(type(feature) is str for feature in features):
            raise Refusal("bad_message", "features must be a list of strings")
        requests.member(request, "client", dict, {})
        want = requests.member(request, "want", dict, {})
        num_envs = requests.integer(want, "num_envs", least=1) or 1
        render_mode = requests.member(want, "render_mode", str, None)
        longest = requests.integer(request, "max_line", least=LEAST_MAX_LINE)
        common = set(versions) & set(VERSIONS)
        if not common:
            raise Refusal("unsupported_version", "this server speaks version 1", {"versions": VERSIONS})
        on = [feature for feature in FEATURES if feature in features]
        host = self._open(num_envs if "batch" in on else 1, "batch" in on, render_mode)
        try:
            spaces = {
                "obs_space": space_json.to_json(host.observation_space, "obs"),
                "action_space": space_json.to_json(host.action_space, "action"),
            }
            about = _about(host.metadata.get("about")) if "about" in on else None
        except UnsupportedSpace as error:
            host.close()
            raise Refusal("unsupported_space", str(error), fatal=True) from None
        if about is None:
            on = [feature for feature in on if feature != "about"]
        if not host.keeps_states:
            on = [feature for feature in on if feature != "state"]
        self._host, self._features, self._longest_reply = host, on, longest or MAX_LINE
        b64, is_batch = "b64" in on, "batch" in on
        obs_codec, action_codec = codec_for(host.observation_space, b64), codec_for(host.action_space, b64)
        judge = Judge(obs_codec, host.action_space, "mask" in on, is_batch, self.warn)
        host.begin(obs_codec, action_codec, judge)
        self._episodes = Batched(host) if is_batch else Single(host)  # type: ignore[arg-type]
        reply: dict[str, Any] = {
            "version": max(common),
            "role": "env",
            "server": {"name": "gymwire (Python)", "version": VERSION},
            "features": on,
        }
        if "batch" in on:
            reply["num_envs"] = host.num_envs
        reply |= {"spec": _spec(host.spec), **spaces}
        if about is not None:
            reply["about"] = about
        if "render" in on:
            reply["render_modes"] = modes = crossing_modes(host.metadata)
            reply["render_mode"] = host.render_mode if host.render_mode in modes else None
            frames = host.metadata.get("render_fps")
            if isinstance(frames, (int, float)) and math.isfinite(frames):
                reply["render_fps"] = frames
        return reply

    def _open(self, num_envs: int, batched: bool, render_mode: str | None) -> Host:
        try:
            return self._source.open(num_envs, batched, render_mode)
        except Refusal:
            raise
        except Exception as error:
            message = f"the environments could not be made. {type(error).__name__}: {error}"
            raise Refusal("env_error", message, _details(error), fatal=True) from error


def _about(about: Any) -> dict[str, Any] | None:
    """Return what an environment's metadata says about it, for the wire (SPEC 11.5 to 11.8)."""
    if not isinstance(about, dict):
        return None
    options = about.get("options")
    return plain(about) if options is None else {
        **plain({name: value for name, value in about.items() if name != "options"}),
        "options": space_json.to_json(options, "about.options"),
    }


def _details(error: BaseException) -> dict[str, Any]:
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    return {"type": type(error).__name__, "traceback": "".join(lines)[-16384:]}


def _spec(spec: Any) -> dict[str, Any]:
    """Return what the driver may know about the task (SPEC 4.11), which an environment may describe as it likes."""
    name, limit = getattr(spec, "id", None), getattr(spec, "max_episode_steps", None)
    threshold = getattr(spec, "reward_threshold", None)
    description: dict[str, Any] = {}
    if isinstance(name, str):
        description["id"] = plain(name)
    if isinstance(limit, (int, np.integer)) and 0 < limit <= EXACT:
        description["max_episode_steps"] = int(limit)
    if isinstance(threshold, (int, float, np.number)) and math.isfinite(threshold):
        description["reward_threshold"] = float(threshold)
    if getattr(spec, "nondeterministic", False):
        description["nondeterministic"] = True
    return description
