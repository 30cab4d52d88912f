"""Opens connections, and when it is told to does something else with each of them, so that a window sees it.

    window-client.py FOLDER IPV4 IPV6

Says FOLDER/ready when what is before the window is done, waits for FOLDER/go, and says FOLDER/done. What each port does:

     1 tcp idle        5 tcp opened and closed inside
     2 tcp carries     6 tcp refused
     3 tcp closes      7 udp unanswered: two datagrams
     4 tcp opens       8 udp carries: three datagrams of 100 bytes each way

IPv4 has the ports 41001 to 41008, IPv6 the ports 41101 to 41108 of this side.
"""

import pathlib
import socket
import sys
import time

folder = pathlib.Path(sys.argv[1])
ECHO, REFUSED, DROPPED = 7000, 9997, 9999


def tcp(address, port, to=ECHO):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    link = socket.socket(family, socket.SOCK_STREAM)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    link.bind(("", port))
    link.settimeout(10)
    link.connect((address, to))
    return link


def udp(address, port, to=ECHO):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    link = socket.socket(family, socket.SOCK_DGRAM)
    link.bind(("", port))
    link.settimeout(10)
    link.connect((address, to))
    return link


def exchange(link, size):
    link.sendall(b"x" * size)
    count = 0
    while count < size:
        count += len(link.recv(65535))


class Side:
    def __init__(self, address, base):
        self.address, self.base = address, base

    def before(self):
        self.idle = tcp(self.address, self.base + 1)
        self.carries = tcp(self.address, self.base + 2)
        self.closes = tcp(self.address, self.base + 3)
        for link in (self.idle, self.carries, self.closes):
            exchange(link, 50)
        self.datagrams = udp(self.address, self.base + 8)
        exchange(self.datagrams, 10)

    def inside(self):
        exchange(self.carries, 5000)
        for _ in range(3):
            exchange(self.datagrams, 100)
        self.closes.close()
        self.opened = tcp(self.address, self.base + 4)
        exchange(self.opened, 30)
        short = tcp(self.address, self.base + 5)
        exchange(short, 20)
        short.close()
        try:
            tcp(self.address, self.base + 6, REFUSED)
            raise SystemExit("not refused")
        except ConnectionRefusedError:
            pass
        self.dropped = udp(self.address, self.base + 7, DROPPED)
        for _ in range(2):
            self.dropped.send(b"x" * 10)


sides = [Side(sys.argv[2], 41000), Side(sys.argv[3], 41100)]
for side in sides:
    side.before()
(folder / "ready").touch()
while not (folder / "go").exists():
    time.sleep(0.01)
for side in sides:
    side.inside()
(folder / "done").touch()
while True:
    time.sleep(60)
