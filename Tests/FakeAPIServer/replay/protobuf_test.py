"""The protobuf of lists and watches against the recorded bytes, read by the same tables."""

import json
import tempfile
import unittest

import recorded_cluster
from running_server import RunningServer

import protobuf
import recorded
import schema

PROTOBUF = [("Accept", "application/vnd.kubernetes.protobuf")]
LISTS = {"nodes": ("/api/v1/nodes", "Node"), "pods-shop": ("/api/v1/namespaces/shop/pods", "Pod"),
         "services-shop": ("/api/v1/namespaces/shop/services", "Service"),
         "endpointslices-shop": ("/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices", "EndpointSlice")}


def items_of(body, kind):
    """The items of an enveloped list, as the JSON of the fields that are known."""
    _, found, message = protobuf.opened(body)
    assert found in (kind + "List", "PartialObjectMetadataList"), found
    return [schema.of_kind(kind).decode(value) for number, value in protobuf.fields(message) if number == 2]


class Protobuf(unittest.TestCase):
    maxDiff = 3000

    @classmethod
    def setUpClass(cls):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"items": recorded_cluster.items()}, file)
            file.flush()
            cls.server = RunningServer("--cluster", file.name)

    @classmethod
    def tearDownClass(cls):
        complaint = cls.server.close()
        assert not complaint, complaint

    def test_lists_decode_to_what_the_real_server_sent(self):
        for name, (target, kind) in LISTS.items():
            with self.subTest(name):
                answer = self.server.send("GET", target, PROTOBUF)
                self.assertEqual(answer.header("content-type"), "application/vnd.kubernetes.protobuf")
                real = (recorded.FOLDER / "protobuf" / f"{name}.protobuf.bin").read_bytes()
                mine = items_of(answer.body, kind)
                self.assertGreater(len(mine), 0)
                self.assertEqual(mine, items_of(real, kind))

    def test_what_is_known_of_recorded_objects_encodes_to_the_same_bytes(self):
        # Only objects of which every field is known can be compared whole: those of slices and of failures.
        real = (recorded.FOLDER / "protobuf" / "endpointslices-shop.protobuf.bin").read_bytes()
        documents = json.loads((recorded.FOLDER / "protobuf" / "endpointslices-shop.json").read_text(encoding="utf-8"))["items"]
        _, _, message = protobuf.opened(real)
        theirs = [value for number, value in protobuf.fields(message) if number == 2]
        for document, value in zip(documents, theirs):
            self.assertEqual(schema.EndpointSlice.payload(document), value)

    def test_a_failure_encodes_to_the_recorded_bytes(self):
        body = json.loads(recorded.exchange("errors/404-pod.http").response_body)
        mine = b"".join(protobuf.envelope("v1", "Status", [schema.Status.payload(body)]))
        self.assertEqual(mine, (recorded.FOLDER / "protobuf" / "status-404.protobuf.bin").read_bytes())

    def test_a_watch_that_is_too_old_has_the_recorded_frame(self):
        real = (recorded.FOLDER / "protobuf" / "watch-410.protobuf.bin").read_bytes()
        answer = self.server.send("GET", "/api/v1/pods?watch=true&resourceVersion=1", PROTOBUF)
        self.assertEqual(answer.header("content-type"), "application/vnd.kubernetes.protobuf;stream=watch")

        def status_of(frame):
            self.assertEqual(int.from_bytes(frame[:4], "big"), len(frame) - 4)
            event = dict(protobuf.fields(frame[4:]))
            _, kind, message = protobuf.opened(dict(protobuf.fields(event[2]))[1])
            return event[1], kind, schema.Status.decode(message)

        mine, theirs = status_of(answer.body), status_of(real)
        self.assertEqual(mine[:2], (b"ERROR", "Status"))
        self.assertEqual(mine[:2], theirs[:2])
        self.assertTrue(mine[2].pop("message").startswith("too old resource version: 1 ("))
        # The recorded watch was of a kind that is not cached, which says it in other words.
        self.assertTrue(theirs[2].pop("message").endswith("is too old."))
        self.assertEqual(mine[2], theirs[2])

    def test_json_and_protobuf_tell_the_same(self):
        for target, kind in (*LISTS.values(), ("/api/v1/namespaces", "Namespace")):
            as_json = json.loads(self.server.send("GET", target).body)["items"]
            for document, item in zip(as_json, items_of(self.server.send("GET", target, PROTOBUF).body, kind), strict=True):
                self.assertEqual(schema.of_kind(kind).decode(schema.of_kind(kind).payload(document)), item)


if __name__ == "__main__":
    unittest.main()
