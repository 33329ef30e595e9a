"""The infos of a vector environment, one object for all, taken apart."""

from __future__ import annotations

from typing import Any


def split_infos(infos: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Return the infos of N sub-environments from Gymnasium's one object with `_key` masks beside the keys."""
    rows: list[dict[str, Any]] = [{} for _ in range(count)]
    for key, values in infos.items():
        if key.startswith("_") and key[1:] in infos:
            continue
        mask = infos.get(f"_{key}")
        parts = split_infos(values, count) if isinstance(values, dict) else values
        if not hasattr(parts, "__len__") or isinstance(parts, str) or len(parts) != count:
            parts = [values] * count  # about all of them, such as a constant
        for row in range(count):
            if mask is None or mask[row]:
                rows[row][key] = parts[row]
    return rows
