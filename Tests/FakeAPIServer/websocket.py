"""WebSocket frames (RFC 6455), the server's side, with the ways of golang.org/x/net/websocket."""

import base64
import hashlib

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
OPCODES = {"cont": CONTINUATION, "text": TEXT, "binary": BINARY, "close": CLOSE, "ping": PING, "pong": PONG}
LARGEST_FRAME = 32 << 20


class Unmasked(Exception):
    """A client's frame without a mask."""


class TooLarge(Exception):
    """A frame of more than 32 MiB."""


def accept_key(key):
    return base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


def frame(opcode, payload, fin=True):
    length = len(payload)
    first = (0x80 if fin else 0) | opcode
    if length < 126:
        head = bytes((first, length))
    elif length < 1 << 16:
        head = bytes((first, 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((first, 127)) + length.to_bytes(8, "big")
    return head + payload


def close_frame(code=1000):
    return frame(CLOSE, code.to_bytes(2, "big"))


async def read_frame(reader):
    """(opcode, payload): each frame is taken for a message, as the real server does."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length == 126:
        length = int.from_bytes(await reader.readexactly(2), "big")
    elif length == 127:
        length = int.from_bytes(await reader.readexactly(8), "big")
    if not second & 0x80:
        raise Unmasked
    if length > LARGEST_FRAME:
        raise TooLarge
    mask = await reader.readexactly(4)
    payload = await reader.readexactly(length)
    return first & 0x0F, unmask(payload, mask)


def unmask(payload, mask):
    if not payload:
        return payload
    repeated = mask * (len(payload) // 4 + 1)
    number = int.from_bytes(payload, "big") ^ int.from_bytes(repeated[:len(payload)], "big")
    return number.to_bytes(len(payload), "big")
