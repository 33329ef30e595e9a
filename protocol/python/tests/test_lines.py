"""How the driver reads: the same whatever the timing, within its time limit, and fit for a terminal."""

from __future__ import annotations

import collections
import json
import os
import random
import re
import select
import signal
import sys
import threading
import time
import types
import warnings

import numpy as np
import pytest
from conftest import script

import gymwire
from gymwire import GymwireError, GymwireWarning, ProcessTimeout, ProtocolError, ServerError, jsontext
from gymwire.driving.child_process import ChildProcess
from gymwire.driving.connection import Connection
from gymwire.legible import legible


def scripted(*pieces, hello=None, **options):
    env = gymwire.make(script("scripted.py", json.dumps(pieces), json.dumps(hello or {})), **{"timeout": 20, **options})
    env.reset()
    return env


GOOD = '"obs":[0.5,1],"reward":1,"terminated":false,"truncated":false}'


@pytest.mark.parametrize("pause", [0, 0.15], ids=["in one piece", "in two"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"id":<id>,\n"obs":[0.5,1],"reward":1,"terminated":false,"truncated":false}', ["not JSON"]),
        ("[1]\n<reply>", None),
        (' {"id":<id>,' + GOOD, ["begins with something else"]),
        ('\ufeff{"id":<id>,' + GOOD, ["byte order mark", "<U+FEFF"]),
        ('{"id":true,' + GOOD, ["id True"]),
        ('{"id":"<id>",' + GOOD, ['id "2"']),
        ('{"id":99,' + GOOD, ["id 99", "2"]),
        ("{" + GOOD, ["has no id"]),
        ('{"op":3,' + GOOD, ["has no id"]),
        ('{"id":null,' + GOOD, ["id None"]),
        ('{"id":<id>.0,' + GOOD, None),
        ('{ "id" :\t<id> , ' + GOOD + " \r", None),
    ],
)
def test_a_line_is_judged_alike_in_one_piece_and_in_two(text, words, pause):
    text = text.replace("<reply>", '{"id":2,' + GOOD).replace("<id>", "2")
    half = len(text) // 2
    pieces = [text + "\n"] if not pause else [text[:half], [pause, text[half:] + "\n"]]
    env = scripted(*pieces)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GymwireWarning)
        if words is None:
            assert env.step(0)[0].tolist() == [0.5, 1]
        else:
            with pytest.raises(ProtocolError) as caught:
                env.step(0)
            assert all(word in str(caught.value) for word in words) and "object at 0x" not in str(caught.value)
    env.close()


@pytest.mark.parametrize(
    "pieces",
    [
        [[0.1, " "], [20, None]],
        [[0.1, "\n"], [20, None]],
        [[0, "\n", 10_000], [20, None]],
        [[0, "some noise that is no message\n", 1000], [20, None]],
        [[0.05, "noise\n"], [20, None]],
        ["{", [0.1, "x"], [20, None]],
    ],
    ids=["bytes", "blank lines", "many blank lines", "much noise", "noise", "half a reply"],
)
def test_the_time_limit_holds_while_something_else_arrives(pieces, capfd):
    env = scripted(*pieces, timeout=0.6)
    begun = time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", GymwireWarning)
        with pytest.raises(ProcessTimeout, match="within 0.6 s during step"):
            env.step(0)
    assert 0.5 < time.monotonic() - begun < 6
    assert len(capfd.readouterr().err) < 100_000


def test_of_noise_only_the_beginning_is_shown(capfd):
    env = scripted("x" * 5000 + "\n", [0, "noise\n", 20_000], "<reply>\n")
    with pytest.warns(GymwireWarning, match="no messages"):
        assert env.step(0)[1] == 1
    shown = capfd.readouterr().err
    assert 100 <= shown.count("\n") <= 102 and "more of this" in shown and max(map(len, shown.split("\n"))) < 1100
    env.close()


