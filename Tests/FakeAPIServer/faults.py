"""What goes wrong on demand, and for which requests."""

import re

import recorded

# The parts of an exec session after which it can be cut; "before" and "head" are of any request.
EXEC_STAGES = ("after-101", "before-first-frame", "in-frame", "after-stdout", "after-status")
STAGES = ("before", "head", "middle") + EXEC_STAGES
_DO = {"status", "body", "recorded", "headers", "cut", "how", "after_bytes", "delay", "drip", "content_type", "watch_error",
       "accept", "garbage", "frames", "text", "fragment", "pause", "no_status", "no_close", "no_ready", "exec_status"}
_MATCH = {"method", "path", "query", "nth", "from", "to", "user", "node"}


class BadFault(ValueError):
    """A fault that would never do what was meant."""


class Fault:
    """`{"match": {"method", "path": regex, "query": regex, "user", "node", "nth" | "from", "to"}, "do": {…}}`; nth counts
    the requests that match the rest, from 1."""

    def __init__(self, document):
        match, self.do = document.get("match", {}), document.get("do", {})
        for name, known, found in (("match", _MATCH, match), ("do", _DO, self.do)):
            if unknown := set(found) - known:
                raise BadFault(f"unknown {name}: {', '.join(sorted(unknown))}")
        if self.do.get("cut") not in (None, *STAGES):
            raise BadFault(f"unknown cut: {self.do['cut']}")
        if self.do.get("how", "fin") not in ("fin", "rst"):
            raise BadFault(f"unknown how: {self.do['how']}")
        self.method = match.get("method")
        self.path, self.query = re.compile(match.get("path", "")), re.compile(match.get("query", ""))
        self.user, self.node = match.get("user"), match.get("node")
        first = match.get("nth", match.get("from", 1))
        self.first, self.last = first, match.get("nth", match.get("to", float("inf")))
        self.seen = 0

    def takes(self, request, node):
        if self.method and request.method != self.method:
            return False
        if not self.path.search(request.raw_path) or not self.query.search(request.raw_query):
            return False
        if self.user and (request.identity is None or request.identity.username != self.user):
            return False
        if self.node and self.node != node:
            return False
        self.seen += 1
        return self.first <= self.seen <= self.last

    def answer(self):
        """(status, headers, body) where the fault answers in the server's place; None where it does not."""
        if "recorded" in self.do:
            exchange = recorded.exchange(self.do["recorded"])
            headers = [(name, value) for name, value in exchange.response_headers
                       if name.lower() not in ("content-length", "transfer-encoding", "date", "audit-id")]
            return exchange.status, headers, exchange.response_bytes()
        if "status" in self.do:
            body = self.do.get("body", "")
            content_type = self.do.get("content_type") or ("application/json" if not isinstance(body, str) or
                                                           body.startswith("{") else "text/plain; charset=utf-8")
            return self.do["status"], [("Content-Type", content_type)], body
        return None


class Faults:
    def __init__(self):
        self.faults = []

    def add(self, documents):
        self.faults += [Fault(document) for document in documents]

    def clear(self):
        self.faults.clear()

    def find(self, request, node=""):
        """What to do with a request; every matching fault counts it, the first whose turn it is decides."""
        found = [fault for fault in self.faults if fault.takes(request, node)]
        return found[0] if found else None
