"""One native vector environment, stepped as a whole, with the protocol's reset within the step (SPEC 12.5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv

from gymwire.errors import BadOptions, Refusal
from gymwire.serving.host import BatchReset, BatchStep, Ended, Fault, Host
from gymwire.serving.returned import BadReturn, five_of, pair_of
from gymwire.serving.returned_batch import flags_of, infos_of, observations_of, rewards_of
from gymwire.serving.row_reset import Resetter, resetter_for


class VectorHost(Host):
    """A `gymnasium.vector.VectorEnv` of any autoreset mode.

    It keeps its own way with seeds: most native ones draw for all sub-environments from one generator, so that a batch
    of N is not the same as N single ones.
    """

    def __init__(self, envs: VectorEnv) -> None:
        self.envs = envs
        self.num_envs = envs.num_envs
        self.observation_space, self.action_space = envs.single_observation_space, envs.single_action_space
        self.spec, self.metadata, self.render_mode = envs.spec, envs.metadata or {}, envs.render_mode
        self._resets_itself = _mode(envs) is AutoresetMode.SAME_STEP
        self._resetter: Resetter | None = None if self._resets_itself else resetter_for(envs)

    def reset(self, rows: list[int], seeds: list[int | None], options: Any) -> BatchReset:
        if len(rows) == self.num_envs:
            result = self._reset_all([seeds[index] for index in np.argsort(rows)], options)
        elif self._resetter is None:
            raise Refusal("bad_message", f"{type(self.envs).__name__} cannot reset some of its sub-environments only")
        elif any(seed is not None for seed in seeds):
            raise Refusal("bad_seed", f"{type(self.envs).__name__} cannot seed some of its sub-environments only")
        else:
            result = self._reset_rows(rows, options)
        observations, infos = _guard(self._observed, result)
        crossing, masks = self._crossing(infos)
        if rows == list(range(self.num_envs)):
            return BatchReset(observations, crossing, masks)
        values = self.obs_codec.split(observations, self.num_envs)
        stacked = self.obs_codec.stack([values[row] for row in rows])
        return BatchReset(stacked, [crossing[row] for row in rows], [masks[row] for row in rows])

    def step(self, actions: Any) -> BatchStep:
        count = self.num_envs
        observations, rewards, terminated, truncated, infos = _guard(lambda: self._stepped(self.envs.step(actions)))
        over = terminated | truncated
        if not over.any():
            crossing, masks = self._crossing(_guard(infos_of, infos, count))
            return BatchStep(observations, crossing, masks, rewards)
        rows = [int(row) for row in np.flatnonzero(over)]
        if self._resets_itself:
            infos, finals, final_obs = _guard(self._finals, infos, rows)
            final_infos, _ = self._crossing(finals, over)
            crossing, masks = self._crossing(infos)
        else:
            final_obs = self.obs_codec.split(observations, count)
            final_infos, masks = self._crossing(_guard(infos_of, infos, count), over)
            observations, fresh = _guard(self._observed, self._reset_rows(rows, None))
            begun, begun_masks = self._crossing(fresh)
            crossing = [begun[row] if over[row] else final_infos[row] for row in range(count)]
            masks = [begun_masks[row] if over[row] else masks[row] for row in range(count)]
        ended = [
            Ended(row, bool(terminated[row]), bool(truncated[row]), final_obs[row], final_infos[row]) for row in rows
        ]
        return BatchStep(observations, crossing, masks, rewards, ended)

    def render(self, row: int) -> Any:
        frames: Any = _guard(self.envs.render)
        return _guard(lambda: frames[row])

    def close(self) -> None:
        self.envs.close()

    def _reset_all(self, seeds: list[int | None], options: Any) -> Any:
        try:
            return self.envs.reset(seed=_one_seed(seeds), options=options)
        except BadOptions as error:
            raise Refusal("bad_options", str(error)) from error
        except Exception as error:
            raise Fault() from error

    def _reset_rows(self, rows: list[int], options: Any) -> Any:
        mask = np.zeros(self.num_envs, bool)
        mask[rows] = True
        resetter: Any = self._resetter
        return _guard(resetter, self.envs, mask, options)

    def _observed(self, result: Any) -> tuple[Any, list[dict[str, Any]]]:
        observations, infos = pair_of(result)
        return observations_of(observations, self.obs_codec, self.num_envs), infos_of(infos, self.num_envs)

    def _stepped(self, result: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, Any]:
        observations, rewards, terminated, truncated, infos = five_of(result)
        return (
            observations_of(observations, self.obs_codec, self.num_envs),
            rewards_of(rewards, self.num_envs),
            flags_of(terminated, "terminated", self.num_envs),
            flags_of(truncated, "truncated", self.num_envs),
            infos,
        )

    def _finals(self, infos: Any, rows: list[int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]], Any]:
        """Return the infos of the new episodes, and infos and observations of the ended ones."""
        rest = dict(infos or {})  # the environment's own dict stays whole
        final_obs, final_infos = rest.pop("final_obs", None), rest.pop("final_info", None)
        rest.pop("_final_obs", None), rest.pop("_final_info", None)
        if final_obs is None:
            raise BadReturn("episodes have ended, and the infos have no final_obs, as the autoreset mode SameStep asks")
        kept = {row: self.judge.observation(final_obs[row]) for row in rows}
        return infos_of(rest, self.num_envs), infos_of(final_infos, self.num_envs), kept

    def _crossing(
        self, infos: list[dict[str, Any]], over: np.ndarray | None = None
    ) -> tuple[list[dict[str, Any]], list[Any]]:
        """Return infos as plain JSON, and their masks; a mask of a row that is over stays in its info."""
        if not any(infos):
            return [{}] * self.num_envs, [None] * self.num_envs
        pairs = [_guard(self.judge.info, info, over is not None and bool(over[row])) for row, info in enumerate(infos)]
        return [info for info, _ in pairs], [mask for _, mask in pairs]


def _guard(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return call(*args, **kwargs)
    except Fault:
        raise
    except Exception as error:
        raise Fault(error.row if isinstance(error, BadReturn) else None) from error


def _mode(envs: VectorEnv) -> AutoresetMode:
    mode = (envs.metadata or {}).get("autoreset_mode", AutoresetMode.NEXT_STEP)
    return mode if isinstance(mode, AutoresetMode) else AutoresetMode(mode)


def _one_seed(seeds: list[int | None]) -> Any:
    """Return seeds as Gymnasium's vector environments take them: s for s, s+1, ..."""
    if all(seed is None for seed in seeds):
        return None
    if seeds[0] is not None and seeds == [seeds[0] + row for row in range(len(seeds))]:
        return seeds[0]
    return seeds
