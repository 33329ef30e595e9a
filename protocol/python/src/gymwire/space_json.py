"""Gymnasium's spaces to and from their descriptions (SPEC 10)."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.errors import BadValue, UnsupportedSpace
from gymwire.limits import MAX_LINE
from gymwire.number_lists import EXACT, from_array, limits, show, to_array, to_integer

DTYPES = frozenset(
    ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool"]
)
_INTEGERS = frozenset(name for name in DTYPES if "int" in name)
_ALPHANUMERIC = spaces.Text(1).character_list


def to_json(space: spaces.Space, path: str) -> dict[str, Any]:
    """Return the description of a space.

    Args:
        space: One of Gymnasium's ten, or of a class derived from one.
        path: What to call it in an error, such as `obs` or `obs.camera`.

    Raises:
        UnsupportedSpace: The space, or one within it, has no form on the wire.
    """
    for kind, describe in _DESCRIBE.items():
        if isinstance(space, kind):
            return {"type": kind.__name__, **describe(space, path)}
    what = f"{path} is a {type(space).__name__}, which is none of Gymnasium's ten spaces"
    if any(kind.__module__.partition(".")[0] == "gym" for kind in type(space).__mro__):
        raise UnsupportedSpace(f"{what} but one of the old gym: make it with gymnasium.spaces")
    raise UnsupportedSpace(
        f"{what}. A wrapper can leave it out or put one of them in its place: write a function that returns the "
        "wrapped environment, and serve it as module:function"
    )


def _box(space: spaces.Box, path: str) -> dict[str, Any]:
    return {
        "shape": list(space.shape),
        "dtype": _dtype_name(space, DTYPES, path),
        "low": _one_or_all(space.low),
        "high": _one_or_all(space.high),
    }


def _discrete(space: spaces.Discrete, path: str) -> dict[str, Any]:
    dtype = _dtype_name(space, _INTEGERS, path)
    description: dict[str, Any] = {"n": from_array(np.asarray(space.n))[0]}
    if space.start != 0:
        description["start"] = from_array(np.asarray(space.start))[0]
    return description if dtype == "int64" else {**description, "dtype": dtype}


def _multi_discrete(space: spaces.MultiDiscrete, path: str) -> dict[str, Any]:
    description = {"shape": list(space.shape), "nvec": _one_or_all(space.nvec)}
    if np.any(space.start != 0):
        description["start"] = _one_or_all(space.start)
    dtype = _dtype_name(space, _INTEGERS, path)
    return description if dtype == "int64" else {**description, "dtype": dtype}


def _text(space: spaces.Text, path: str) -> dict[str, Any]:
    description: dict[str, Any] = {"min_length": space.min_length, "max_length": space.max_length}
    if space.character_list != _ALPHANUMERIC:
        description["charset"] = "".join(space.character_list)
    return description


def _dict(space: spaces.Dict, path: str) -> dict[str, Any]:
    for key in space.spaces:
        if not isinstance(key, str):
            raise UnsupportedSpace(f"{path} has the key {key!r}: the keys of a Dict must be strings")
    return {"spaces": [[key, to_json(member, f"{path}.{key}")] for key, member in space.spaces.items()]}


def _several(space: spaces.Tuple | spaces.OneOf, path: str) -> dict[str, Any]:
    return {"spaces": [to_json(member, f"{path}.{index}") for index, member in enumerate(space.spaces)]}


def _graph(space: spaces.Graph, path: str) -> dict[str, Any]:
    for name, member in (("node_space", space.node_space), ("edge_space", space.edge_space)):
        if not isinstance(member, (spaces.Box, spaces.Discrete, type(None))):
            raise UnsupportedSpace(f"{path}.{name} is a {type(member).__name__}, and must be a Box or a Discrete")
    edges = None if space.edge_space is None else to_json(space.edge_space, f"{path}.edge_space")
    return {"node_space": to_json(space.node_space, f"{path}.node_space"), "edge_space": edges}


_DESCRIBE: dict[type, Callable[[Any, str], dict[str, Any]]] = {
    spaces.Box: _box,
    spaces.Discrete: _discrete,
    spaces.MultiBinary: lambda space, path: {"shape": list(space.shape)},
    spaces.MultiDiscrete: _multi_discrete,
    spaces.Text: _text,
    spaces.Tuple: _several,
    spaces.OneOf: _several,
    spaces.Dict: _dict,
    spaces.Sequence: lambda space, path: {
        "space": to_json(space.feature_space, f"{path}.space"),
        "stack": space.stack,
    },
    spaces.Graph: _graph,
}


def from_json(description: Any, path: str) -> spaces.Space:
    """Return the Gymnasium space that a description stands for.

    Args:
        description: What the other side sent.
        path: What to call it in an error, such as `obs_space`.

    Raises:
        UnsupportedSpace: It describes no space of SPEC 10.
    """
    if not isinstance(description, dict):
        raise UnsupportedSpace(f"{path} is not an object")
    kind = description.get("type")
    make = _MAKE.get(kind) if isinstance(kind, str) else None
    if make is None:
        raise UnsupportedSpace(f"{path} has the type {show(kind)}, which is none of {', '.join(_MAKE)}")
    try:
        return make(description, path)
    except UnsupportedSpace:
        raise
    except RecursionError:
        raise UnsupportedSpace("the spaces are nested too deep") from None
    except (KeyError, TypeError, ValueError, AssertionError, OverflowError, MemoryError) as error:
        what = f"has no {error}" if isinstance(error, KeyError) else f"cannot be a {description['type']}: {error}"
        raise UnsupportedSpace(f"{path} {what}") from error


def _make_box(description: dict[str, Any], path: str) -> spaces.Box:
    dtype, shape = _dtype(description, "float32", DTYPES), _shape(description)
    low, high = (_all(description, name, dtype, shape) for name in ("low", "high"))
    return spaces.Box(low, high, shape, dtype)


def _make_discrete(description: dict[str, Any], path: str) -> spaces.Discrete:
    dtype = _dtype(description, "int64", _INTEGERS)
    start = 0 if description.get("start") is None else to_integer(description["start"])
    _check_range(start, to_integer(description["n"]), dtype)
    more: dict[str, Any] = {} if dtype == np.int64 else {"dtype": dtype.type}  # which older Gymnasiums do not take
    return spaces.Discrete(to_integer(description["n"]), start=start, **more)


def _make_multi_binary(description: dict[str, Any], path: str) -> spaces.MultiBinary:
    shape = _shape(description)
    return spaces.MultiBinary(shape[0] if len(shape) == 1 else shape)


def _make_multi_discrete(description: dict[str, Any], path: str) -> spaces.MultiDiscrete:
    dtype, shape = _dtype(description, "int64", _INTEGERS), _shape(description)
    start = None if description.get("start") is None else _all(description, "start", dtype, shape)
    nvec = _all(description, "nvec", dtype, shape)
    if start is not None and start.size:
        row = int(np.argmax(start.astype(float) + nvec))
        _check_range(int(start.reshape(-1)[row]), int(nvec.reshape(-1)[row]), dtype)
    return spaces.MultiDiscrete(nvec, dtype=dtype.type, start=start)


def _make_text(description: dict[str, Any], path: str) -> spaces.Text:
    least, charset = description.get("min_length"), description.get("charset")
    longest = to_integer(description["max_length"])
    if longest > EXACT or not isinstance(charset, (str, type(None))):
        raise BadValue(f"max_length is {show(longest)}, and charset {show(charset)}")
    return spaces.Text(
        longest,
        min_length=1 if least is None else to_integer(least),
        charset="".join(_ALPHANUMERIC) if charset is None else charset,
    )


def _make_dict(description: dict[str, Any], path: str) -> spaces.Dict:
    pairs = [(key, from_json(member, f"{path}.{key}")) for key, member in description["spaces"]]
    if len(dict(pairs)) != len(pairs) or not all(isinstance(key, str) for key, _ in pairs):
        raise UnsupportedSpace(f"{path} must have keys that are strings, each of them once")
    return spaces.Dict(pairs)


def _members(description: dict[str, Any], path: str) -> list[spaces.Space]:
    return [from_json(member, f"{path}.{index}") for index, member in enumerate(description["spaces"])]


def _make_sequence(description: dict[str, Any], path: str) -> spaces.Sequence:
    return spaces.Sequence(from_json(description["space"], f"{path}.space"), stack=bool(description.get("stack")))


def _make_graph(description: dict[str, Any], path: str) -> spaces.Graph:
    nodes, edges = (
        None if description.get(name) is None else from_json(description[name], f"{path}.{name}")
        for name in ("node_space", "edge_space")
    )
    if not isinstance(nodes, (spaces.Box, spaces.Discrete)):
        raise UnsupportedSpace(f"{path}.node_space must be a Box or a Discrete")
    if not isinstance(edges, (spaces.Box, spaces.Discrete, type(None))):
        raise UnsupportedSpace(f"{path}.edge_space must be a Box, a Discrete or null")
    return spaces.Graph(nodes, edges)


_MAKE: dict[Any, Callable[[dict[str, Any], str], spaces.Space]] = {
    "Box": _make_box,
    "Discrete": _make_discrete,
    "MultiBinary": _make_multi_binary,
    "MultiDiscrete": _make_multi_discrete,
    "Text": _make_text,
    "Tuple": lambda description, path: spaces.Tuple(_members(description, path)),
    "OneOf": lambda description, path: spaces.OneOf(_members(description, path)),
    "Dict": _make_dict,
    "Sequence": _make_sequence,
    "Graph": _make_graph,
}


def _one_or_all(array: np.ndarray) -> Any:
    """Return one number where all are equal, a flat list otherwise (SPEC 10.3)."""
    flat = array.reshape(-1)
    if flat.size and np.all(flat == flat[0]):
        return from_array(flat[:1])[0]
    return from_array(flat)


def _all(description: dict[str, Any], name: str, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    value = description[name]
    if not isinstance(value, list):
        return np.broadcast_to(to_array([value], dtype), (math.prod(shape),)).reshape(shape).copy()
    array = to_array(value, dtype)
    if array.size != math.prod(shape):
        raise BadValue(f"{name} has {array.size} numbers for the shape {list(shape)}")
    return array.reshape(shape)


def _dtype_name(space: Any, allowed: frozenset[str], path: str) -> str:
    name = np.dtype(space.dtype).name
    if name not in allowed:
        raise UnsupportedSpace(f"{path} has the dtype {name}, which is none of {', '.join(sorted(allowed))}")
    return name


def _dtype(description: dict[str, Any], default: str, allowed: frozenset[str]) -> np.dtype:
    name = description.get("dtype") or default
    if name not in allowed:
        raise BadValue(f"the dtype {name!r} is none of {', '.join(sorted(allowed))}")
    return np.dtype(name)


def _shape(description: dict[str, Any]) -> tuple[int, ...]:
    shape = tuple(to_integer(extent) for extent in description["shape"])
    if any(extent < 0 for extent in shape):
        raise BadValue(f"the shape {list(shape)} has a negative extent")
    if math.prod(shape) > MAX_LINE:
        raise BadValue(f"no line can hold a value of the shape {show(list(shape))}")
    return shape


def _check_range(start: int, count: int, dtype: np.dtype) -> None:
    """Raise BadValue where the last of `count` choices is beyond the dtype."""
    if start + count - 1 > limits(dtype)[1]:
        raise BadValue(f"{count} choices from {start} on do not fit into {dtype}")