def test_what_a_server_says_cannot_act_on_the_terminal(capfd):
    nasty = "\x1b[31mred\x07\u202edlrow\u200b\r"
    error = json.dumps({"code": "x-\x1b[2J", "message": nasty, "data": {"traceback": f"line 1\n{nasty}\n"}})
    env = scripted(
        f"noise {nasty}\n",
        json.dumps({"op": "log", "text": nasty}) + "\n",
        json.dumps({"op": "log", "level": "error", "text": nasty}) + "\n",
        f'{{"id":<id>,"error":{error}}}\n',
    )
    with pytest.warns(GymwireWarning) as caught, pytest.raises(ServerError) as error:
        env.step(0)
    texts = [str(error.value), capfd.readouterr().err, *(str(warning.message) for warning in caught)]
    for text in texts:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\u200b]", text), repr(text)
        assert (
            "<U+001B escape>[31mred<U+0007 alert><U+202E right-to-left override>dlrow<U+200B zero width space>" in text
        )
    assert error.value.message == nasty  # as data it is what was sent
    env.close()
    with pytest.raises(ProtocolError) as error:
        scripted("{\x1b[1m\n").step(0)
    assert "<U+001B escape>[1m" in str(error.value)
    with pytest.raises(GymwireError) as error:
        gymwire.make(script("scripted.py", "[]", json.dumps({"obs_space": {"type": "Dict", "spaces": [[nasty, 1]]}})))
    assert "\x1b" not in str(error.value)


def test_standard_error_is_shown_and_quoted_without_control_characters(capfd):
    program = r"import sys; sys.stderr.write('\x1b[31mbad\x07\r\n'); sys.stderr.flush()"
    with pytest.raises(gymwire.ProcessError) as error:
        gymwire.make([sys.executable, "-c", program], stderr="show")
    assert "<U+001B escape>[31mbad<U+0007 alert>" in str(error.value) and "\x1b" not in str(error.value)
    assert "<U+001B escape>[31mbad<U+0007 alert>\n" in capfd.readouterr().err


def test_legible():
    assert legible("plain é 漢 😀") == "plain é 漢 😀"
    assert legible("\ufeffa\u00a0\n\t") == "<U+FEFF byte order mark>a<U+00A0 no-break space>\\n\\t"
    assert legible("a\n\x00\u3164", keeps_lines=True) == "a\n<U+0000 null><U+3164 hangul filler>"


@pytest.mark.parametrize("number", ["1e400", "-1e309", "1" + "0" * 400, "-1" + "0" * 5000])
def test_a_number_too_large_for_a_double_is_an_infinity_where_one_can_be_used(number):
    infinity = -np.inf if number.startswith("-") else np.inf
    env = scripted(f'{{"id":<id>,"x":{number},"obs":[{number},1e39],"reward":1,"terminated":false,"truncated":false}}\n')
    assert env.step(0)[0].tolist() == [infinity, np.inf]
    env.close()
    env = scripted(f'{{"id":<id>,"obs":[0,1],"reward":{number},"terminated":false,"truncated":false}}\n')
    assert env.step(0)[1] == infinity
    env.close()


@pytest.mark.parametrize("library", ["orjson", "json"])
def test_json_is_judged_alike_by_both_libraries(library, monkeypatch):
    if library == "json":
        monkeypatch.setattr(jsontext, "orjson", None)
    for line in (b'{"a":"\\ud800","a":1}', b'{"a":"\\udc00\\ud800"}', b'{"\\ud800x":1}', b"\xef\xbb\xbf{}", b"{} x"):
        for loads in (jsontext.loads, jsontext.loads_tolerantly):
            with pytest.raises(ValueError):
                loads(line)
    for line, value in ((rb'"\ud83d\ude00\\ud800"', "😀\\ud800"), (b"1e999", np.inf), (b"-1" + b"0" * 5000, -np.inf)):
        assert jsontext.loads(line) == value


@pytest.mark.parametrize(
    ("version", "is_used"), [("3.8.3", False), ("3.9.15", False), ("3.10.0", True), ("3.13", True)]
)
def test_an_old_orjson_is_not_used(version, is_used, monkeypatch, all_warnings):
    monkeypatch.setitem(sys.modules, "orjson", types.SimpleNamespace(__version__=version))
    assert (jsontext._usable() is not None) == is_used
    assert bool(all_warnings) != is_used and all(version in str(warning.message) for warning in all_warnings)


