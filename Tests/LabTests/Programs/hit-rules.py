"""Sends a known number of packets to each port of a server that its rules drop or reject.

Usage: hit-rules.py IPV4 IPV6 COUNTS, with COUNTS as in "udp:9101=7 tcp:9102=3 udp6:9106=6".
A datagram carries 100 bytes; a TCP dial has to fail at once.
"""

import socket
import sys

ipv4, ipv6, counts = sys.argv[1:]
for part in counts.split():
    (kind, rest) = part.split(":")
    (port, count) = map(int, rest.split("="))
    family = socket.AF_INET6 if kind.endswith("6") else socket.AF_INET
    address = (ipv6 if kind.endswith("6") else ipv4, port)
    for _ in range(count):
        if kind.startswith("udp"):
            with socket.socket(family, socket.SOCK_DGRAM) as sender:
                sender.sendto(b"x" * 100, address)
        else:
            with socket.socket(family, socket.SOCK_STREAM) as dialler:
                dialler.settimeout(5)
                try:
                    dialler.connect(address)
                    sys.exit(f"{part}: connected")
                except ConnectionRefusedError:
                    pass
