"""Real traffic of known size within one network namespace, over its loopback interface.

Usage: traffic.py NAME...   the connections to make, in this order; each is closed before the next begins
"""

import socket
import sys

HERE, THERE = "10.1.0.1", "10.1.0.2"


def datagrams(server, client, address, count, size, answered=True, dialled=None):
    """`count` datagrams of `size` bytes from `client` to `address`, each answered by one of the same size."""
    server.bind(address)
    server.settimeout(5)
    client.settimeout(5)
    for _ in range(count):
        client.sendto(bytes(size), dialled or address)
        data, peer = server.recvfrom(65536)
        if answered:
            server.sendto(data, peer)
            client.recvfrom(65536)


def udp(address, client_port=0, family=socket.AF_INET, **more):
    with socket.socket(family, socket.SOCK_DGRAM) as server, socket.socket(family, socket.SOCK_DGRAM) as client:
        client.bind((HERE if family == socket.AF_INET else "::1", client_port))
        datagrams(server, client, address, **more)


def stream(address):
    """1000 bytes one way, 10 back, then closed by the client."""
    with socket.socket() as listener:
        listener.bind(address)
        listener.listen()
        with socket.socket() as client:
            client.settimeout(5)
            client.bind((HERE, 0))
            client.connect(address)
            server, _ = listener.accept()
            client.sendall(bytes(1000))
            received = 0
            while received < 1000:
                received += len(server.recv(1000))
            server.sendall(bytes(10))
            client.recv(10)
        server.close()


def refused(address):
    with socket.socket() as client:
        client.bind((HERE, 0))
        try:
            client.connect(address)
        except ConnectionRefusedError:
            return
        sys.exit(f"{address} was not refused")


def unknown_protocol():
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, 253) as client:
        client.sendto(bytes(100), (THERE, 0))


def invalid():
    """An echo reply that nobody asked for."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as client:
        client.sendto(bytes([0, 0, 0xFF, 0xFF, 0, 0, 0, 0]), (THERE, 0))


MAKE = {
    "udp4": lambda: udp((THERE, 5000), 40001, count=3, size=100),
    "udp6": lambda: udp(("::1", 5000), 40001, family=socket.AF_INET6, count=2, size=50),
    "unanswered": lambda: udp((THERE, 5001), 40002, count=2, size=10, answered=False),
    "marked": lambda: udp((THERE, 5002), 40003, count=1, size=1),
    "zone": lambda: udp((THERE, 5003), 40004, count=1, size=1),
    "zone-original": lambda: udp((THERE, 5004), 40005, count=1, size=1, answered=False),
    "zone-reply": lambda: udp((THERE, 5005), 40006, count=1, size=1, answered=False),
    "dnat": lambda: udp((THERE, 5006), 40007, count=1, size=1, dialled=("10.1.0.99", 53)),
    "snat": lambda: udp((THERE, 5007), 40008, count=1, size=1),
    "tcp": lambda: stream((THERE, 5008)),
    "refused": lambda: refused((THERE, 5010)),
    "unknown": unknown_protocol,
    "invalid": invalid,
}

for name in sys.argv[1:]:
    MAKE[name]()
