"""The API's protobuf: the fields that clients of this project read, numbered as in k8s.io/api's generated.proto.

A message is encoded from its JSON form. Strings, numbers and truth values that are not pointers in Go are written even
when empty, as gogo's generated code does.
"""

import json

import clock
import go_json

MAGIC = b"k8s\x00"


_SHORT = [bytes((number,)) for number in range(128)]


def varint(number):
    if 0 <= number < 128:
        return _SHORT[number]
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def delimited(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


class Malformed(ValueError):
    """Bytes that are no message."""


def _read_varint(data, at):
    number = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Malformed("a number without end")
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def fields(data):
    """(number, value) of a message's fields: numbers and bytes, in their order."""
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        if tag & 7 == 0:
            value, at = _read_varint(data, at)
        elif tag & 7 == 2:
            length, at = _read_varint(data, at)
            value, at = data[at:at + length], at + length
            if at > len(data):
                raise Malformed("a field beyond the end")
        else:
            raise Malformed(f"wire type {tag & 7}")
        yield tag >> 3, value


def opened(data):
    """(apiVersion, kind, the message) of runtime.Unknown."""
    if not data.startswith(MAGIC):
        raise Malformed("not k8s\\0")
    found = dict(fields(data[len(MAGIC):]))
    meta = dict(fields(found.get(1, b"")))
    return meta.get(1, b"").decode(), meta.get(2, b"").decode(), found.get(2, b"")


class Text:
    wire, empty = 2, ""

    @staticmethod
    def decode(value):
        return value.decode()

    @staticmethod
    def encode(value):
        raw = value.encode()
        return varint(len(raw)) + raw


class Integer:
    wire, empty = 0, 0

    @staticmethod
    def decode(value):
        return value - (1 << 64) if value >> 63 else value

    @staticmethod
    def encode(value):
        return varint(int(value))


class Truth:
    wire, empty = 0, False

    @staticmethod
    def decode(value):
        return bool(value)

    @staticmethod
    def encode(value):
        return b"\x01" if value else b"\x00"


class Time:
    wire, empty = 2, None

    @staticmethod
    def decode(value):
        found = dict(fields(value))
        return clock.text(found[1]) if found else None

    @staticmethod
    def encode(value):
        if not value:
            return b"\x00"
        payload = b"\x08" + varint(clock.seconds(value)) + b"\x10\x00"
        return varint(len(payload)) + payload


class IntOrString:
    wire, empty = 2, 0

    @staticmethod
    def decode(value):
        found = dict(fields(value))
        return found.get(3, b"").decode() if found.get(1) else Integer.decode(found.get(2, 0))

    @staticmethod
    def encode(value):
        is_text = isinstance(value, str)
        payload = b"\x08" + (b"\x01" if is_text else b"\x00") + b"\x10" + varint(0 if is_text else value)
        payload += delimited(3, value.encode() if is_text else b"")
        return varint(len(payload)) + payload


class RawJSON:
    """FieldsV1: a message with a JSON document in it."""
    wire = 2
    # A generated cluster repeats few of them very often.
    _kept = {}

    @staticmethod
    def decode(value):
        return json.loads(dict(fields(value)).get(1, b"null"))

    @classmethod
    def encode(cls, value):
        if id(value) not in cls._kept:
            payload = delimited(1, go_json.encode(value))
            if len(cls._kept) > 1000:
                cls._kept.clear()
            cls._kept[id(value)] = (value, varint(len(payload)) + payload)
        return cls._kept[id(value)][1]


class TextMap:
    """map<string, string>, its entries in the order of the keys."""
    wire = 2


class Message:
    """`fields`: (number, JSON name, type, how), how being "" (always written), "?" (a pointer) or "*" (repeated)."""

    wire, empty = 2, {}

    def __init__(self, *fields):
        self.fields = [(number, name, kind, how, varint(number << 3 | kind.wire)) for number, name, kind, how in fields]

    def decode(self, data):
        """The JSON form; what is empty is left out, as Go's omitempty does, and so is what the message does not know."""
        known = {number: (name, kind, how) for number, name, kind, how, _ in self.fields}
        out = {}
        for number, raw in fields(data):
            if number not in known:
                continue
            name, kind, how = known[number]
            if kind is TextMap:
                entry = dict(fields(raw))
                out.setdefault(name, {})[entry.get(1, b"").decode()] = entry.get(2, b"").decode()
            elif how == "*":
                out.setdefault(name, []).append(kind.decode(raw))
            else:
                value = kind.decode(raw)
                if how == "?" or value not in ("", 0, None, {}):
                    out[name] = value
        return out

    def payload(self, value):
        out = []
        for _, name, kind, how, tag in self.fields:
            found = value.get(name)
            if kind is TextMap:
                for key in sorted(found or ()):
                    entry = delimited(1, key.encode()) + delimited(2, found[key].encode())
                    out.append(tag + varint(len(entry)) + entry)
            elif how == "*":
                for element in found or ():
                    out.append(tag + kind.encode(element))
            elif found is not None:
                out.append(tag + kind.encode(found))
            elif how == "":
                out.append(tag + kind.encode(kind.empty))
        return b"".join(out)

    def encode(self, value):
        payload = self.payload(value)
        return varint(len(payload)) + payload


def envelope(api_version, kind, pieces):
    """runtime.Unknown around a message that is given in pieces: a list of bytes."""
    type_meta = delimited(1, api_version.encode()) + delimited(2, kind.encode())
    head = MAGIC + delimited(1, type_meta) + varint(2 << 3 | 2) + varint(sum(map(len, pieces)))
    return [head, *pieces, delimited(3, b"") + delimited(4, b"")]


def watch_event(kind, enveloped):
    """A frame of a watch stream: its length in 4 bytes, big-endian, and a WatchEvent without an envelope."""
    event = delimited(1, kind.encode()) + delimited(2, delimited(1, enveloped))
    return len(event).to_bytes(4, "big") + event
