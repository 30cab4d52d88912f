"""Replays the recorded exec sessions, handshake by handshake and frame by frame."""

import json
import re
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import recorded_cluster
from running_server import RunningServer
from websocket_client import OPCODES, Exchange, client_frame

import recorded

# What else has to happen while a session runs, from its note, after so many seconds.
DELETIONS = {"exec-pod-deleted": ("d1", 1), "exec-pod-deleted-v4": ("d1v4", 1), "exec-pod-deleted-grace5": ("d30", 5),
             "exec-pod-force-deleted": ("d0", 0)}


def head_of(name, exchange):
    lines = [exchange.request_line, "Host: 127.0.0.1"]
    lines += [f"{key}: {value}" for key, value in recorded_cluster.headers_of(name, exchange)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frames_of(exchange, direction):
    """(seconds, opcode, fin, payload) of the recorded frames."""
    for moment, sent, words in exchange.frames:
        if sent == direction:
            payload = words[3].split(";")[0].strip() if len(words) > 3 else ""
            yield moment, words[0], words[1] == "fin=1", bytes.fromhex(payload)


def digest(frames):
    """What a session said, without what depends on the moment: the text of each channel, the Status, other frames."""
    found = {"stdout": b"", "stderr": b"", "other": []}
    for opcode, _, payload in frames:
        if opcode == "binary" and payload[:1] in (b"\x01", b"\x02"):
            found["stdout" if payload[:1] == b"\x01" else "stderr"] += payload[1:]
        else:
            text = payload.decode("utf-8", "backslashreplace")
            # The runtime's number of an exec.
            found["other"].append((opcode, re.sub("[0-9a-f]{64}", "EXEC", text)))
    found["stdout"] = re.sub(b"(tick\n)+", b"tick\n", found["stdout"])
    return found


class ReplayedSessions(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.files = tempfile.TemporaryDirectory()
        for name, document in (("cluster", {"items": recorded_cluster.items()}), ("config", recorded_cluster.config())):
            with open(f"{cls.files.name}/{name}.json", "w", encoding="utf-8") as file:
                json.dump(document, file)
        cls.server = RunningServer("--cluster", f"{cls.files.name}/cluster.json", "--config", f"{cls.files.name}/config.json")

    @classmethod
    def tearDownClass(cls):
        complaint = cls.server.close()
        cls.files.cleanup()
        assert not complaint, complaint

    def session(self, name):
        exchange = recorded.exchange(f"exec/{name}.frames.txt")
        first = min((moment for moment, *_ in exchange.frames), default=0)
        masked = name != "exec-unmasked"
        to_send = [(moment - first, client_frame(OPCODES[opcode], payload, fin, masked))
                   for moment, opcode, fin, payload in frames_of(exchange, ">")]
        if name == "exec-unread-stdin-hang":
            to_send = [(0, client_frame(2, b"\x00" + bytes(32 << 10)))] * 8
        self.accompany(name)
        return exchange, Exchange(self.server, head_of(f"exec/{name}.frames.txt", exchange), to_send, silence=4)

    def accompany(self, name):
        if name in DELETIONS:
            pod, grace = DELETIONS[name]
            after(2, lambda: self.server.json("DELETE", f"/api/v1/namespaces/nv-test/pods/{pod}",
                                              {"kind": "DeleteOptions", "gracePeriodSeconds": grace}))
        elif name == "exec-container-exits":
            after(2.5, lambda: self.server.json("POST", "/_control/finish-pod", {"namespace": "nv-test", "name": "pid1"}))
        elif name == "exec-pod-deadline":
            spec = {"nodeName": "tbn1", "activeDeadlineSeconds": 600, "containers": [{"name": "c", "image": "x"}]}
            self.server.json("POST", "/api/v1/namespaces/nv-test/pods", {"metadata": {"name": "dl2"}, "spec": spec})
            time.sleep(1)
            # When it passes is decided here, and not by how long the session takes to begin.
            after(2.5, lambda: self.server.json("POST", "/_control/finish-pod", {
                "namespace": "nv-test", "name": "dl2", "status": {"reason": "DeadlineExceeded"}}))

    def compare(self, name, exchange, session):
        self.assertEqual(session.answer.status, exchange.status)
        for header in ("content-type", "sec-websocket-accept", "sec-websocket-protocol", "sec-websocket-version", "upgrade",
                       "connection"):
            self.assertEqual(session.answer.header(header), exchange.response_header(header), header)
        if exchange.status != 101:
            self.assertEqual(sorted(key.lower() for key, _ in session.answer.headers),
                             sorted(key.lower() for key, _ in exchange.response_headers))
            self.assertEqual(session.answer.body.decode().strip(), exchange.response_body.strip())
            return
        wanted = [(opcode, fin, payload) for _, opcode, fin, payload in frames_of(exchange, "<")]
        self.assertEqual(digest(session.frames), digest(wanted))
        # The readiness frame is always the first.
        self.assertEqual(session.frames[0], wanted[0])
        ends = [words[0] for _, direction, words in exchange.frames if direction == "!" and words[0] in ("EOF", "TIMEOUT")]
        self.assertEqual(session.end, ends[0])

    def test_every_recorded_session_goes_as_with_the_real_server(self):
        names = [path.name.removesuffix(".frames.txt") for path in sorted((recorded.FOLDER / "exec").glob("*.frames.txt"))]
        self.assertGreater(len(names), 50)
        anonymous = [name for name in names if "anonymous" in name]
        with ThreadPoolExecutor(max_workers=64) as pool:
            results = dict(zip(names, pool.map(lambda name: None if name in anonymous else self.session(name), names)))
        self.server.json("POST", "/_control/access", {"anonymous": True})
        results |= {name: self.session(name) for name in anonymous}
        for name, (exchange, session) in results.items():
            with self.subTest(name):
                self.compare(name, exchange, session)


def after(seconds, action):
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    unittest.main()
