"""The infos of a vector environment: one object for all, put together and taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np


def add_info(infos: dict[str, Any], info: dict[str, Any], row: int, count: int) -> None:
    """Put the info of one sub-environment into the one of all, as Gymnasium lays it out.

    There is an array for each key and a mask `_key` beside it; dicts are joined member by member. Where the values of
    the rows have no dtype in common, the array is one of objects: no value is changed, and none is an error.
    """
    for key, value in info.items():
        mask = infos.get(f"_{key}")
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_:
            mask = np.zeros(count, bool)
        present = infos.get(key) if mask.any() else None
        if isinstance(value, dict) and (present is None or isinstance(present, dict)):
            present = {} if present is None else present
            add_info(present, value, row, count)
        else:
            if isinstance(present, dict):
                present = _objects([part or None for part in split_infos(present, count)])
            present = _with(present, mask, row, value)
        mask[row] = True
        infos[key], infos[f"_{key}"] = present, mask


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


def _with(array: np.ndarray | None, mask: np.ndarray, row: int, value: Any) -> np.ndarray:
    """Return the array with a value in a row, of another dtype where that is needed to hold it."""
    dtype, shape = _form(value)
    if array is None:
        array = np.full(len(mask), None, object) if dtype.kind == "O" else np.zeros((len(mask), *shape), dtype)
    elif array.dtype.kind == "O" or (array.dtype, array.shape[1:]) == (dtype, shape):
        pass
    elif {array.dtype, dtype} == {np.dtype(int), np.dtype(float)} and array.shape[1:] == shape == ():
        array = array.astype(float)  # JSON writes 1.0 as 1 where it likes
    else:
        array = _objects([array[index] if has else None for index, has in enumerate(mask)])
    array[row] = value
    return array


def _form(value: Any) -> tuple[np.dtype, tuple[int, ...]]:
    if isinstance(value, (np.ndarray, np.number)):
        return value.dtype, value.shape
    if type(value) in (bool, float) or (type(value) is int and -(2**63) <= value < 2**63):
        return np.dtype(type(value)), ()
    return np.dtype(object), ()


def _objects(values: list[Any]) -> np.ndarray:
    array = np.full(len(values), None, object)
    for index, value in enumerate(values):
        array[index] = value
    return array
