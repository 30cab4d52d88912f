"""One side of an SCTP association, packet by packet over a raw socket.

A kernel without SCTP sockets still tracks SCTP connections. So that every kernel's tracker can be shown one, the
four packets that open an association (RFC 9260 section 5.1) are made here by hand, and one chunk of data.

    sctp.py serve ADDRESS PORT READY      answers until it is killed; makes the file READY when it can
    sctp.py dial ADDRESS PORT BYTES       opens an association from port 40001 and sends BYTES bytes of data
"""

import socket
import struct
import sys

IPPROTO_SCTP = 132
DATA, INIT, INIT_ACK, SACK, COOKIE_ECHO, COOKIE_ACK = 0, 1, 2, 3, 10, 11
CLIENT_PORT = 40001


def crc32c(data):
    """The checksum of RFC 9260 appendix A; the tracker refuses packets whose checksum is wrong."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def packet(source_port, port, tag, kind, value, flags=0):
    header = struct.pack("!HHII", source_port, port, tag, 0)
    chunk = struct.pack("!BBH", kind, flags, 4 + len(value)) + value + b"\0" * (-len(value) % 4)
    checksum = struct.pack("<I", crc32c(header + chunk))
    return header[:8] + checksum + chunk


def receive(link, port):
    """The next packet to the port: its sender's address and port, chunk type and the chunk's value."""
    while True:
        data, sender = link.recvfrom(65535)
        data = data[(data[0] & 15) * 4:]
        source_port, destination_port = struct.unpack("!HH", data[:4])
        if destination_port == port:
            length = struct.unpack("!H", data[14:16])[0]
            return sender[0], source_port, data[12], data[16:12 + length]


def init(tag):
    return struct.pack("!IIHHI", tag, 65536, 1, 1, 1)


def serve(link, port, ready):
    open(ready, "w").close()
    peers = {}
    while True:
        address, source_port, kind, value = receive(link, port)
        if kind == INIT:
            peers[address, source_port] = struct.unpack("!I", value[:4])[0]
            answer = INIT_ACK, init(0x5E5E5E5E) + struct.pack("!HH4s", 7, 8, b"cook")
        elif kind == COOKIE_ECHO:
            answer = COOKIE_ACK, b""
        elif kind == DATA:
            answer = SACK, value[:4] + struct.pack("!IHH", 65536, 0, 0)
        else:
            continue
        tag = peers.get((address, source_port), 0)
        link.sendto(packet(port, source_port, tag, *answer), (address, 0))


def dial(link, address, port, size):
    def exchange(tag, kind, value, expected, flags=0):
        link.sendto(packet(CLIENT_PORT, port, tag, kind, value, flags), (address, 0))
        _, _, kind, value = receive(link, CLIENT_PORT)
        if kind != expected:
            sys.exit(f"chunk {kind} came where {expected} was expected")
        return value

    link.settimeout(5)
    tag = struct.unpack("!I", exchange(0, INIT, init(0xC1C1C1C1), INIT_ACK)[:4])[0]
    exchange(tag, COOKIE_ECHO, b"cook", COOKIE_ACK)
    exchange(tag, DATA, struct.pack("!IHHI", 1, 0, 0, 0) + b"x" * size, SACK, flags=3)


mode, address, port, last = sys.argv[1:]
raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, IPPROTO_SCTP)
if mode == "serve":
    raw.bind((address, 0))
    serve(raw, int(port), last)
else:
    dial(raw, address, int(port), int(last))
