"""Stands between a driver and a server, and sleeps before each step: sleepy.py MILLISECONDS COMMAND...

Standard library only.
"""

import subprocess
import sys
import time

server = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for request in iter(sys.stdin.buffer.readline, b""):
    if b'"op":"step"' in request:
        time.sleep(float(sys.argv[1]) / 1000)
    server.stdin.write(request)
    server.stdin.flush()
    sys.stdout.buffer.write(server.stdout.readline())
    sys.stdout.buffer.flush()
server.stdin.close()
sys.exit(server.wait())
