"""Holds abstract socket names (unix(7)) until it is killed: hold-names.py KIND=NAME ...

KIND is listening, bound (a stream that does not listen) or datagram.
"""

import socket
import sys
import time

held = []
for word in sys.argv[1:]:
    kind, name = word.split("=")
    held.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM if kind == "datagram" else socket.SOCK_STREAM))
    held[-1].bind(b"\0" + name.encode())
    if kind == "listening":
        held[-1].listen()
time.sleep(60)
