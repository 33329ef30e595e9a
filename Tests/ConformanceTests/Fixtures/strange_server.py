#!/usr/bin/env python3
"""Says one strange thing and ends.

    strange_server.py byte-order-mark | name-twice | nothing
"""
import sys

sys.stdin.readline()
print("trouble", file=sys.stderr, flush=True)
sys.stdout.buffer.write({
    "byte-order-mark": b'\xef\xbb\xbf{"id":0,"version":1}\n',
    "name-twice": b'{"id":0,"version":1,"version":1}\n',
    "nothing": b"",
}[sys.argv[1]])
sys.exit(3)
