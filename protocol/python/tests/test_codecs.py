"""Every space and value through text and back, and what is refused."""

from __future__ import annotations

import inspect
import math

import numpy as np
import pytest
from gymnasium import spaces
from gymnasium.utils.env_checker import data_equivalence
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array

from gymwire import jsontext, number_lists, space_json
from gymwire.codecs import codec_for
from gymwire.errors import BadValue, UnsupportedSpace

BOXES = [
    spaces.Box(-1, 1, (2, 3), np.float32),
    spaces.Box(-np.inf, np.inf, (4,), np.float64),
    spaces.Box(np.array([-4.8, -np.inf], np.float32), np.array([4.8, np.inf], np.float32)),
    spaces.Box(-2, 2, (5,), np.float16),
    spaces.Box(0, 255, (4, 3, 1), np.uint8),
    spaces.Box(-(2**63), 2**63 - 2, (3,), np.int64),
    spaces.Box(0, 2**62, (3,), np.uint64),
    spaces.Box(-5, 5, (), np.float32),
    spaces.Box(0, 1, (3,), bool),
    spaces.Box(0, 1, (0,), np.float32),
]
SPACES = [
    *BOXES,
    spaces.Discrete(3),
    spaces.Discrete(5, start=-2),
    spaces.MultiBinary(4),
    spaces.MultiBinary((2, 3)),
    spaces.MultiDiscrete([3, 2, 5]),
    spaces.MultiDiscrete(np.array([[3, 2], [4, 4]]), start=np.array([[1, -1], [0, 7]])),
    spaces.MultiDiscrete([3, 2], dtype=np.int32),
    spaces.Text(8),
    spaces.Text(5, min_length=0, charset='aé\u2028😀"\\'),
    spaces.Tuple((spaces.Discrete(2), spaces.Box(0, 1, (2,)), spaces.Text(3))),
    spaces.Dict([("z", spaces.Discrete(2)), ("a", spaces.Dict({"x": spaces.Box(0, 1, (2, 2))}))]),
    spaces.OneOf((spaces.Discrete(2), spaces.Box(0, 1, (2,)))),
    spaces.Sequence(spaces.Box(0, 1, (2,))),
    spaces.Sequence(spaces.Discrete(4), stack=True),
    spaces.Sequence(spaces.Dict({"a": spaces.Box(0, 1, (2,)), "b": spaces.Discrete(3)}), stack=True),
    spaces.Sequence(spaces.Text(3)),
    spaces.Graph(spaces.Box(-1, 1, (3,)), spaces.Discrete(4)),
    spaces.Graph(spaces.Discrete(5), None),
    spaces.Tuple(
        (spaces.Sequence(spaces.MultiBinary(2)), spaces.Graph(spaces.Box(0, 1, (2,)), spaces.Box(0, 1, (1,))))
    ),
]
if "dtype" in inspect.signature(spaces.Discrete).parameters:  # older Gymnasiums have int64 only
    SPACES.append(spaces.Discrete(7, dtype=np.int32))
NAMES = [f"{index}-{space}"[:60] for index, space in enumerate(SPACES)]


def through_text(wire):
    return jsontext.loads(jsontext.dumps({"value": wire}))["value"]


def same(a, b):
    """Gymnasium's own comparison, exact, where both ends have the same types."""
    return data_equivalence(a, b, exact=True)


@pytest.mark.parametrize("space", SPACES, ids=NAMES)
def test_a_space_comes_back_equal_from_its_description(space):
    again = space_json.from_json(through_text(space_json.to_json(space, "obs")), "obs_space")
    assert again == space
    assert again.dtype == space.dtype
    assert str(again) == str(space)


@pytest.mark.parametrize("b64", [False, True], ids=["text", "b64"])
@pytest.mark.parametrize("space", SPACES, ids=NAMES)
def test_sampled_values_come_back_exactly(space, b64):
    space.seed(7)
    codec = codec_for(space, b64)
    for _ in range(20):
        value = space.sample()
        again = codec.decode(through_text(codec.encode(value)))
        assert same(again, value) or (
            isinstance(space, spaces.OneOf) and again[0] == value[0] and same(again[1], value[1])
        )
        assert space.contains(again)
        assert codec.contains(again)


@pytest.mark.parametrize("b64", [False, True], ids=["text", "b64"])
@pytest.mark.parametrize("space", SPACES, ids=NAMES)
def test_batches_are_gymnasiums_batches(space, b64):
    space.seed(3)
    codec = codec_for(space, b64)
    rows = [space.sample() for _ in range(3)]
    batch = concatenate(space, rows, create_empty_array(space, 3))
    assert same(codec.stack(rows), batch)
    again = codec.decode_batch(through_text(codec.encode_batch(batch, 3)), 3)
    if not isinstance(space, spaces.OneOf):
        assert same(again, batch)
        assert again in batch_space(space, 3) or isinstance(space, spaces.Sequence)
    assert all(same(codec.encode(a), codec.encode(b)) for a, b in zip(codec.split(again, 3), rows, strict=True))
    assert codec.first_outside(again, 3) is None


