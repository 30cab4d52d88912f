"""What becomes of pods and jobs, event by event, against the recorded watches."""

import json
import re
import unittest
import uuid

from running_server import RunningServer

import recorded

PODS = "/api/v1/namespaces/nv-test/pods"
JOBS = "/apis/batch/v1/namespaces/nv-test/jobs"
NODES = {"items": [{"kind": "Node", "metadata": {"name": "tbn2", "labels": {"kubernetes.io/os": "linux"}}, "spec": {"podCIDR": "10.244.2.0/24"},
                    "status": {"addresses": [{"type": "InternalIP", "address": "10.99.0.12"}],
                               "conditions": [{"type": "Ready", "status": "True"}]}}]}
BLANKED = {"uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "lastTransitionTime", "startedAt", "finishedAt",
           "startTime", "containerID", "lastProbeTime", "observedGeneration", "imageID", "resources", "managedFields"}
# The scenarios in which the pod itself is the reason; the others are said of the node.
OF_THE_POD = {"no-such-node", "node-selector-mismatch", "os-windows", "deadline"}


def blanked(value):
    if isinstance(value, dict):
        return {key: blanked(inner) for key, inner in value.items() if key not in BLANKED}
    if isinstance(value, list):
        return [blanked(inner) for inner in value]
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-.{22}", "UID", value) if isinstance(value, str) else value


def story(events):
    """(event, status without times, marked for deletion with which grace) of each event of a pod."""
    return [(kind, blanked(item["status"]), item["metadata"].get("deletionGracePeriodSeconds")) for kind, item in events]


