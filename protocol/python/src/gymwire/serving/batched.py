"""N sub-environments with the feature batch: what ends is reset within the step (SPEC 12)."""

from __future__ import annotations

from typing import Any

from gymwire import masks
from gymwire.errors import BadValue, Refusal
from gymwire.number_lists import EXACT, show
from gymwire.serving import requests
from gymwire.serving.frames import frame_to_wire
from gymwire.serving.host import BatchReset, Ended, Host
from gymwire.serving.rewards import rewards_to_wire


class Batched:
    """Performs reset, step and render on all sub-environments of a host."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._waiting = set(range(host.num_envs))
        """The sub-environments that need a reset before a step."""
        self._has_begun = False

    def reset(self, request: dict[str, Any]) -> dict[str, Any]:
        """Begin episodes, in all sub-environments or in those that `envs` names."""
        rows = self._rows(request.get("envs"))
        if not self._has_begun and len(rows) < self._host.num_envs:
            raise Refusal("needs_reset", "the first reset must address all sub-environments")
        seeds = self._seeds(request.get("seed"), rows)
        options = requests.options(request)
        before = set(self._waiting)
        self._waiting.update(rows)
        try:
            observed = self._host.reset(rows, seeds, options)
        except Refusal:
            self._waiting = before
            raise
        reply = self._members(observed, len(rows))
        self._waiting.difference_update(rows)
        self._has_begun = True
        return reply

    def step(self, request: dict[str, Any]) -> dict[str, Any]:
        """Advance all by one step."""
        if self._waiting:
            row = min(self._waiting)
            raise Refusal("needs_reset", f"no episode is running in sub-environment {row}: send reset", {"env": row})
        actions = self._actions(request["action"])
        count = self._host.num_envs
        self._waiting.update(range(count))
        stepped = self._host.step(actions)
        reply = self._members(stepped, count)
        reply["reward"] = rewards_to_wire(stepped.rewards, self._host.obs_codec.b64)
        reply["ended"] = [self._end(ended) for ended in stepped.ended]
        self._waiting.clear()
        return reply

    def render(self, request: dict[str, Any]) -> dict[str, Any]:
        """Draw one sub-environment."""
        row = requests.integer(request, "env", most=self._host.num_envs - 1) or 0
        if not self._has_begun:
            raise Refusal("needs_reset", "no episode has begun: send reset before render")
        return frame_to_wire(self._host.render(row))

    def snapshot(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the state of one sub-environment's episode (SPEC 15.5)."""
        row = requests.integer(request, "env", most=self._host.num_envs - 1) or 0
        if row in self._waiting:
            raise Refusal("needs_reset", f"no episode is running in sub-environment {row}: send reset", {"env": row})
        return {"state": self._host.snapshot(row)}

    def restore(self, request: dict[str, Any]) -> dict[str, Any]:
        """Let one sub-environment go on where a state was kept (SPEC 15.6)."""
        row = requests.integer(request, "env", most=self._host.num_envs - 1) or 0
        requests.restore(self._host, row, request)
        self._waiting.discard(row)
        self._has_begun = self._has_begun or not self._waiting
        return {}

    def _rows(self, envs: Any) -> list[int]:
        count = self._host.num_envs
        if envs is None:
            return list(range(count))
        is_right = type(envs) is list and envs and all(type(row) is int and 0 <= row < count for row in envs)
        if not is_right or len(set(envs)) != len(envs):
            raise Refusal("bad_message", f"envs is {show(envs)}, and must list distinct indices from 0 to {count - 1}")
        return envs

    def _seeds(self, seed: Any, rows: list[int]) -> list[int | None]:
        if type(seed) is list:
            if len(seed) != len(rows):
                raise Refusal("bad_seed", f"{len(seed)} seeds came for {len(rows)} sub-environments")
            return [requests.seed(each) for each in seed]
        first = requests.seed(seed)
        if first is None:
            return [None] * len(rows)
        if first + max(rows) > EXACT:
            raise Refusal("bad_seed", f"seed {first} for sub-environment 0 is above {EXACT} for {max(rows)}")
        return [first + row for row in rows]

    def _actions(self, wire: Any) -> Any:
        codec, count = self._host.action_codec, self._host.num_envs
        try:
            actions = codec.decode_batch(wire, count)
            row = codec.first_outside(actions, count)
        except BadValue as error:
            data = {} if error.row is None else {"env": error.row}
            raise Refusal("bad_action", f"an action does not fit {self._host.action_space}: {error}", data) from None
        if row is not None:
            message = f"the action of sub-environment {row} is outside {self._host.action_space}"
            raise Refusal("bad_action", message, {"env": row})
        return actions

    def _members(self, observed: BatchReset, count: int) -> dict[str, Any]:
        reply: dict[str, Any] = {"obs": self._host.obs_codec.encode_batch(observed.obs, count)}
        if any(mask is not None for mask in observed.masks):
            reply["action_mask"] = masks.join(self._host.action_space, observed.masks)
        if any(observed.infos):
            reply["info"] = observed.infos
        return reply

    def _end(self, ended: Ended) -> dict[str, Any]:
        entry = {
            "env": ended.row,
            "terminated": ended.terminated,
            "truncated": ended.truncated,
            "final_obs": self._host.obs_codec.encode(ended.final_obs),
        }
        if ended.final_info:
            entry["final_info"] = ended.final_info
        return entry