@pytest.mark.parametrize("stdlib", [False, True], ids=["orjson", "json"])
def test_every_sampled_float_pattern_survives_text(stdlib, monkeypatch):
    if stdlib:
        monkeypatch.setattr(jsontext, "orjson", None)
        monkeypatch.setattr(jsontext, "writes_arrays", False)
    random = np.random.default_rng(1)
    for kind, bits, count in (
        (np.float32, np.uint32, 4000),
        (np.float64, np.uint64, 4000),
        (np.float16, np.uint16, 4000),
    ):
        numbers = random.integers(0, np.iinfo(bits).max, count, dtype=bits, endpoint=True).view(kind)
        numbers = np.concatenate([numbers, np.array([np.nan, np.inf, -np.inf, 0, np.finfo(kind).tiny], kind)])
        codec = codec_for(spaces.Box(-np.inf, np.inf, numbers.shape, kind))
        again = codec.decode(through_text(codec.encode(numbers)))
        assert np.array_equal(again, numbers, equal_nan=True)


def test_floats_are_written_in_their_shortest_form():
    for numbers in (np.array([0.1, 1e-5, 3.4e38], np.float32), np.array([0.1], np.float16)):
        for text in (
            number_lists.from_array(numbers),
            codec_for(spaces.Box(-9, 9, numbers.shape, numbers.dtype)).encode(numbers),
        ):
            written = jsontext.loads(jsontext.dumps(text))
            assert written[0] == 0.1 or (numbers.dtype == np.float16 and np.float16(written[0]) == numbers[0])
    assert b"0.1," in jsontext.dumps(codec_for(BOXES[0]).encode(np.full((2, 3), 0.1, np.float32)))


@pytest.mark.parametrize(
    ("space", "wire"),
    [
        (spaces.Discrete(2), 0.5),
        (spaces.Discrete(2), True),
        (spaces.Discrete(2), "1"),
        (spaces.Discrete(2), None),
        (spaces.Discrete(2), [1]),
        (spaces.Discrete(2), {"b64": "AAAAAAAAAAA="}),
        (spaces.Discrete(2), 2**70),
        (spaces.Discrete(2), "99999999999999999999999999"),
        (spaces.Box(-1, 1, (2,)), [0]),
        (spaces.Box(-1, 1, (2,)), [0, True]),
        (spaces.Box(-1, 1, (2,)), [0, "0.5"]),
        (spaces.Box(-1, 1, (2,)), [0, "infinity"]),
        (spaces.Box(-1, 1, (2,)), [[0, 0]]),
        (spaces.Box(-1, 1, (2,)), "ab"),
        (spaces.Box(-1, 1, (2,)), {"b64": "AAAAAAAAAAA="}),
        (spaces.Box(0, 255, (2,), np.uint8), [0, 256]),
        (spaces.Box(0, 255, (2,), np.uint8), [0, -1]),
        (spaces.Box(0, 255, (2,), np.uint8), [0, 0.5]),
        (spaces.Box(0, 255, (2,), np.uint8), [0, "NaN"]),
        (spaces.Box(0, 1, (2,), bool), [0, 2]),
        (spaces.Text(3), 5),
        (spaces.Tuple([spaces.Discrete(2)]), [1, 1]),
        (spaces.Dict({"a": spaces.Discrete(2)}), {"b": 1}),
        (spaces.Dict({"a": spaces.Discrete(2)}), {"a": 1, "b": 1}),
        (spaces.Dict({"a": spaces.Discrete(2)}), [1]),
        (spaces.OneOf([spaces.Discrete(2)]), [1, 0]),
        (spaces.OneOf([spaces.Discrete(2)]), [-1, 0]),
        (spaces.Sequence(spaces.Discrete(2)), 1),
        (spaces.Graph(spaces.Discrete(2), spaces.Discrete(2)), {"nodes": [1], "edges": [1], "edge_links": None}),
        (spaces.Graph(spaces.Discrete(2), spaces.Discrete(2)), {"nodes": [1], "edges": [1], "edge_links": [0, 1]}),
        (spaces.Graph(spaces.Box(0, 1, (2,)), None), {"nodes": [1, 1, 1], "edges": None, "edge_links": None}),
        (spaces.Graph(spaces.Box(0, 1, (2,)), None), {"nodes": {"b64": "AAAA"}}),
    ],
)
def test_what_the_space_does_not_allow_is_refused(space, wire):
    with pytest.raises(BadValue):
        codec_for(space).decode(wire)


