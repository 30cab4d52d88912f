"""Lists and watches beyond what was recorded: selectors, pages, compression, bookmarks, old servers."""

import gzip
import json
import ssl
import subprocess
import tempfile
import unittest

from running_server import RunningServer

import selection

PODS = "/api/v1/pods"


class Selectors(unittest.TestCase):
    LABELS = {"app": "web", "tier": "front", "size": "5"}

    def matches(self, text):
        return selection.parse_labels(text)(self.LABELS)

    def test_every_form_of_a_label_selector(self):
        for text in ("app=web", "app==web", "app!=db", "app in (db,web)", "app notin (db)", "app", "!none", "none!=x",
                     "none notin (a)", "size>4", "size<6", "app=web,tier=front", "app in (web), !none", "app!="):
            self.assertTrue(self.matches(text), text)
        for text in ("app=db", "app!=web", "app in (db)", "app notin (web)", "!app", "none", "none=x", "size>5", "app=web,none"):
            self.assertFalse(self.matches(text), text)


class Lists(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = RunningServer("--nodes", "4", "--pods", "60", "--services", "6")

    @classmethod
    def tearDownClass(cls):
        complaint = cls.server.close()
        assert not complaint, complaint

    def names(self, target):
        return [item["metadata"]["name"] for item in self.server.json("GET", target)["items"]]

    def test_pages_hold_every_object_once_and_one_revision(self):
        whole, pages, target = self.names(PODS), [], f"{PODS}?limit=7"
        revisions = set()
        while target:
            page = self.server.json("GET", target)
            pages += [item["metadata"]["name"] for item in page["items"]]
            revisions.add(page["metadata"]["resourceVersion"])
            rest = page["metadata"].get("remainingItemCount", 0)
            self.assertEqual(len(pages) + rest, len(whole))
            continuation = page["metadata"].get("continue")
            target = continuation and f"{PODS}?limit=7&continue={continuation}"
        self.assertEqual(pages, whole)
        self.assertEqual(len(revisions), 1)

    def test_a_page_after_a_change_shows_the_state_of_the_first(self):
        first = self.server.json("GET", "/api/v1/namespaces?limit=2")
        before = self.names("/api/v1/namespaces")
        self.server.json("POST", "/api/v1/namespaces", {"metadata": {"name": "zz-later"}})
        rest = self.server.json("GET", f"/api/v1/namespaces?continue={first['metadata']['continue']}")
        self.assertEqual([item["metadata"]["name"] for item in first["items"] + rest["items"]], before)

    def test_a_compacted_token_is_expired_and_the_new_one_resumes(self):
        token = self.server.json("GET", f"{PODS}?limit=10")["metadata"]["continue"]
        self.server.json("POST", "/api/v1/namespaces", {"metadata": {"name": "compaction"}})
        self.server.json("POST", "/_control/compact")
        answer = self.server.send("GET", f"{PODS}?limit=10&continue={token}")
        self.assertEqual(answer.status, 410)
        again = json.loads(answer.body)["metadata"]["continue"]
        self.assertEqual(len(self.names(f"{PODS}?continue={again}")), 50)

    def test_resource_version_zero_ignores_the_limit(self):
        self.assertEqual(len(self.names(f"{PODS}?resourceVersion=0&limit=1")), 60)
        self.assertEqual(len(self.names(f"{PODS}?limit=1")), 1)

    def test_field_selectors(self):
        self.assertEqual(len(self.names(f"{PODS}?fieldSelector=spec.nodeName%3Dnode-0001")), 15)
        self.assertEqual(len(self.names(f"{PODS}?fieldSelector=spec.nodeName!%3Dnode-0001,status.phase%3DRunning")), 45)
        self.assertEqual(self.names("/api/v1/nodes?fieldSelector=metadata.name%3Dnode-0002"), ["node-0002"])

    def test_large_answers_are_compressed_for_those_who_ask_plainly(self):
        target = PODS
        for encoding, compressed in (("gzip", True), ("deflate, gzip", True), ("gzip;q=1", False), ("identity", False)):
            answer = self.server.send("GET", target, [("Accept-Encoding", encoding)])
            self.assertEqual(answer.header("content-encoding") == "gzip", compressed, encoding)
            body = gzip.decompress(answer.body) if compressed else answer.body
            self.assertEqual(len(json.loads(body)["items"]), 60)
        self.assertEqual(self.server.send("GET", "/api/v1/nodes", [("Accept-Encoding", "gzip")]).header("content-encoding"), "")

    def test_metadata_only(self):
        accept = [("Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")]
        document = json.loads(self.server.send("GET", "/apis/apps/v1/replicasets", accept).body)
        self.assertEqual(document["kind"], "PartialObjectMetadataList")
        self.assertEqual(set(document["items"][0]), {"kind", "apiVersion", "metadata"})

    def test_a_watch_list_marks_the_end_of_the_initial_events(self):
        target = "/api/v1/nodes?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
        events = self.server.watch(target, lambda seen: len(seen) == 5)
        self.assertEqual([event["type"] for event in events], ["ADDED"] * 4 + ["BOOKMARK"])
        self.assertEqual(events[4]["object"]["metadata"]["annotations"], {"k8s.io/initial-events-end": "true"})

    def test_an_object_that_begins_and_ends_to_match_comes_and_goes(self):
        begin = self.server.json("GET", "/api/v1/configmaps")["metadata"]["resourceVersion"]
        maps = "/api/v1/namespaces/default/configmaps"
        self.server.json("POST", maps, {"metadata": {"name": "m"}})
        for labels in ({"a": "b"}, {"a": "c"}):
            self.server.send("PATCH", f"{maps}/m", [("Content-Type", "application/merge-patch+json")],
                             json.dumps({"metadata": {"labels": labels}}).encode())
        events = self.server.watch(f"{maps}?watch=true&labelSelector=a%3Db&resourceVersion={begin}", lambda seen: len(seen) == 2)
        self.assertEqual([event["type"] for event in events], ["ADDED", "DELETED"])

    def test_two_bookmarks_come_before_a_watch_ends_in_time(self):
        revision = self.server.json("GET", PODS)["metadata"]["resourceVersion"]
        target = f"{PODS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=4&resourceVersion={revision}"
        events = self.server.watch(target, lambda seen: False)
        self.assertEqual([event["type"] for event in events], ["BOOKMARK", "BOOKMARK"])


class Requests(unittest.TestCase):
    def test_an_old_server_has_old_endpoint_slices_and_no_watch_list(self):
        server = RunningServer("--version", "1.20", "--nodes", "1", "--pods", "2", "--services", "1")
        try:
            self.assertEqual(server.json("GET", "/version")["gitVersion"], "v1.20.2")
            self.assertEqual(server.send("GET", "/apis/discovery.k8s.io/v1/endpointslices").status, 404)
            found = server.json("GET", "/apis/discovery.k8s.io/v1beta1/endpointslices")
            self.assertEqual(found["apiVersion"], "discovery.k8s.io/v1beta1")
            # It does not know the parameter: a watch as any other.
            watch = "/api/v1/pods?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1"
            self.assertEqual([event["type"] for event in server.watch(watch, lambda seen: False)], ["ADDED", "ADDED"])
            server.json("POST", "/_control/settings", {"minor": 33})
            self.assertEqual(server.send("GET", watch).status, 422)
        finally:
            self.assertEqual(server.close(), "")

    def test_the_log_keeps_what_was_asked_without_credentials(self):
        server = RunningServer()
        try:
            server.send("GET", "/api/v1/pods?limit=5", [("Authorization", "Bearer abc")])
            entry = server.json("GET", "/_log")["requests"][0]
            self.assertEqual((entry["method"], entry["path"], entry["query"], entry["status"]),
                             ("GET", "/api/v1/pods", [["limit", "5"]], 200))
            self.assertNotIn("abc", json.dumps(entry))
        finally:
            self.assertEqual(server.close(), "")

    def test_tls_tells_the_name_and_the_protocols_that_the_client_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            certificate, key = f"{folder}/c.pem", f"{folder}/k.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                            "-subj", "/CN=alice", "-addext", "subjectAltName=DNS:api.example", "-out", certificate, "-keyout", key],
                           check=True, capture_output=True)
            server = RunningServer("--tls", certificate, key, "--client-ca", certificate)
            try:
                entry, user = self.over_tls(server, certificate, key)
            finally:
                self.assertEqual(server.close(), "")
        self.assertEqual((entry["sni"], entry["alpn_offered"], entry["client"]), ("api.example", ["h2", "http/1.1"], "alice"))
        self.assertEqual(user, "alice")

    @staticmethod
    def over_tls(server, certificate, key):
        context = ssl.create_default_context(cafile=certificate)
        context.load_cert_chain(certificate, key)
        context.set_alpn_protocols(["h2", "http/1.1"])
        with server.connect() as plain, context.wrap_socket(plain, server_hostname="api.example") as connection:
            connection.sendall(b"GET /version HTTP/1.1\r\nHost: x\r\n\r\n")
            connection.recv(100)
            connection.sendall(b"GET /_log HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            text = b""
            while piece := connection.recv(1 << 16):
                text += piece
        start = text.rindex(b'{"requests"')
        entry = json.JSONDecoder().raw_decode(text[start:].decode().replace("\r\n0\r\n\r\n", ""))[0]["requests"][0]
        return entry["tls"], entry["user"]


if __name__ == "__main__":
    unittest.main()
