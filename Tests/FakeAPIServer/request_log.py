"""Every request that was seen, for tests to compare."""

import hashlib
import time


class RequestLog:
    def __init__(self):
        self.begin = time.monotonic()
        self.requests = []
        # Whether Authorization is kept as it came; a test's own token is no secret, a user's is.
        self.keep_credentials = False

    def add(self, request, tls):
        headers = [[name, self._shown(name, value)] for name, value in request.headers]
        body = request.body.decode("utf-8", "replace") if request.method in ("POST", "PUT", "PATCH", "DELETE") else None
        entry = {"method": request.method, "path": request.raw_path, "query": [list(pair) for pair in request.query],
                 "headers": headers, "body": body or None, "connection": request.connection, "tls": tls, "status": None,
                 "user": None, "time": round(time.monotonic() - self.begin, 4)}
        self.requests.append(entry)
        return entry

    def _shown(self, name, value):
        if name.lower() != "authorization" or self.keep_credentials:
            return value
        scheme, _, secret = value.partition(" ")
        return f"{scheme} sha256:{hashlib.sha256(secret.encode()).hexdigest()[:16]}"
