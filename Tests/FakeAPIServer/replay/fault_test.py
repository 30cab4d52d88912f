"""What goes wrong on demand: every cut and every fault arrives at the client as it says."""

import time
import unittest

from running_server import NoAnswer, RunningServer
from websocket_client import Exchange

EXEC = ("GET /api/v1/namespaces/default/pods/a/exec?stdout=true&stderr=true&command=conntrack&command=-L HTTP/1.1\r\n"
        "Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAECAwQFBgcICQoLDA0ODw==\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n").encode()
READY, SUCCESS = ("binary", True, b"\x01"), ("binary", True, b'\x03{"metadata":{},"status":"Success"}')
CLOSE = ("close", True, b"\x03\xe8")


class Faults(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = RunningServer("--nodes", "2", "--pods", "4", "--services", "1", "--speed", "50")
        spec = {"nodeName": "node-0000", "containers": [{"name": "c", "image": "x"}]}
        cls.server.json("POST", "/api/v1/namespaces/default/pods", {"metadata": {"name": "a"}, "spec": spec})
        running = "/api/v1/namespaces/default/pods?fieldSelector=status.phase%3DRunning"
        while not cls.server.json("GET", running)["items"]:
            time.sleep(0.02)

    @classmethod
    def tearDownClass(cls):
        complaint = cls.server.close()
        assert not complaint, complaint

    def fault(self, do, **match):
        self.server.json("POST", "/_control/clear-faults", {})
        self.server.json("POST", "/_control/faults", [{"match": match, "do": do}])

    def exec(self, do):
        self.fault(do, path="/exec$")
        return Exchange(self.server, EXEC)

    def test_an_exec_without_a_fault(self):
        session = self.exec({})
        ready, table, count, end, close = session.frames
        self.assertEqual((ready, end, close), (READY, SUCCESS, CLOSE))
        self.assertEqual(table[2].count(b"\n"), 100)
        self.assertEqual(count[2], b"\x02conntrack v1.4.7 (conntrack-tools): 100 flow entries have been shown.\n")

    def test_every_stage_of_an_exec_can_be_cut_by_fin_and_by_reset(self):
        frames = {"before": 0, "head": 0, "after-101": 0, "before-first-frame": 1, "in-frame": 1, "after-stdout": 3,
                  "after-status": 4}
        for how, end in (("fin", "EOF"), ("rst", "RESET")):
            for stage, count in frames.items():
                with self.subTest(stage=stage, how=how):
                    session = self.exec({"cut": stage, "how": how})
                    self.assertEqual(len(session.frames), count)
                    self.assertEqual(session.answer is None, stage in ("before", "head"))
                    # Half a head is read whole before the reset is seen.
                    self.assertIn(session.end, (end, "EOF") if stage == "head" else (end,))

    def test_frames_can_be_other_than_the_real_servers(self):
        self.assertNotEqual(self.exec({"accept": "wrong"}).answer.header("sec-websocket-accept"), "Bz3qJYTGdOe8gUSpLosEdiLKDrk=")
        self.assertEqual({frame[0] for frame in self.exec({"text": True}).frames[:-1]}, {"text"})
        fragments = self.exec({"fragment": 5000}).frames[1:6]
        self.assertEqual([frame[:2] for frame in fragments], [("binary", False)] + [("cont", False)] * 3 + [("cont", True)])
        self.assertNotIn(READY, self.exec({"no_ready": True}).frames)
        self.assertIn(("ping", True, b"\x00"), self.exec({"frames": [{"opcode": "ping", "payload": "00"}]}).frames)
        # Bytes that are no frame a client should accept: reserved bits and opcode 15.
        self.assertEqual(self.exec({"frames": [], "garbage": "8100"}).frames[1], ("text", True, b""))

    def test_the_end_of_a_session_can_be_missing(self):
        self.assertNotIn(SUCCESS, self.exec({"no_status": True}).frames)
        self.assertNotIn(CLOSE, self.exec({"no_close": True}).frames)
        self.assertEqual(self.exec({"exec_status": "bogus"}).frames[-2][2], b"\x03bogus")

    def test_it_can_be_slow(self):
        for do, least in (({"delay": 0.3}, 0.3), ({"pause": {"after_bytes": 0, "seconds": 0.3}}, 0.3), ({"drip": 50000}, 0.35)):
            begin = time.monotonic()
            self.assertEqual(self.exec(do).frames[-1], CLOSE)
            self.assertGreaterEqual(time.monotonic() - begin, least)

    def test_the_nth_request_is_refused_and_no_other(self):
        self.fault({"status": 503, "body": "x", "headers": {"Retry-After": "1"}}, path="^/api/v1/pods$", nth=2)
        answers = [self.server.send("GET", "/api/v1/pods") for _ in range(3)]
        self.assertEqual([answer.status for answer in answers], [200, 503, 200])
        self.assertEqual((answers[1].body, answers[1].header("retry-after")), (b"x", "1"))

    def test_a_fault_can_be_of_one_user(self):
        self.server.json("POST", "/_control/access", {"tokens": {"e": {"username": "eve"}, "a": {"username": "ann"}}})
        self.fault({"status": 500}, path="^/api/v1/pods$", user="eve")
        codes = [self.server.send("GET", "/api/v1/pods", [("Authorization", "Bearer " + token)]).status for token in "eax"]
        self.assertEqual(codes, [500, 200, 401])

    def test_a_recorded_answer_can_be_given(self):
        self.fault({"recorded": "errors/401-bad-token.http"}, path="^/api/v1/pods$")
        answer = self.server.send("GET", "/api/v1/pods")
        self.assertEqual((answer.status, answer.header("content-type")), (401, "application/json"))
        self.assertIn(b'"reason":"Unauthorized"', answer.body)

    def test_a_body_can_be_cut_in_the_middle(self):
        self.fault({"cut": "middle"}, path="^/api/v1/nodes")
        with self.assertRaises(NoAnswer):
            self.server.send("GET", "/api/v1/nodes")

    def test_a_watch_can_begin_with_an_error(self):
        self.fault({"watch_error": 410}, path="^/api/v1/pods")
        events = self.server.watch("/api/v1/pods?watch=true&resourceVersion=9", lambda seen: False)
        self.assertEqual([(event["type"], event["object"]["code"]) for event in events], [("ERROR", 410)])

    def test_what_makes_no_sense_is_refused(self):
        for document in ({"match": {"pth": "x"}}, {"do": {"cut": "nowhere"}}, {"do": {"how": "tcp"}}):
            answer = self.server.send("POST", "/_control/faults", [], str([document]).replace("'", '"').encode())
            self.assertEqual(answer.status, 400)


if __name__ == "__main__":
    unittest.main()
