"""Text, Sequence and Graph: values whose length is not the space's (SPEC 10.5, 10.8)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from gymnasium import spaces

from gymwire.codecs.codec import Codec
from gymwire.errors import BadValue
from gymwire.number_lists import show, to_array


class TextCodec(Codec):
    """A string."""

    def __init__(self, space: spaces.Text, b64: bool, build: Callable[[spaces.Space], Codec]) -> None:
        super().__init__(space, b64)

    def encode(self, value: Any) -> str:
        if not isinstance(value, str):
            raise BadValue(f"{show(value)} is not a string")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BadValue(f"{show(value)} has half of a surrogate pair, which no JSON can carry (SPEC 2.8)") from None
        return str(value)

    copy = encode

    def decode(self, wire: Any) -> str:
        return self.encode(wire)


class SequenceCodec(Codec):
    """A list of values, also where Gymnasium keeps the value stacked."""

    def __init__(self, space: spaces.Sequence, b64: bool, build: Callable[[spaces.Space], Codec]) -> None:
        super().__init__(space, b64)
        self.member = build(space.feature_space)
        self.is_stacked = space.stack

    def copy(self, value: Any) -> Any:
        elements = tuple(self.member.copy(element) for element in self._elements(value))
        return self.member.stack(elements) if self.is_stacked else elements

    def encode(self, value: Any) -> list[Any]:
        return [self.member.encode(element) for element in self._elements(value)]

    def decode(self, wire: Any) -> Any:
        if type(wire) is not list:
            raise BadValue(f"{show(wire)} is not a list of values")
        elements = tuple(self.member.decode(element) for element in wire)
        return self.member.stack(elements) if self.is_stacked else elements

    def clip(self, value: Any) -> Any:
        elements = tuple(self.member.clip(element) for element in self._elements(value))
        return self.member.stack(elements) if self.is_stacked else elements

    def contains(self, value: Any) -> bool:
        return all(self.member.contains(element) for element in self._elements(value))

    def _elements(self, value: Any) -> list[Any]:
        if isinstance(value, str) or not hasattr(value, "__len__"):
            raise BadValue(f"{show(value)} is not a sequence")
        return self.member.split(value, _rows(value)) if self.is_stacked else list(value)


class GraphCodec(Codec):
    """Nodes and edges as flat arrays with a row for each, and two node numbers for each edge."""

    def __init__(self, space: spaces.Graph, b64: bool, build: Callable[[spaces.Space], Codec]) -> None:
        super().__init__(space, b64)
        self.nodes = build(space.node_space)
        self.edges = None if space.edge_space is None else build(space.edge_space)

    def copy(self, value: Any) -> spaces.GraphInstance:
        self.encode(value)  # says what is wrong with it
        return copy.deepcopy(value)

    def encode(self, value: Any) -> dict[str, Any]:
        if not isinstance(value, spaces.GraphInstance) or not hasattr(value.nodes, "__len__"):
            raise BadValue(f"{show(value)} is not a GraphInstance with nodes")
        nodes: Any = value.nodes
        edges: Any = value.edges
        wire = {"nodes": self.nodes.encode_batch(nodes, len(nodes)), "edges": None, "edge_links": None}
        if edges is not None and self.edges is not None:
            wire["edges"] = self.edges.encode_batch(edges, len(edges))
            wire["edge_links"] = np.asarray(value.edge_links).reshape(-1).tolist()
        return wire

    def decode(self, wire: Any) -> spaces.GraphInstance:
        if type(wire) is not dict or "nodes" not in wire:
            raise BadValue(f"{show(wire)} is not a graph")
        nodes, edges = self._rows_of(self.nodes, wire["nodes"], "nodes"), None
        if wire.get("edges") is None or wire.get("edge_links") is None:
            if wire.get("edges") is not None or wire.get("edge_links") is not None:
                raise BadValue("edges and edge_links of a graph are both null or both not")
            return spaces.GraphInstance(nodes, None, None)
        if self.edges is None:
            raise BadValue("the graph has edges, and its space has no edge_space")
        edges = self._rows_of(self.edges, wire["edges"], "edges")
        if type(wire["edge_links"]) is not list or len(wire["edge_links"]) != 2 * len(edges):
            raise BadValue(f"edge_links must be a list of {2 * len(edges)} node numbers for {len(edges)} edges")
        links = to_array(wire["edge_links"], np.dtype(np.int32)).reshape(-1, 2)
        if links.size and not (links.min() >= 0 and links.max() < len(nodes)):
            raise BadValue(f"edge_links names a node that is not among the {len(nodes)}")
        return spaces.GraphInstance(nodes, edges, links)

    def contains(self, value: Any) -> bool:
        parts = [(self.nodes, value.nodes), (self.edges, value.edges)]
        return all(
            codec is None or rows is None or codec.first_outside(rows, len(rows)) is None for codec, rows in parts
        )

    def _rows_of(self, codec: Any, wire: Any, what: str) -> np.ndarray:
        """Return the rows, of which the wire tells the number only by its length."""
        if type(wire) is dict and type(wire.get("b64")) is str:
            size = len(wire["b64"]) // 4 * 3 - wire["b64"][-2:].count("=")
            length = size // codec.dtype.itemsize
        elif type(wire) is list:
            length = len(wire)
        else:
            raise BadValue(f"{what} of a graph must be a list")
        if codec.size == 0 or length % codec.size:
            raise BadValue(f"{what} of a graph has {length} numbers, and a row takes {codec.size}")
        return codec.decode_batch(wire, length // codec.size)


def _rows(batch: Any) -> int:
    """Return how many values a batch holds, by the first array in it."""
    while isinstance(batch, (dict, tuple)) and len(batch):
        first = next(iter(batch.values())) if isinstance(batch, dict) else batch[0]
        if not isinstance(first, (dict, tuple, np.ndarray)):
            break
        batch = first
    return len(batch)
