"""A fake API server as a child process, and a small HTTP client that sends exactly what it is told."""

import json
import socket
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent
# Whoever imports this module may import the server's modules after it.
sys.path.insert(0, str(PROGRAM))


class RunningServer:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.executable, str(PROGRAM), *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        ready = self.process.stdout.readline()
        if not ready:
            raise RuntimeError(self.process.stderr.read().decode())
        self.port = json.loads(ready)["port"]

    def close(self):
        """Ends it by the end of its input; returns what it wrote to standard error."""
        self.process.stdin.close()
        complaint = self.process.stderr.read().decode()
        self.process.wait(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return complaint

    def connect(self, timeout=20):
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def send(self, method, target, headers=(), body=b""):
        """A request on a connection of its own."""
        with self.connect() as connection:
            lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"] + [f"{name}: {value}" for name, value in headers]
            if body or method in ("POST", "PUT", "PATCH"):
                lines.append(f"Content-Length: {len(body)}")
            connection.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
            return Answer(connection.makefile("rb"))

    def json(self, method, target, document=None):
        body = json.dumps(document).encode() if document is not None else b""
        headers = [("Content-Type", "application/json"), ("User-Agent", "kubectl-netviz/0.1.0 (linux/amd64)")]
        answer = self.send(method, target, headers, body)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {target}: {answer.status} {answer.body.decode()}")
        return json.loads(answer.body)

    def watch(self, target, until, timeout=20):
        """The events of a watch until `until(events)` holds."""
        events = []
        with self.connect(timeout) as connection:
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\nUser-Agent: kubectl-netviz/0.1.0\r\n\r\n".encode())
            stream = connection.makefile("rb")
            Answer.read_head(stream)
            while not until(events):
                size = int(stream.readline(), 16)
                piece = stream.read(size)
                stream.readline()
                if not size:
                    break
                events += [json.loads(line) for line in piece.splitlines()]
        return events


class NoAnswer(ConnectionError):
    """The connection ended before the head did."""


class Answer:
    def __init__(self, stream):
        self.status, self.headers = self.read_head(stream)
        length, chunked = self.header("content-length"), self.header("transfer-encoding") == "chunked"
        if chunked:
            pieces = []
            while size := int(Answer.line_of(stream), 16):
                pieces.append(stream.read(size))
                Answer.line_of(stream)
            self.body = b"".join(pieces)
        else:
            self.body = stream.read(int(length)) if length else (b"" if self.status == 101 else stream.read())
            if length and len(self.body) < int(length):
                raise NoAnswer

    @staticmethod
    def read_head(stream):
        first = stream.readline()
        if not first.endswith(b"\n"):
            raise NoAnswer
        code = int(first.split(b" ")[1])
        headers = []
        while line := Answer.line_of(stream):
            name, _, value = line.partition(":")
            headers.append((name, value.strip()))
        return code, headers

    @staticmethod
    def line_of(stream):
        line = stream.readline()
        if not line.endswith(b"\n"):
            raise NoAnswer
        return line.decode("latin-1").rstrip("\r\n")

    def header(self, name):
        return next((value for found, value in self.headers if found.lower() == name), "")
