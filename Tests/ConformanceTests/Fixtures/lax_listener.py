"""Waits on a port and starts a server for whoever comes, so that several drivers have one at once: SPEC 3.11 is broken.

    lax_listener.py [--mute] COMMAND...

With --mute a second driver is let in and not answered. The port is told on standard error.
"""

import socket
import subprocess
import sys
import threading

is_mute = "--mute" in sys.argv
command = [word for word in sys.argv[1:] if word != "--mute"]
listener = socket.create_server(("127.0.0.1", 0))
print(f"waits at port {listener.getsockname()[1]}", file=sys.stderr, flush=True)
drivers = []


def serve(connection):
    with connection:
        subprocess.run(command, stdin=connection, stdout=connection, check=False)
    drivers.remove(connection)


while True:
    connection, _ = listener.accept()
    if is_mute and drivers:
        threading.Thread(target=lambda taken=connection: taken.recv(1 << 20) and taken.recv(1), daemon=True).start()
        continue
    drivers.append(connection)
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