def test_hello_is_held_to_the_specification():
    for hello, words in (
        ({"max_line": 10}, "max_line"),
        ({"version": True}, "version"),
        ({"num_envs": "many"}, "num_envs"),
        ({"features": [[]]}, "features"),
        ({"features": "b64"}, "features"),
    ):
        with pytest.raises(ProtocolError, match=words):
            scripted(hello=hello)
    env = scripted(hello={"version": 1.0, "max_line": 65536.0, "spec": {"reward_threshold": 10**400, "id": 5}})
    assert env.spec.reward_threshold is None
    env.close()


class Pipes:
    """The pipes of a process that is not there."""

    name, pid = "nobody", 1

    def __init__(self):
        self.replies, self.writes = os.pipe()
        self.reads, self.requests = os.pipe()
        self.input = types.SimpleNamespace(closed=False)
        os.set_blocking(self.replies, False)
        self.poll = select.poll()
        self.poll.register(self.replies, select.POLLIN)

    def wait_for_reply(self, seconds):
        return bool(self.poll.poll(1000 * seconds))

    def has_ended(self):
        return False

    def last_words(self):
        return ""

    def exit_reason(self):
        return "ended"

    def end(self, grace):
        self.input.closed = True

    def answer(self, data, rng=None):
        """Return what is made of the data, written at once or in random pieces."""

        def feed():
            rest = data
            while rest:
                size = rng.randrange(1, 40) if rng else len(rest)
                os.write(self.writes, rest[:size])
                rest = rest[size:]
            os.close(self.writes)

        feeder = threading.Thread(target=feed)
        feeder.start()
        try:
            return json.dumps(Connection(self, 65536).request(b'"op":"step"', "step", 20))
        except GymwireError as error:
            return type(error)
        finally:
            feeder.join()
            for descriptor in (self.replies, self.requests, self.reads):
                os.close(descriptor)


def test_mutated_replies_are_judged_alike_however_they_are_cut(capfd):
    rng = random.Random(1)
    before = ["noise\n", "\n", " \t\n", '{"op":"log","text":"x"}\n', '{"op":"x-y"}\n', "\r\n", "{}\n", '{"id":5}\n']
    within = [b"\n", b" ", b"\x00", b'{"id":0}', b"\xff", b"\\u", b"1e999", b'"']
    kinds = collections.Counter()
    for _ in range(400):
        reply = bytearray(b'{"id":0,"obs":[0.5,1],"reward":1,"terminated":false,"truncated":false}')
        for _ in range(rng.choice([0, 0, 1, 2])):
            place = rng.randrange(len(reply))
            reply[place : place + rng.randrange(2)] = rng.choice([*within, bytes([rng.randrange(256)])])
        data = (
            "".join(rng.choices(before, k=rng.choice([0, 0, 1, 2]))).encode()
            + reply
            + rng.choice([b"\n", b"\r\n", b""])
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", GymwireWarning)
            whole, cut = Pipes().answer(data), Pipes().answer(data, rng)
        assert whole == cut, data
        kinds[whole if isinstance(whole, type) else "read"] += 1
    assert (
        kinds["read"] > 50 and kinds[ProtocolError] > 50 and set(kinds) <= {"read", ProtocolError, gymwire.ProcessError}
    )


def test_a_connection_that_another_thread_closes_ends_in_a_sentence():
    env = scripted([5, "<reply>\n"])
    closer = threading.Timer(0.3, env._server.connection.close, [0.0])
    closer.start()
    with pytest.raises(gymwire.ProcessError):
        env.step(0)
    closer.join()


def test_ctrl_c_while_closing_leaves_no_process():
    process = ChildProcess(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done"])
    assert process.wait_for_reply(20)

    def interrupt(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        with pytest.raises(KeyboardInterrupt):
            process.end(grace=30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
