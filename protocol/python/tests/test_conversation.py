"""What a server answers, clause by clause, without a process."""

from __future__ import annotations

import json
import os
import threading

import gymnasium as gym
import numpy as np
import pytest
import zoo

from gymwire.serving.requests import RequestLines
from gymwire.serving.serve import run
from gymwire.serving.conversation import Conversation
from gymwire.serving.source import Source


class Talk:
    """A conversation that is asked in Python's objects."""

    def __init__(self, make=lambda mode: gym.make("CartPole-v1"), **hello):
        self.notices: list[dict] = []
        self.conversation = Conversation(Source(make), lambda line: self.notices.append(json.loads(line)))
        self.number = -1
        self.hello = self.ask("hello", versions=[1], **hello) if hello.pop("greet", True) else None

    def ask(self, op, **members):
        self.number += 1
        return self.raw(json.dumps({"id": self.number, "op": op, **members}))

    def raw(self, line):
        return json.loads(self.conversation.answer(line if isinstance(line, bytes) else line.encode()))

    def code(self, *args, **members):
        reply = self.ask(*args, **members)
        return reply["error"]["code"]


def test_the_first_dialogue_of_the_specification():
    talk = Talk()
    assert talk.hello["version"] == 1 and talk.hello["role"] == "env" and talk.hello["features"] == []
    assert talk.hello["action_space"] == {"type": "Discrete", "n": 2}
    assert talk.hello["obs_space"]["high"] == [4.8, "Infinity", 0.41887903, "Infinity"]
    assert talk.ask("reset", seed=42) == {"id": 1, "obs": [0.027395604, -0.006112156, 0.035859793, 0.019736802]}
    step = talk.ask("step", action=1)
    assert step["obs"] == [0.027273363, 0.18847767, 0.03625453, -0.26141977]
    assert (step["reward"], step["terminated"], step["truncated"]) == (1, False, False)
    assert talk.ask("close") == {"id": 3} and talk.conversation.is_over and not talk.conversation.failed