@pytest.mark.parametrize(
    ("space", "wire", "value"),
    [
        (spaces.Discrete(3), 1.0, 1),
        (spaces.Discrete(3), -0.0, 0),
        (spaces.Discrete(200), 1e2, 100),
        (spaces.Box(-1, 1, (2,)), ["NaN", "-Infinity"], [math.nan, -math.inf]),
        (spaces.Box(-1, 1, (2,)), [1e39, -(10**300)], [math.inf, -math.inf]),
        (spaces.Box(-1, 1, (1,)), [0.10000000149011612], [np.float32(0.1)]),
        (spaces.Box(0, 2**63 - 2, (1,), np.int64), ["9223372036854775806"], [2**63 - 2]),
        (spaces.Box(0, 255, (2,), np.uint8), [255.0, 0], [255, 0]),
    ],
)
def test_numbers_are_read_in_every_form_that_rounds_to_them(space, wire, value):
    assert np.array_equal(
        codec_for(space).decode(wire), np.array(value, space.dtype), equal_nan=space.dtype.kind == "f"
    )


def test_both_ends_of_every_dtype():
    for name in sorted(space_json.DTYPES - {"bool", "float16", "float32", "float64"}):
        dtype = np.dtype(name)
        numbers = np.array([np.iinfo(dtype).min, np.iinfo(dtype).max, 1], dtype)
        for b64 in (False, True):
            codec = codec_for(spaces.Box(0, 1, (3,), dtype), b64)
            assert same(codec.decode(through_text(codec.encode(numbers))), numbers)
            bare = codec_for(spaces.Box(0, 1, (), dtype), b64)
            assert bare.decode(through_text(bare.encode(numbers[1]))) == numbers[1]


def test_numbers_just_below_and_at_the_edge_of_exact_integers():
    space = spaces.Box(-(2**63), 2**63 - 2, (4,), np.int64)
    numbers = np.array([2**53 - 1, 2**53, -(2**53), 1 - 2**53])
    wire = through_text(codec_for(space).encode(numbers))
    assert wire == [2**53 - 1, str(2**53), str(-(2**53)), 1 - 2**53]
    assert np.array_equal(codec_for(space).decode(wire), numbers)


@pytest.mark.parametrize(
    "text", ["AACAPw", "AACAPw=", "AACAPw==\n", "AACA Pw=", "AAC-Pw==", "AACAPx==", "AACAPwAA", "", "AAA===="]
)
def test_base64_that_is_not_canonical_is_refused(text):
    codec = codec_for(spaces.Box(-1, 1, (1,)), b64=True)
    assert codec.decode({"b64": "AACAPw=="}) == 1
    with pytest.raises(BadValue):
        codec.decode({"b64": text})


def test_a_decoded_array_is_writable_and_its_own():
    for b64 in (False, True):
        codec = codec_for(spaces.Box(-1, 1, (3,)), b64)
        wire = through_text(codec.encode(np.ones(3, np.float32)))
        first, second = codec.decode(wire), codec.decode(wire)
        first[0] = 5
        assert second[0] == 1


def test_float64_for_a_float32_space_is_rounded_as_declared():
    codec = codec_for(spaces.Box(-1, 1, (2,), np.float32))
    value = np.array([0.1, 1 / 3])
    assert same(codec.decode(through_text(codec.encode(value))), value.astype(np.float32))


@pytest.mark.parametrize(
    ("space", "value"),
    [
        (spaces.Box(0, 9, (2,), np.int32), np.array([0.5, 1.0])),
        (spaces.Box(0, 9, (2,), np.uint8), np.array([256, 1])),
        (spaces.Box(0, 9, (2, 3)), np.zeros((3, 2))),
        (spaces.Box(0, 9, (2,)), "ab"),
        (spaces.Box(0, 9, (2,)), None),
        (spaces.Discrete(3), 0.5),
        (spaces.Discrete(3), "x"),
        (spaces.Text(3), 3),
        (spaces.Tuple([spaces.Discrete(2)]), 5),
        (spaces.Graph(spaces.Discrete(2), None), 5),
    ],
)
def test_a_value_that_the_declared_space_cannot_carry_is_an_error(space, value):
    with pytest.raises(BadValue):
        codec_for(space).encode(value)


def test_the_row_of_a_bad_action_is_named():
    with pytest.raises(BadValue) as caught:
        codec_for(spaces.Discrete(2)).decode_batch([0, 1, "left"], 3)
    assert caught.value.row == 2
    assert codec_for(spaces.Discrete(2)).first_outside(np.array([0, 1, 2]), 3) == 2


