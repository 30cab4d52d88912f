"""Dials a server so that its answers are known, and when it is told to dials again, so that a window sees it.

    dials.py FOLDER IPV4 IPV6

Before the window one connection over IPv6, which stays idle. Says FOLDER/ready, and after FOLDER/go, over IPv4: five
dials that are accepted and carry 100 bytes each way, two that are refused, one that nothing answers.
"""

import pathlib
import socket
import sys
import time

folder = pathlib.Path(sys.argv[1])
ECHO, REFUSED, DROPPED = 7000, 9997, 9998


def exchange(link, size):
    link.sendall(b"x" * size)
    count = 0
    while count < size:
        count += len(link.recv(65535))


idle = socket.create_connection((sys.argv[3], ECHO), 10)
exchange(idle, 10)
(folder / "ready").touch()
while not (folder / "go").exists():
    time.sleep(0.01)
# First of all: only three seconds without an answer tell that there is none.
unanswered = socket.socket()
unanswered.setblocking(False)
unanswered.connect_ex((sys.argv[2], DROPPED))
accepted = [socket.create_connection((sys.argv[2], ECHO), 10) for _ in range(5)]
for link in accepted:
    exchange(link, 100)
for _ in range(2):
    try:
        socket.create_connection((sys.argv[2], REFUSED), 10)
        raise SystemExit("not refused")
    except ConnectionRefusedError:
        pass
while True:
    time.sleep(60)
