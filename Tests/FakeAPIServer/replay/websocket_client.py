"""A WebSocket client that sends recorded frames and keeps what comes."""

import threading
import time

from running_server import Answer, NoAnswer

MASK = b"\x01\x02\x03\x04"
OPCODES = {"cont": 0, "text": 1, "binary": 2, "close": 8, "ping": 9, "pong": 10}
NAMES = {number: name for name, number in OPCODES.items()}


def client_frame(opcode, payload, fin=True, masked=True):
    head = bytearray([(0x80 if fin else 0) | opcode])
    length = len(payload)
    bit = 0x80 if masked else 0
    if length < 126:
        head.append(bit | length)
    elif length < 1 << 16:
        head += bytes([bit | 126]) + length.to_bytes(2, "big")
    else:
        head += bytes([bit | 127]) + length.to_bytes(8, "big")
    if not masked:
        return bytes(head) + payload
    return bytes(head) + MASK + bytes(byte ^ MASK[i % 4] for i, byte in enumerate(payload))


def read_frames(stream):
    """(opcode name, fin, payload) until the end of the stream."""
    while len(head := stream.read(2)) == 2:
        length = head[1] & 0x7F
        if length >= 126:
            length = int.from_bytes(stream.read(2 if length == 126 else 8), "big")
        payload = stream.read(length)
        if len(payload) < length:
            return
        yield NAMES[head[0] & 0x0F], bool(head[0] & 0x80), payload


class Exchange:
    """What a session brought: the answer's head, frames, and how it ended ("EOF", "RESET" or "TIMEOUT")."""

    def __init__(self, server, head, to_send=(), silence=4):
        self.frames, self.end, self.answer = [], "", None
        with server.connect(silence) as connection:
            connection.sendall(head)
            stream = connection.makefile("rb")
            try:
                self.answer = Answer(stream)
                if self.answer.status != 101:
                    return
                sending = threading.Thread(target=self._send, args=(connection, to_send), daemon=True)
                sending.start()
                for frame in read_frames(stream):
                    self.frames.append(frame)
                self.end = "EOF"
                sending.join(5)
            except NoAnswer:
                self.end = "EOF"
            except TimeoutError:
                self.end = "TIMEOUT"
            except ConnectionError:
                self.end = "RESET"

    @staticmethod
    def _send(connection, to_send):
        begin = time.monotonic()
        for moment, data in to_send:
            time.sleep(max(begin + moment - time.monotonic(), 0))
            try:
                connection.sendall(data)
            except OSError:
                return