@pytest.mark.parametrize(
    ("description", "where"),
    [
        ({"type": "Box", "shape": [2], "dtype": "longdouble", "low": 0, "high": 1}, "obs"),
        ({"type": "Box", "shape": [2], "low": 0}, "obs"),
        ({"type": "Box", "shape": [2], "low": [0, 0, 0], "high": 1}, "obs"),
        ({"type": "Box", "shape": [-2], "low": 0, "high": 1}, "obs"),
        ({"type": "Box", "shape": [1], "low": 2, "high": 1}, "obs"),
        ({"type": "Discrete", "n": 0}, "obs"),
        ({"type": "Discrete", "n": 2, "dtype": "float32"}, "obs"),
        (
            {"type": "Dict", "spaces": [["camera", {"type": "Dict", "spaces": [["depth", {"type": "Fog"}]]}]]},
            "obs.camera.depth",
        ),
        ({"type": "Tuple", "spaces": [{"type": "Discrete", "n": 2}, 5]}, "obs.1"),
        ({"type": "Dict", "spaces": [["a", {"type": "Discrete", "n": 2}], ["a", {"type": "Discrete", "n": 2}]]}, "obs"),
        ({"type": "Graph", "node_space": {"type": "MultiBinary", "shape": [2]}, "edge_space": None}, "obs.node_space"),
        ({}, "obs"),
        (None, "obs"),
    ],
)
def test_a_description_that_cannot_be_used_names_the_place(description, where):
    with pytest.raises(UnsupportedSpace) as caught:
        space_json.from_json(description, "obs")
    assert where in str(caught.value)


def test_bounds_are_one_number_or_a_list():
    one = {"type": "Box", "shape": [2, 2], "dtype": "float32", "low": -1, "high": "Infinity"}
    all_of_them = {**one, "low": [-1, -1, -1, -1], "high": ["Infinity"] * 4}
    assert space_json.from_json(one, "a") == space_json.from_json(all_of_them, "b")
    assert space_json.to_json(space_json.from_json(all_of_them, "b"), "b") == one


def test_a_space_that_cannot_cross_is_named():
    class Fog(spaces.Space):
        pass

    with pytest.raises(UnsupportedSpace, match="obs.sky is a Fog"):
        space_json.to_json(spaces.Dict({"sky": Fog()}), "obs")
    with pytest.raises(UnsupportedSpace, match="longdouble|float128"):
        space_json.to_json(spaces.Box(0, 1, (1,), np.longdouble), "obs")


def nested(depth):
    description = {"type": "Discrete", "n": 2}
    for _ in range(depth):
        description = {"type": "Tuple", "spaces": [description]}
    return description


@pytest.mark.parametrize(
    "description",
    [
        {"type": ["Box"]},
        {"type": {}},
        {"type": "Box", "shape": [100_000, 100_000], "low": 0, "high": 1},
        {"type": "Box", "shape": [2**62, 4], "low": 0, "high": 1},
        {"type": "Box", "shape": [2], "low": 2, "high": 1},
        {"type": "Box", "shape": [2], "low": "NaN", "high": 1},
        {"type": "Discrete", "n": 0},
        {"type": "Discrete", "n": "9223372036854775807", "start": "9223372036854775807"},
        {"type": "Discrete", "n": 100, "start": 100, "dtype": "int8"},
        {"type": "MultiDiscrete", "shape": [2], "nvec": [2, 3], "start": [0, 126], "dtype": "int8"},
        {"type": "MultiDiscrete", "shape": [10**9], "nvec": 3},
        {"type": "MultiBinary", "shape": [10**10]},
        {"type": "Text", "max_length": 10**30},
        {"type": "Text", "max_length": 3, "charset": ["a", "b"]},
        {"type": "Dict", "spaces": [[["a"], {"type": "Discrete", "n": 2}]]},
        nested(3000),
    ],
    ids=lambda description: (
        str(description)[:60] if len(description) > 2 or description.get("type") != "Tuple" else "deep"
    ),
)
def test_a_description_that_describes_no_space_is_refused(description):
    with pytest.raises(UnsupportedSpace):
        space_json.from_json(description, "obs_space")


def test_a_discrete_may_reach_the_end_of_its_dtype():
    for description in ({"type": "Discrete", "n": 28, "start": 100, "dtype": "int8"}, {"type": "Discrete", "n": 1}):
        assert space_json.from_json(description, "obs_space").n == description["n"]


def test_a_bound_too_large_for_a_double_is_an_infinity():
    space = space_json.from_json({"type": "Box", "shape": [2], "low": -(10**400), "high": 1}, "obs_space")
    assert space.low.tolist() == [-np.inf, -np.inf] and space.high.tolist() == [1, 1]