class Lifecycles(unittest.TestCase):
    maxDiff = 3000

    def setUp(self):
        self.server = RunningServer("--speed", "20")
        self.server.json("POST", "/_control/put", NODES)
        self.server.json("POST", "/api/v1/namespaces", {"metadata": {"name": "nv-test"}})

    def tearDown(self):
        complaint = self.server.close()
        self.assertEqual(complaint, "")

    def revision(self):
        return self.server.json("GET", PODS)["metadata"]["resourceVersion"]

    def create_like(self, recorded_pod, owner=None):
        metadata = {"name": recorded_pod["metadata"]["name"]}
        if owner:
            metadata["ownerReferences"] = [owner]
        spec = {key: value for key, value in recorded_pod["spec"].items()}
        return self.server.json("POST", PODS, {"metadata": metadata, "spec": spec})

    def test_a_pod_starts_and_is_deleted_as_recorded(self):
        events = recorded.pod_states("watch-pod-start")
        begin = self.revision()
        created = self.create_like(events[0][1])
        running = self.server.watch(f"{PODS}?watch=true&resourceVersion={begin}", lambda seen: len(seen) == 4)
        self.assertEqual(running[3]["object"]["status"]["phase"], "Running")
        self.server.json("DELETE", f"{PODS}/life", {"kind": "DeleteOptions", "gracePeriodSeconds": 1,
                                                    "preconditions": {"uid": created["metadata"]["uid"]}})
        seen = self.server.watch(f"{PODS}?watch=true&resourceVersion={begin}", lambda seen: len(seen) == len(events))
        # The second MODIFIED after DELETE changes conditions of the moment.
        self.assertEqual(story([(event["type"], event["object"]) for event in seen]), story(events))

    def test_pods_fail_as_recorded(self):
        for path in sorted((recorded.FOLDER / "watch").glob("watch-fail-*.jsonl")):
            scenario = path.stem.removeprefix("watch-fail-")
            with self.subTest(scenario):
                events = recorded.pod_states(path.stem)
                if scenario not in OF_THE_POD:
                    self.server.json("POST", "/_control/kubelet", {"scenarios": {"tbn2": scenario, "": scenario}})
                begin = self.revision()
                name = self.create_like(events[0][1])["metadata"]["name"]
                # A deadline is not made faster: that it passes is looked at elsewhere.
                seen = self.server.watch(f"{PODS}?watch=true&resourceVersion={begin}&fieldSelector=metadata.name%3D{name}",
                                         lambda seen, count=len(events): len(seen) >= (4 if scenario == "deadline" else count))
                mine = [(event["type"], event["object"]) for event in seen]
                self.server.json("POST", "/_control/kubelet", {"clear": True})
                wanted = story(events[:4] if scenario == "deadline" else events)
                self.assertEqual(story(mine), wanted)

    def test_the_anchor_goes_as_recorded(self):
        for policy in ("background", "foreground", "default", "orphan", "deadline", "nottl"):
            with self.subTest(policy):
                self.anchor(policy)

    def anchor(self, policy):
        text = (recorded.FOLDER / "watch" / f"job-anchor-{policy}.jsonl").read_text(encoding="utf-8")
        recorded_events = [json.loads(line) for line in text.splitlines()]
        job, pod = recorded_events[0]["object"], next(e["object"] for e in recorded_events if e["object"]["kind"] == "Pod")
        spec = {key: value for key, value in job["spec"].items() if key not in ("selector", "manualSelector")}
        if policy in ("deadline", "nottl"):
            spec["activeDeadlineSeconds"] = 2
        begin = self.revision()
        created = self.server.json("POST", JOBS, {"metadata": {"name": job["metadata"]["name"]}, "spec": spec})
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": created["metadata"]["name"], "uid": created["metadata"]["uid"]}
        self.create_like(pod, owner)
        only = "&fieldSelector=metadata.name%3D" + pod["metadata"]["name"]
        self.server.watch(f"{PODS}?watch=true&resourceVersion={begin}{only}", lambda seen: len(seen) == 4)
        if policy in ("background", "foreground", "default", "orphan"):
            exchange = recorded.exchange(f"pods/anchor-{policy}.http")
            headers = [("Content-Type", "application/json")]
            self.server.send("DELETE", f"{JOBS}/{job['metadata']['name']}", headers, exchange.request_body.encode())
        for target, kind, name in ((JOBS, "Job", job["metadata"]["name"]), (PODS, "Pod", pod["metadata"]["name"])):
            wanted = [(e["type"], e["object"]) for e in recorded_events if e["object"]["kind"] == kind]
            seen = self.server.watch(f"{target}?watch=true&resourceVersion={begin}&fieldSelector=metadata.name%3D{name}",
                                     lambda seen, count=len(wanted): len(seen) == count)
            mine = [(e["type"], e["object"]) for e in seen]
            self.assertEqual([self.outline(*one) for one in mine], [self.outline(*one) for one in wanted])

    @staticmethod
    def outline(kind, item):
        metadata, state = item["metadata"], item["status"]
        conditions = [(c["type"], c.get("reason")) for c in state.get("conditions", []) if item["kind"] == "Job"]
        return (kind, state.get("phase"), metadata.get("deletionGracePeriodSeconds"), metadata.get("finalizers"), conditions,
                bool(metadata.get("ownerReferences")))

    def test_a_pod_whose_owner_does_not_exist_goes_within_a_second(self):
        pod = recorded.pod_states("watch-pod-start")[0][1]
        begin = self.revision()
        self.create_like(pod, {"apiVersion": "batch/v1", "kind": "Job", "name": "none", "uid": str(uuid.uuid4())})
        seen = self.server.watch(f"{PODS}?watch=true&resourceVersion={begin}",
                                 lambda seen: any(event["type"] == "DELETED" for event in seen))
        self.assertEqual(seen[-1]["type"], "DELETED")

    def test_a_patch_moves_the_deadline_which_counts_from_creation(self):
        spec = {"parallelism": 0, "activeDeadlineSeconds": 60, "ttlSecondsAfterFinished": 0,
                "template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "x:1"}]}}}
        begin = self.revision()
        self.server.json("POST", JOBS, {"metadata": {"name": "moved"}, "spec": spec})
        answer = self.server.send("PATCH", f"{JOBS}/moved", [("Content-Type", "application/merge-patch+json")],
                                  b'{"spec":{"activeDeadlineSeconds":1}}')
        self.assertEqual(answer.status, 200)
        seen = self.server.watch(f"{JOBS}?watch=true&resourceVersion={begin}",
                                 lambda seen: seen and seen[-1]["type"] == "DELETED", timeout=4)
        self.assertEqual(seen[-1]["object"]["status"]["conditions"][-1]["reason"], "DeadlineExceeded")


if __name__ == "__main__":
    unittest.main()
