"""The example servers answer every line that is not blank, and only those (SPEC 2.2 to 2.4), as this package does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import script, serve
from test_checkers import SERVERS, chase, example  # noqa: F401  (a fixture compiles the example in C)

from gymwire import jsontext

ODD = [
    b"\xef\xbb\xbf",
    "\u00a0".encode(),
    b"\x0b",
    b"\x0c",
    b" \x0b ",
    "\u2028".encode(),
    "\u2029\u0085\u3000".encode(),
    b"\r\r",
    b"\rx",
    b"\x1c\x1d",
    b"x",
    b"\xef\xbb\xbf{}",
    b"[]",
    b"{}",
    b"7",
]
BLANK = [b"", b" ", b"\t", b" \t \t", b"\r", b" \r"]
NAMES = ["corridor.py", "guess.js", "bandit.sh", "chase.c", "python -m gymwire serve"]


@pytest.mark.parametrize("name", NAMES)
def test_each_line_that_is_not_blank_gets_one_reply(name, request):
    if name == "chase.c":
        command = [request.getfixturevalue("chase")]
    else:
        command = serve("CartPole-v1") if name.startswith("python") else SERVERS[name]()
    hello, close = b'{"id":0,"op":"hello","versions":[1]}', b'{"id":1,"op":"close"}'
    text = b"\n".join([hello, *(line for odd in ODD for line in (odd, *BLANK)), close, b""])
    done = subprocess.run(command, input=text, capture_output=True, timeout=60)
    replies = [json.loads(line) for line in done.stdout.split(b"\n") if line]
    assert [reply["id"] for reply in replies] == [0, *[None] * len(ODD), 1]
    codes = [reply["error"]["code"] for reply in replies[1:-1]]
    assert codes == ["bad_message" if line == b"{}" else "bad_json" for line in ODD]
    assert done.returncode == 0 and sys.executable


@pytest.mark.parametrize("name", ["corridor.py", "guess.js"])
def test_a_refusal_that_quotes_half_a_surrogate_pair_is_json(name):
    lines = [
        '{"id":0,"op":"hello","versions":[1]}',
        '{"id":1,"op":"\\ud800"}',
        '{"id":2,"op":"reset","seed":"\\udc00"}',
    ]
    done = subprocess.run(SERVERS[name](), input="\n".join(lines), capture_output=True, text=True, timeout=60)
    replies = done.stdout.splitlines()
    assert len(replies) == 3 and all("error" in jsontext.loads(reply.encode()) for reply in replies[1:])


@pytest.mark.parametrize("name", ["control.py", "control.js"])
def test_controllers_read_lines_that_end_at_newlines_only(name):
    interpreter = sys.executable if name.endswith("py") else "node"
    command = [*example(name, interpreter), *script("odd_policy.py")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stdout.startswith("held for"), done.stderr