@pytest.mark.parametrize(
    ("line", "code", "number"),
    [
        (b"oops", "bad_json", None),
        (b' {"id":9,"op":"reset"}', "bad_json", None),
        (b"\xef\xbb\xbf{}", "bad_json", None),
        (b'["id"]', "bad_json", None),
        (b'{"id":9,"op":"reset"', "bad_json", None),
        (b'{"id":9,"op":"reset"} x', "bad_json", None),
        (b'{"id":9,"op":"re\xff"}', "bad_json", None),
        (b'{"id":9,"op":"x","y":"\\ud800"}', "bad_json", None),
        (b'{"id":9,"op":"step","action":NaN}', "bad_json", None),
        (b'{"id":9,"op":"step","action":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "bad_json", None),
        (b'{"op":"reset"}', "bad_message", None),
        (b'{"op":"log","text":"a driver sends none"}', "bad_message", None),
        (b'{"id":-1,"op":"reset"}', "bad_message", None),
        (b'{"id":"9","op":"reset"}', "bad_message", None),
        (b'{"id":true,"op":"reset"}', "bad_message", None),
        (b'{"id":0.5,"op":"reset"}', "bad_message", None),
        (b'{"id":9007199254740992,"op":"reset"}', "bad_message", None),
        (b'{"id":9}', "bad_message", 9),
        (b'{"id":9,"op":null}', "bad_message", 9),
        (b'{"id":9,"op":"step"}', "bad_message", 9),
        (b'{"id":9,"op":"hello","versions":[1]}', "bad_message", 9),
        (b'{"id":9,"op":"jump"}', "unknown_op", 9),
        (b'{"id":9,"op":"act","obs":[]}', "unknown_op", 9),
        (b'{"id":9,"op":"render"}', "unknown_op", 9),
        (b'{"id":9,"op":"reset","seed":-1}', "bad_seed", 9),
        (b'{"id":9,"op":"reset","seed":0.5}', "bad_seed", 9),
        (b'{"id":9,"op":"reset","seed":"4"}', "bad_seed", 9),
        (b'{"id":9,"op":"reset","seed":[4]}', "bad_seed", 9),
        (b'{"id":9,"op":"reset","seed":true}', "bad_seed", 9),
        (b'{"id":9,"op":"reset","seed":9007199254740992}', "bad_seed", 9),
        (b'{"id":9,"op":"reset","options":[]}', "bad_options", 9),
        (b'{"id":9,"op":"step","action":2}', "bad_action", 9),
        (b'{"id":9,"op":"step","action":-1}', "bad_action", 9),
        (b'{"id":9,"op":"step","action":0.5}', "bad_action", 9),
        (b'{"id":9,"op":"step","action":"left"}', "bad_action", 9),
        (b'{"id":9,"op":"step","action":null}', "bad_action", 9),
        (b'{"id":9,"op":"step","action":[1]}', "bad_action", 9),
        (b'{"id":9,"op":"step","action":1e999}', "bad_action", 9),
        (b'{"id":9,"op":"step","action":{"b64":"AAAAAAAAAAA="}}', "bad_action", 9),
    ],
)
def test_a_refused_line_changes_nothing(line, code, number):
    talk, other = Talk(), Talk()
    talk.ask("reset", seed=7), other.ask("reset", seed=7)
    reply = talk.raw(line)
    assert reply["id"] == number and reply["error"]["code"] == code and reply["error"]["message"]
    assert talk.ask("step", action=1) == other.ask("step", action=1)
    assert talk.ask("reset") == other.ask("reset")  # nor have the random numbers gone on


def test_before_hello_and_before_reset():
    talk = Talk(greet=False)
    assert [talk.code(op) for op in ("reset", "close", "jump", "step", "render")] == [
        "not_ready",
        "not_ready",
        "unknown_op",
        "bad_message",
        "unknown_op",
    ]
    assert talk.code("step", action=1) == "not_ready"
    assert [talk.code("hello"), talk.code("hello", versions=None), talk.code("hello", versions=["1"])] == [
        "bad_message"
    ] * 3
    assert talk.code("hello", versions=[1], features="batch") == "bad_message"
    assert talk.code("hello", versions=[1], want=[]) == "bad_message"
    assert talk.code("hello", versions=[1], max_line=5) == "bad_message"
    refused = talk.ask("hello", versions=[2, 3])
    assert refused["error"]["code"] == "unsupported_version" and refused["error"]["data"] == {"versions": [1]}
    assert talk.code("hello", versions=[]) == "unsupported_version"
    assert talk.ask("hello", versions=[2, 1], features=None, want=None, max_line=None)["version"] == 1
    assert talk.code("step", action=5) == "needs_reset"
    assert talk.code("hello", versions=[1]) == "bad_message"
    assert not talk.conversation.is_over


def test_members_in_any_order_with_white_space_and_escapes_and_strangers():
    talk = Talk()
    reply = talk.raw('{ "seed" : 4.2e1 , "x-y":{"a":[1]}, "\\u006fp":"re\\u0073et","options":null, "id" : 1.0 } ')
    assert reply == {"id": 1, "obs": [0.027395604, -0.006112156, 0.035859793, 0.019736802]}


def test_a_step_after_the_end_needs_a_reset():
    talk = Talk(lambda mode: gym.make("CartPole-v1", max_episode_steps=2))
    talk.ask("reset", seed=1)
    talk.ask("step", action=0)
    last = talk.ask("step", action=1)
    assert last["truncated"] and not last["terminated"]
    assert [talk.code("step", action=0) for _ in range(2)] == ["needs_reset"] * 2
    assert "obs" in talk.ask("reset")


def test_only_what_was_asked_for_is_on():
    assert Talk(features=["b64", "x-fog", "mask"]).hello["features"] == ["b64", "mask"]
    hello = Talk(features=["render"], want={"render_mode": "human"}).hello
    assert hello["render_mode"] is None and hello["render_modes"] == ["rgb_array"]
    talk = Talk(
        lambda mode: gym.make("CartPole-v1", render_mode=mode), features=["render"], want={"render_mode": "rgb_array"}
    )
    assert talk.hello["render_mode"] == "rgb_array"
    assert talk.code("render") == "needs_reset" and talk.code("render", env=1) == "bad_message"
    talk.ask("reset", seed=0)
    assert talk.ask("render")["frame"]["shape"] == [400, 600, 3]


def test_batches():
    talk = Talk(features=["batch"], want={"num_envs": 3})
    assert talk.hello["num_envs"] == 3 and talk.hello["action_space"] == {"type": "Discrete", "n": 2}
    assert talk.code("reset", envs=[0, 1]) == "needs_reset"
    singles = [Talk() for _ in range(3)]
    rows = [single.ask("reset", seed=40 + row)["obs"] for row, single in enumerate(singles)]
    assert talk.ask("reset", seed=40)["obs"] == sum(rows, [])
    for envs in ([], [0, 0], [3], [-1], [0.5], "0", {"0": 1}):
        assert talk.code("reset", envs=envs) == "bad_message"
    for seed in ([1, 2], [1, 2, -1], [1, 2, "3"], 2**53 - 2):
        assert talk.code("reset", seed=seed) == "bad_seed"
    refused = talk.ask("step", action=[0, 1, 2])
    assert refused["error"]["code"] == "bad_action" and refused["error"]["data"] == {"env": 2}
    refused = talk.ask("step", action=[0, "x", 1])
    assert refused["error"]["data"] == {"env": 1}
    assert [talk.code("step", action=action) for action in ([0, 1], 1, None, [0, 1, 0, 1])] == ["bad_action"] * 4
    ended = []
    for step in range(60):
        actions = [1, step % 2, 0]
        reply = talk.ask("step", action=actions)
        assert reply["reward"] == [1, 1, 1] and "terminated" not in reply
        for row, single in enumerate(singles):
            alone = single.ask("step", action=actions[row])
            if alone["terminated"] or alone["truncated"]:
                entry = next(entry for entry in reply["ended"] if entry["env"] == row)
                assert entry == {"env": row, "terminated": True, "truncated": False, "final_obs": alone["obs"]}
                alone = single.ask("reset")
                ended.append(row)
            assert reply["obs"][4 * row : 4 * row + 4] == alone["obs"]
        assert [entry["env"] for entry in reply["ended"]] == sorted(entry["env"] for entry in reply["ended"])
    assert set(ended) == {0, 1, 2} or set(ended) == {0, 2}
    partial = talk.ask("reset", envs=[2, 0], seed=40)["obs"]
    assert partial == rows[2] + rows[0]
    assert talk.ask("reset", envs=[1], seed=[40])["obs"] == rows[0]


def test_one_environment_is_batched_too_and_nothing_wanted_is_one():
    talk = Talk(features=["batch", "b64"])
    assert talk.hello["num_envs"] == 1
    talk.ask("reset", seed=0)
    reply = talk.ask("step", action={"b64": "AQAAAAAAAAA="})
    assert reply["reward"] == {"b64": "AAAAAAAA8D8="} and reply["ended"] == []
    for bad in ("AQAAAAAAAAA", "AQAAAAAAAAAA", "AQAAAAAAAA\n=", "AgAAAAAAAAA="):
        assert talk.code("step", action={"b64": bad}) == "bad_action"


def test_seeds_at_both_ends_repeat_their_episodes():
    talk = Talk()
    for seed in (0, 2**53 - 1):
        first = talk.ask("reset", seed=seed)["obs"], talk.ask("step", action=0)["obs"], talk.ask("reset")["obs"]
        again = talk.ask("reset", seed=seed)["obs"], talk.ask("step", action=0)["obs"], talk.ask("reset")["obs"]
        assert first == again and first[0] != first[2]


def moody(**hello):
    talk = Talk(lambda mode: zoo.Moody(), **hello)
    talk.ask("reset")
    return talk


def act(mood):
    return zoo.Moody.MOODS.index(mood)


def test_what_an_environment_raises_is_env_error_and_the_server_goes_on():
    talk = moody()
    error = talk.ask("step", action=act("raise"))["error"]
    assert error["code"] == "env_error" and error["message"] == "RuntimeError: the pole is on fire"
    assert error["data"]["type"] == "RuntimeError" and "the pole is on fire" in error["data"]["traceback"]
    assert talk.code("step", action=0) == "needs_reset"
    assert talk.code("reset", options={"bad": True}) == "env_error"
    assert talk.code("step", action=0) == "needs_reset"
    assert talk.ask("reset")["obs"] == [0, 0]
    for mood in ("shape", "list_reward"):
        assert talk.code("step", action=act(mood)) == "env_error"
        talk.ask("reset")
    assert talk.ask("step", action=0)["obs"] == [0.5, 0.5]


def test_one_of_a_batch_raises():
    talk = moody(features=["batch"], want={"num_envs": 2})
    error = talk.ask("step", action=[0, act("raise")])["error"]
    assert error["code"] == "env_error" and error["data"]["env"] == 1
    refused = talk.ask("step", action=[0, 0])["error"]
    assert refused["code"] == "needs_reset" and refused["data"] == {"env": 0}
    talk.ask("reset", envs=[0, 1])
    assert talk.ask("step", action=[0, 0])["reward"] == [1, 1]


def test_numbers_that_are_not_finite_and_dtypes_that_are_not_declared():
    talk = moody()
    reply = talk.ask("step", action=act("nan"))
    assert reply["obs"] == ["NaN", "-Infinity"] and reply["reward"] == "NaN"
    assert talk.ask("step", action=act("double"))["obs"] == [0.1, 0.33333334]


def test_infos_are_total_and_strange_types_are_told_once():
    talk = moody()
    for _ in range(2):
        info = talk.ask("step", action=act("info"))["info"]
        assert info["object"] == "<class 'object'>" and info["3"] == [1, 2]
        assert info["deep"] == [None, [5, None, "b'bytes'"], {"x": True}]
        assert info["array"] == [[1.5, None]] and info["complex"] == "(1+2j)"
        assert info["self"].startswith("{")
    texts = [notice["text"] for notice in talk.notices]
    assert len(texts) == len(set(texts)) >= 3
    assert all(notice["op"] == "log" and notice["level"] == "warning" and "id" not in notice for notice in talk.notices)


def test_a_reply_that_the_driver_cannot_read_is_fatal():
    class Long(zoo.Moody):
        def step(self, action):
            return np.zeros(2, np.float32), 0, False, False, {"text": "x" * 70000}

    talk = Talk(lambda mode: Long(), max_line=65536)
    talk.ask("reset")
    reply = talk.ask("step", action=0)
    assert reply["id"] == 2 and reply["error"]["code"] == "too_large" and reply["error"]["fatal"] is True
    assert talk.conversation.is_over and talk.conversation.failed


def test_a_space_that_cannot_cross_ends_hello():
    class Fog(gym.spaces.Space):
        pass

    class Foggy(zoo.Moody):
        observation_space = gym.spaces.Dict({"sky": Fog()})

    error = Talk(lambda mode: Foggy()).hello["error"]
    assert error["code"] == "unsupported_space" and "obs.sky" in error["message"]


def conversation(text: bytes) -> list[dict]:
    """Return what `run` answers to a whole input."""
    requests, writes = os.pipe()
    reads, replies = os.pipe()
    feeder = threading.Thread(target=lambda: (os.write(writes, text) and None, os.close(writes)))
    out: list[bytes] = []

    def collect():
        while piece := os.read(reads, 1 << 16):
            out.append(piece)

    collector = threading.Thread(target=collect)
    feeder.start(), collector.start()
    run(Source(lambda mode: gym.make("CartPole-v1")), requests, replies)
    os.close(replies)
    feeder.join(), collector.join()
    os.close(requests), os.close(reads)
    return [json.loads(line) for line in b"".join(out).split(b"\n") if line]


def test_lines_end_at_newlines_only_and_blank_ones_get_no_reply():
    text = '{"id":0,"op":"hello","versions":[1],"client":{"name":"a\u2028b\u0085c"}}\r\n\n \t\n\r\n{"id":1,"op":"reset"}\n{"id":2,"op":"close"}\n{"id":3,"op":"reset"}\n'
    assert [reply["id"] for reply in conversation(text.encode())] == [0, 1, 2]


def test_a_last_line_without_an_end_counts_if_it_is_whole():
    assert [reply["id"] for reply in conversation(b'{"id":0,"op":"hello","versions":[1]}')] == [0]
    assert conversation(b'{"id":0,"op":"hel') == []
    assert conversation(b"") == []


def test_a_line_that_is_too_long_is_skipped_without_being_kept():
    requests, writes = os.pipe()

    def feed():
        for piece in (b"{", b"x" * 70000, b'"}\n{"a":1}\n', b"y" * 65536 + b"\r\n", b"z" * 65537):
            os.write(writes, piece)
        os.close(writes)

    feeder = threading.Thread(target=feed)
    feeder.start()
    lines = RequestLines(requests, 65536)
    from gymwire.errors import Refusal

    with pytest.raises(Refusal):
        lines.next()
    assert lines.next() == b'{"a":1}'
    assert lines.next() == b"y" * 65536
    assert lines.next() is None
    feeder.join()
    os.close(requests)
