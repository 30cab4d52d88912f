"""The exchanges that were recorded from a real 1.36.2 API server, Tests/Fixtures/api-1.36."""

import json
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "Fixtures" / "api-1.36"


class Exchange:
    """A request and its response, as a *.http or *.frames.txt file tells them. `frames`: (seconds, direction, words)."""

    def __init__(self, text):
        sent, received, frames = [], [], []
        for line in text.split("\n"):
            if line.startswith("> ") or line == ">":
                sent.append(line[2:])
            elif line.startswith("< ") or line == "<":
                received.append(line[2:])
            elif line and line[0].isdigit():
                words = line.split(" ")
                frames.append((float(words[0]), words[1], words[2:]))
        self.frames = frames
        self.request_line, self.request_headers, self.request_body = self._message(sent)
        self.status_line, self.response_headers, self.response_body = self._message(received)

    @staticmethod
    def _message(lines):
        end = lines.index("") if "" in lines else len(lines)
        headers = [tuple(line.split(": ", 1)) if ": " in line else (line.rstrip(":"), "") for line in lines[1:end]]
        return lines[0], headers, "\n".join(lines[end + 1:])

    @property
    def method(self):
        return self.request_line.split(" ")[0]

    @property
    def target(self):
        return self.request_line.split(" ")[1]

    @property
    def status(self):
        return int(self.status_line.split(" ")[1])

    def response_bytes(self):
        if self.response_body.startswith("(binary"):
            return bytes.fromhex(self.response_body.split("hex: ")[1])
        return self.response_body.encode()

    def response_header(self, name):
        return next((value for found, value in self.response_headers if found.lower() == name.lower()), "")


@lru_cache(maxsize=None)
def exchange(name):
    """`name` is relative to the folder, as errors/401-bad-token.http."""
    path = (FOLDER / name).resolve()
    if FOLDER not in path.parents:
        raise FileNotFoundError(name)
    return Exchange(path.read_text(encoding="utf-8"))


@lru_cache(maxsize=None)
def pod_states(name):
    """The pod objects of watch/NAME.jsonl in their order, with the kind of event."""
    path = FOLDER / "watch" / (name + ".jsonl")
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(event["type"], event["object"]) for event in events
            if event["object"]["kind"] == "Pod" and event["type"] != "BOOKMARK"]
