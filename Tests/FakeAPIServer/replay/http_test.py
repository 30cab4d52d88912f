"""Sends what was recorded to the fake, and compares what it answers with what the real server answered."""

import json
import re
import tempfile
import unittest

import recorded_cluster
from running_server import RunningServer

import recorded

FOLDERS = ("auth", "errors", "list", "pods", "psa")
NOT_COMPARED = {
    "list/list-gzip.head.http": "the body was not recorded; compression has a test of its own",
    "list/list-rv0-limit1.http": "all namespaces of that moment; that limit is ignored has a test of its own",
    "list/list-continue-page1.http": "the namespaces of that moment; pages have a test of their own",
    "list/list-continue-page2.http": "as page 1",
    "list/list-continue-inconsistent.http": "the service accounts of that moment; resuming has a test of its own",
    "list/table.http": "the descriptions of columns are not served; the cells have a test of their own",
    "auth/ssrr.http": "what RBAC rules allow; here there are rules of refusal only",
    "errors/413.http": "the body was not recorded; it has a test of its own",
    "pods/delete-grace0.http": "the state of a pod of that moment; deletion has a test of its own",
    "pods/delete-grace1.http": "as delete-grace0",
}
# Headers whose values are of the moment.
MOMENTARY = {"audit-id", "date", "x-kubernetes-pf-flowschema-uid", "x-kubernetes-pf-prioritylevel-uid", "content-length",
             "transfer-encoding"}
# Fields whose values are of the moment.
BLANKED = {"uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "time", "managedFields", "volumes", "volumeMounts",
           "controller-uid", "batch.kubernetes.io/controller-uid", "startTime"}


def blanked(value, name=""):
    """Without what differs from run to run: times, uids, revisions, generated names, and who set which field."""
    if name == "reason" and isinstance(value, str) and value.startswith("RBAC: "):
        return None
    if isinstance(value, dict):
        found = {key: blanked(inner, key) for key, inner in value.items() if key not in BLANKED}
        return {key: inner for key, inner in found.items() if inner is not None}
    if isinstance(value, list):
        return [blanked(inner) for inner in value]
    if isinstance(value, str):
        value = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UID", value)
        value = re.sub(r"(current: )\d+", r"\1N", value)
        value = re.sub(r"^netviz-[a-z0-9]{5}$", "netviz-XXXXX", value)
        # The difference of two pods as the server prints it.
        value = re.sub(r"\n@@ .*", "", value, flags=re.DOTALL)
    return value


def body_of(content_type, raw):
    return blanked(json.loads(raw)) if content_type == "application/json" else raw.removesuffix(b"\n")


def ends_with_line_end(exchange):
    """The files do not show it; the length does. What came without a length was JSON, which has one."""
    length = exchange.response_header("content-length")
    return not length or int(length) == len(exchange.response_bytes()) + 1


class ReplayedExchanges(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.files = tempfile.TemporaryDirectory()
        for name, document in (("cluster", {"items": recorded_cluster.items()}), ("config", recorded_cluster.config())):
            with open(f"{cls.files.name}/{name}.json", "w", encoding="utf-8") as file:
                json.dump(document, file)
        cls.server = RunningServer("--cluster", f"{cls.files.name}/cluster.json", "--config", f"{cls.files.name}/config.json")
        cls.server.json("POST", "/_control/settings", {"patience": 0.05})
        # A token of a revision that is known no more, and one of a revision that is.
        cls.revision = json.loads(cls.server.send("GET", "/api/v1/nodes").body)["metadata"]["resourceVersion"]

    @classmethod
    def tearDownClass(cls):
        complaint = cls.server.close()
        cls.files.cleanup()
        assert not complaint, complaint

    def replay(self, name):
        exchange = recorded.exchange(name)
        self.server.json("POST", "/_control/access", {"anonymous": recorded_cluster.is_anonymous(exchange)})
        target = exchange.target
        if name == "list/list-continue-other-selector.http":
            target = re.sub("continue=.*", "continue=" + self.token(), target)
        body = exchange.request_body
        if name == "errors/409-delete-uid.http":
            body = body.strip()
        answer = self.server.send(exchange.method, target, recorded_cluster.headers_of(name, exchange), body.encode())
        return exchange, answer

    def token(self):
        body = json.loads(self.server.send("GET", "/api/v1/namespaces?limit=2").body)
        return body["metadata"]["continue"]

    def test_every_recorded_exchange_is_answered_as_by_the_real_server(self):
        names = [f"{folder}/{path.name}" for folder in FOLDERS for path in sorted((recorded.FOLDER / folder).glob("*.http"))]
        self.assertGreater(len(names), 60)
        self.assertLessEqual(set(NOT_COMPARED), set(names))
        for name in names:
            if name in NOT_COMPARED:
                continue
            with self.subTest(name):
                exchange, answer = self.replay(name)
                self.assertEqual(answer.status, exchange.status)
                content_type = exchange.response_header("content-type")
                self.assertEqual(answer.header("content-type"), content_type)
                self.assertEqual(body_of(content_type, answer.body), body_of(content_type, exchange.response_bytes()))
                self.assertEqual(answer.body.endswith(b"\n"), ends_with_line_end(exchange))
                self.assertEqual(sorted(key.lower() for key, _ in answer.headers if key.lower() not in MOMENTARY),
                                 sorted(key.lower() for key, _ in exchange.response_headers if key.lower() not in MOMENTARY))
                for key in ("warning", "retry-after"):
                    self.assertEqual([value for found, value in answer.headers if found.lower() == key],
                                     [value for found, value in exchange.response_headers if found.lower() == key])

    def test_a_refusal_is_protobuf_to_the_byte_where_protobuf_was_accepted(self):
        exchange, answer = self.replay("errors/403-protobuf-accept.http")
        self.assertEqual(answer.body, exchange.response_bytes())

    def test_bodies_of_more_than_three_mebibytes_are_refused(self):
        exchange = recorded.exchange("errors/413.http")
        answer = self.server.send("POST", exchange.target, [("Content-Type", "application/json")], b" " * 3145816)
        self.assertEqual(answer.status, exchange.status)
        self.assertEqual(answer.body.decode(), exchange.response_body + "\n")

    def test_a_table_has_the_recorded_cells(self):
        exchange, answer = self.replay("list/table.http")
        mine, real = json.loads(answer.body), json.loads(exchange.response_body)
        names = [[(column["name"], column["priority"]) for column in one["columnDefinitions"]] for one in (mine, real)]
        self.assertEqual(names[0], names[1])
        cells = [[[cell for index, cell in enumerate(row["cells"]) if index != 5] for row in one["rows"]] for one in (mine, real)]
        self.assertEqual(cells[0], cells[1])


if __name__ == "__main__":
    unittest.main()
