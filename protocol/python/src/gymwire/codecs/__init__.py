"""One codec for each kind of space: values to and from what stands for them on the wire (SPEC 8 to 10, 12.3, 13)."""

from __future__ import annotations

from collections.abc import Callable

from gymnasium import spaces

from gymwire.codecs.codec import Codec
from gymwire.codecs.containers import DictCodec, OneOfCodec, TupleCodec
from gymwire.codecs.flat import FlatCodec
from gymwire.codecs.variable import GraphCodec, SequenceCodec, TextCodec

__all__ = ["Codec", "codec_for"]

_CODECS = {
    spaces.Box: FlatCodec,
    spaces.Discrete: FlatCodec,
    spaces.MultiBinary: FlatCodec,
    spaces.MultiDiscrete: FlatCodec,
    spaces.Text: TextCodec,
    spaces.Tuple: TupleCodec,
    spaces.OneOf: OneOfCodec,
    spaces.Dict: DictCodec,
    spaces.Sequence: SequenceCodec,
    spaces.Graph: GraphCodec,
}


def codec_for(space: spaces.Space, b64: bool = False, on_nested: Callable[[], None] | None = None) -> Codec:
    """Return the codec of a space.

    Args:
        space: A space that `space_json.to_json` can describe.
        b64: Whether the feature b64 is on: arrays are then written as base64, and read as either.
        on_nested: Given by drivers, and called when a nested list stands for a flat one; without it that is refused.
    """
    for kind, codec in _CODECS.items():
        if isinstance(space, kind):
            made = codec(space, b64, lambda member: codec_for(member, b64, on_nested))
            if on_nested is not None:
                made.is_tolerant, made.on_nested = True, on_nested
            return made
    raise TypeError(f"{type(space).__name__} is none of Gymnasium's ten spaces")
