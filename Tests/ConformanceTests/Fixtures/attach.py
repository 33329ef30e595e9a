"""Passes lines between its standard streams and a socket, as nc does: attach.py HOST:PORT | unix:PATH"""

import os
import socket
import sys
import threading

address = sys.argv[1]
if address.startswith("unix:"):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address[5:])
else:
    host, _, port = address.rpartition(":")
    connection = socket.create_connection((host, int(port)))


def send():
    while data := os.read(0, 65536):
        connection.sendall(data)
    connection.shutdown(socket.SHUT_WR)


threading.Thread(target=send, daemon=True).start()
while data := connection.recv(65536):
    os.write(1, data)
