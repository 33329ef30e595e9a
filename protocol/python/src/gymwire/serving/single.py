"""One environment without the feature batch: nothing resets itself (SPEC 6)."""

from __future__ import annotations

from typing import Any

from gymwire.errors import BadValue, Refusal
from gymwire.number_lists import show
from gymwire.serving import requests
from gymwire.serving.env_host import EnvHost
from gymwire.serving.frames import frame_to_wire
from gymwire.serving.rewards import reward_to_wire


class Single:
    """Performs reset, step and render on the only environment of a host."""

    def __init__(self, host: EnvHost) -> None:
        self._host = host
        self._is_running = False
        self._has_begun = False

    def reset(self, request: dict[str, Any]) -> dict[str, Any]:
        """Begin an episode."""
        seed = requests.seed(request.get("seed"))
        options = requests.options(request)
        was_running, self._is_running = self._is_running, False
        try:
            reply = _members(*self._host.reset_one(0, seed, options))
        except Refusal:
            self._is_running = was_running
            raise
        self._is_running = self._has_begun = True
        return reply

    def step(self, request: dict[str, Any]) -> dict[str, Any]:
        """Advance by one step."""
        if not self._is_running:
            raise Refusal("needs_reset", "no episode is running: send reset before step")
        action = self._action(request["action"])
        self._is_running = False
        obs, info, mask, reward, terminated, truncated = self._host.step_one(0, action)
        reply = _members(obs, info, mask)
        reply["reward"] = reward_to_wire(reward)
        reply["terminated"], reply["truncated"] = terminated, truncated
        self._is_running = not (terminated or truncated)
        return reply

    def render(self, request: dict[str, Any]) -> dict[str, Any]:
        """Draw."""
        requests.integer(request, "env", most=0)
        if not self._has_begun:
            raise Refusal("needs_reset", "no episode has begun: send reset before render")
        return frame_to_wire(self._host.render(0))

    def snapshot(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the state of the episode that is running (SPEC 15.5)."""
        requests.integer(request, "env", most=0)
        if not self._is_running:
            raise Refusal("needs_reset", "no episode is running: send reset before snapshot")
        return {"state": self._host.snapshot(0)}

    def restore(self, request: dict[str, Any]) -> dict[str, Any]:
        """Go on where a state was kept (SPEC 15.6)."""
        requests.integer(request, "env", most=0)
        requests.restore(self._host, 0, request)
        self._is_running = self._has_begun = True
        return {}

    def _action(self, wire: Any) -> Any:
        codec = self._host.action_codec
        try:
            action = codec.decode(wire)
            if codec.contains(action):
                return action
        except BadValue as error:
            raise Refusal("bad_action", f"the action does not fit {self._host.action_space}: {error}") from None
        raise Refusal("bad_action", f"action {show(wire)} is outside {self._host.action_space}")


def _members(obs: Any, info: dict[str, Any], mask: Any) -> dict[str, Any]:
    reply = {"obs": obs}
    if mask is not None:
        reply["action_mask"] = mask
    if info:
        reply["info"] = info
    return reply
