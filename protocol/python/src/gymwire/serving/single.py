"""One environment without the feature batch: nothing resets itself (SPEC 6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gymwire import masks
from gymwire.errors import BadValue, Refusal
from gymwire.number_lists import show
from gymwire.plain_json import plain
from gymwire.serving import requests
from gymwire.serving.env_host import EnvHost
from gymwire.serving.frames import frame_to_wire
from gymwire.serving.host import Fault
from gymwire.serving.rewards import reward_to_wire


class Single:
    """Performs reset, step and render on the only environment of a host."""

    def __init__(self, host: EnvHost, sends_masks: bool, warn: Callable[[str], None]) -> None:
        self._host, self._sends_masks, self._warn = host, sends_masks, warn
        self._is_running = False
        self._has_begun = False

    def reset(self, request: dict[str, Any]) -> dict[str, Any]:
        """Begin an episode."""
        seed = requests.seed(request.get("seed"))
        options = options_of(request)
        was_running, self._is_running = self._is_running, False
        try:
            obs, info = self._host.reset_one(0, seed, options)
        except Refusal:
            self._is_running = was_running
            raise
        reply = self._observed(obs, info)
        self._is_running = self._has_begun = True
        return reply

    def step(self, request: dict[str, Any]) -> dict[str, Any]:
        """Advance by one step."""
        if not self._is_running:
            raise Refusal("needs_reset", "no episode is running: send reset before step")
        action = self._action(request["action"])
        self._is_running = False
        obs, reward, terminated, truncated, info = self._host.step_one(0, action)
        reply = self._observed(obs, info)
        reply["reward"] = reward_to_wire(reward)
        reply["terminated"], reply["truncated"] = bool(terminated), bool(truncated)
        self._is_running = not (terminated or truncated)
        return reply

    def render(self, request: dict[str, Any]) -> dict[str, Any]:
        """Draw."""
        requests.integer(request, "env", most=0)
        if not self._has_begun:
            raise Refusal("needs_reset", "no episode has begun: send reset before render")
        return frame_to_wire(self._host.render(0))

    def _action(self, wire: Any) -> Any:
        codec = self._host.action_codec
        try:
            action = codec.decode(wire)
            if codec.contains(action):
                return action
        except BadValue as error:
            raise Refusal("bad_action", f"the action does not fit {self._host.action_space}: {error}") from None
        raise Refusal("bad_action", f"action {show(wire)} is outside {self._host.action_space}")

    def _observed(self, obs: Any, info: dict[str, Any]) -> dict[str, Any]:
        try:
            reply: dict[str, Any] = {"obs": self._host.obs_codec.encode(obs)}
        except BadValue as error:
            raise Fault() from error
        if info:
            if self._sends_masks and "action_mask" in info:
                info = dict(info)
                mask = mask_of(self._host.action_space, info, self._warn)
                if mask is not None:
                    reply["action_mask"] = mask
            if info:
                reply["info"] = plain(info, self._warn)
        return reply


def options_of(request: dict[str, Any]) -> dict[str, Any] | None:
    """Return the options of a reset. Raises Refusal `bad_options`."""
    options = request.get("options")
    if options is not None and type(options) is not dict:
        raise Refusal("bad_options", f"options {show(options)} is not an object")
    return options


def mask_of(space: Any, info: dict[str, Any], warn: Callable[[str], None]) -> Any:
    """Take the mask out of an info and return its wire form, or leave it there where it is no mask of the space."""
    try:
        mask = masks.encode(space, info["action_mask"])
    except BadValue as error:
        warn(f"info['action_mask'] is not sent as a mask: {error}")
        return None
    del info["action_mask"]
    return mask
