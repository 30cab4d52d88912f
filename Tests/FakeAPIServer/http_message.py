"""HTTP/1.1 requests as they are read, and responses as handlers make them (RFC 9112)."""

import uuid
from http import HTTPStatus
from urllib.parse import unquote, unquote_plus

import clock

LARGEST_HEAD = 1 << 20  # net/http's limit
LARGEST_BODY = 3 << 20  # k8s.io/apiserver's limit


class BadRequest(Exception):
    """Not HTTP; the connection ends."""


class Request:
    """One request; `headers` are (name, value) in their order, `query` likewise, decoded."""

    def __init__(self, method, target, headers, connection):
        self.method = method
        self.raw_path, _, self.raw_query = target.partition("?")
        self.path = unquote(self.raw_path)
        self.segments = [unquote(part) for part in self.raw_path.split("/") if part]
        self.query = [(unquote_plus(name), unquote_plus(value))
                      for name, _, value in (part.partition("=") for part in self.raw_query.split("&") if part)]
        self.headers = headers
        self.body = b""
        self.body_too_large = False
        self.connection = connection
        self.identity = None

    def header(self, name, default=""):
        for found, value in self.headers:
            if found.lower() == name:
                return value
        return default

    def header_values(self, name):
        return [value for found, value in self.headers if found.lower() == name]

    def parameter(self, name, default=""):
        for found, value in self.query:
            if found == name:
                return value
        return default

    def parameters(self, name):
        return [value for found, value in self.query if found == name]

    def flag(self, name):
        """By the rule of the API's options: absent, 0 and false are false, all else is true, also the empty text."""
        values = self.parameters(name)
        return bool(values) and values[0].lower() not in ("0", "false")


async def read_request(reader, connection):
    """The next request of a connection with its body; None at its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head[:-4].decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise BadRequest(lines[0])
    headers = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequest(line)
        headers.append((name, value.strip(" \t")))
    request = Request(words[0], words[1], headers, connection)
    if request.header("transfer-encoding").lower() == "chunked":
        await _read_chunks(reader, request)
    elif length := request.header("content-length"):
        if not length.isdecimal():
            raise BadRequest(length)
        await _read_length(reader, request, int(length))
    return request


async def _read_length(reader, request, length):
    if length <= LARGEST_BODY:
        request.body = await reader.readexactly(length)
        return
    request.body_too_large = True
    while length > 0:
        length -= len(await reader.readexactly(min(length, 1 << 16)))


async def _read_chunks(reader, request):
    pieces, total = [], 0
    while True:
        line = (await reader.readuntil(b"\r\n")).split(b";")[0].strip()
        try:
            size = int(line, 16)
        except ValueError as error:
            raise BadRequest(line) from error
        piece = await reader.readexactly(size)
        total += size
        if total <= LARGEST_BODY:
            pieces.append(piece)
        await reader.readuntil(b"\r\n")
        if size == 0:
            break
    request.body = b"".join(pieces)
    request.body_too_large = total > LARGEST_BODY


class Response:
    """What a handler answers. `body` is bytes, a list of bytes, or an asynchronous generator of bytes (chunked)."""

    def __init__(self, status, body=b"", content_type="application/json", headers=(), bare=False, close=False):
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers = list(headers)
        # A response of another layer than the API server's: without Audit-Id and its kin.
        self.bare = bare
        self.close = close
        # API Priority and Fairness marks what it let through, not the long-running.
        self.flow_schema = True

    @property
    def is_stream(self):
        return not isinstance(self.body, (bytes, list))

    @property
    def length(self):
        return len(self.body) if isinstance(self.body, bytes) else sum(map(len, self.body))

    @property
    def is_chunked(self):
        # net/http knows the length of what fits its buffer.
        return self.is_stream or (self.length > 2048 and not self.bare)

    def head(self):
        lines = [f"HTTP/1.1 {self.status} {phrase(self.status)}"]
        fields = list(self.headers)
        if not self.bare:
            fields += [("Audit-Id", str(uuid.uuid4())), ("Cache-Control", "no-cache, private")]
            if self.flow_schema:
                fields += [("X-Kubernetes-Pf-Flowschema-Uid", FLOW_SCHEMA),
                           ("X-Kubernetes-Pf-Prioritylevel-Uid", PRIORITY_LEVEL)]
        if self.content_type:
            fields.append(("Content-Type", self.content_type))
        lines += [f"{name}: {value}" for name, value in sorted(fields, key=lambda field: field[0])]
        if self.content_type or not self.bare:
            lines.append("Date: " + clock.http_date())
            lines.append("Transfer-Encoding: chunked" if self.is_chunked else f"Content-Length: {self.length}")
        if self.close:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


FLOW_SCHEMA = "a710b8df-6eec-42d1-b554-1ad20da58636"
PRIORITY_LEVEL = "43110ac7-6eec-465a-8328-bb3cc3907ed0"


def phrase(status):
    if status == 413:
        return "Request Entity Too Large"
    if status == 422:
        return "Unprocessable Entity"
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "status code " + str(status)
