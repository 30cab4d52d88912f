"""What becomes of pods: the scheduler and the kubelets, after watch/*.jsonl of the recordings."""

import asyncio
import fnmatch
import json
import uuid

import clock
import recorded

# Seconds from one recorded state to the next; what is not named follows after 0.2 s.
_DELAYS = {
    "watch-pod-start": [0.06, 0.3, 0.2],
    "watch-fail-pull-bad-registry": [0.06, 0.4, 10.5, 15.0],
    "watch-fail-no-such-node": [66.0, 0.01],
    "watch-fail-deadline": [0.06, 0.4, 0.2, 3.0, 2.0],
}
_RUNNING_STATES = 4  # of watch-pod-start: ADDED, two of ContainerCreating, running


class Kubelet:
    def __init__(self, store, settings):
        self.store, self.settings = store, settings
        # Node name pattern -> a scenario, as pull-bad-registry, no-such-node, or hang (nothing ever happens).
        self.scenarios = {}
        self.deaths = {}
        self.tasks = set()
        store.observers.append(self._observe)

    def _start(self, coroutine):
        task = asyncio.get_running_loop().create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def _observe(self, key, change):
        if key == "pods" and change.kind == "ADDED":
            self._start(self._run(change.stored.namespace, change.stored.name, change.stored.object["metadata"]["uid"]))

    def death(self, uid):
        """Set when the containers of the pod with this uid are dead."""
        return self.deaths.setdefault(uid, asyncio.Event())

    async def _pause(self, seconds):
        await asyncio.sleep(seconds / self.settings["speed"])

    def _pod(self, namespace, name, uid):
        stored = self.store.get("pods", namespace, name)
        return stored if stored and stored.object["metadata"]["uid"] == uid else None

    def scenario(self, spec):
        node = self.store.get("nodes", "", spec.get("nodeName", ""))
        for pattern, scenario in self.scenarios.items():
            if fnmatch.fnmatchcase(spec.get("nodeName", ""), pattern):
                return scenario
        if not spec.get("nodeName"):
            return "unschedulable"
        if not node:
            return "no-such-node"
        ready = [c for c in node.object.get("status", {}).get("conditions", []) if c["type"] == "Ready"]
        if ready and ready[0]["status"] == "Unknown":
            return "hang"
        if (spec.get("os") or {}).get("name", "linux") != "linux":
            return "os-windows"
        if any(node.labels.get(key) != value for key, value in (spec.get("nodeSelector") or {}).items()):
            return "node-selector-mismatch"
        return "start"

    def _choose_node(self, spec):
        """What the scheduler would set; "" where nothing fits."""
        wanted = spec.get("nodeSelector") or {}
        affinity = (spec.get("affinity") or {}).get("nodeAffinity", {})
        terms = affinity.get("requiredDuringSchedulingIgnoredDuringExecution", {}).get("nodeSelectorTerms", [])
        names = [name for term in terms for field in term.get("matchFields", []) for name in field.get("values", [])]
        for node in self.store.items("nodes"):
            if (not names or node.name in names) and all(node.labels.get(key) == value for key, value in wanted.items()):
                return node.name
        return ""

    async def _run(self, namespace, name, uid):
        stored = self._pod(namespace, name, uid)
        if not stored:
            return
        if not stored.object["spec"].get("nodeName") and (node := self._choose_node(stored.object["spec"])):
            stored = self.store.put("pods", {**stored.object, "spec": {**stored.object["spec"], "nodeName": node}})
        scenario = self.scenario(stored.object["spec"])
        if scenario == "hang":
            return
        source = "watch-pod-start" if scenario == "start" else "watch-fail-" + scenario
        states = recorded.pod_states(source)
        first = states[0][1]
        states = states[1:_RUNNING_STATES] if scenario == "start" else states[1:]
        delays = _DELAYS.get(source, [0.06])
        for index, (kind, state) in enumerate(states):
            await self._pause(delays[index] if index < len(delays) else 0.2)
            current = self._pod(namespace, name, uid)
            if not current:
                return
            if kind == "DELETED":
                self.store.remove("pods", namespace, name)
                return
            if current.object["metadata"].get("deletionTimestamp") and scenario == "start":
                return
            metadata = current.object["metadata"]
            if "deletionGracePeriodSeconds" in state["metadata"]:
                # What the collector of pods without a node does.
                metadata = {**metadata, "generation": metadata.get("generation", 1) + 1, "deletionTimestamp": clock.text(),
                            "deletionGracePeriodSeconds": state["metadata"]["deletionGracePeriodSeconds"]}
            self.store.put("pods", {**current.object, "metadata": metadata, "status": self._status(current, first, state)})
        last = self._pod(namespace, name, uid)
        if last and last.object["status"].get("phase") in ("Failed", "Succeeded"):
            self.death(uid).set()
        elif scenario == "start":
            await self._live(namespace, name, uid)

    async def _live(self, namespace, name, uid):
        """A running pod until its deadline, or, of a Job, until its work is done."""
        stored = self._pod(namespace, name, uid)
        owners = stored.object["metadata"].get("ownerReferences", []) if stored else []
        if any(owner.get("controller") and owner["kind"] == "Job" for owner in owners):
            await self._pause(1.0)
            self.finish(self._pod(namespace, name, uid), "Succeeded", 0)
            return
        while stored := self._pod(namespace, name, uid):
            deadline = stored.object["spec"].get("activeDeadlineSeconds")
            started = clock.seconds(stored.object["status"].get("startTime") or clock.text())
            if deadline is not None and clock.seconds(clock.text()) >= started + deadline:
                more = {"reason": "DeadlineExceeded", "message": "Pod was active on the node longer than the specified deadline"}
                await self._pause(1.0)
                self.finish(self._pod(namespace, name, uid), "Failed", 137, more)
                return
            if stored.object["metadata"].get("deletionTimestamp") or uid in self.deaths and self.deaths[uid].is_set():
                return
            # A deadline may be lowered while the pod runs.
            await asyncio.sleep(0.25)

    def finish(self, stored, phase, code, more=None, ending=None):
        """The containers have ended; `more` of the pod's status, `ending` of what is told of a container's end."""
        if not stored:
            return
        self.death(stored.object["metadata"]["uid"]).set()
        state = dict(stored.object["status"])
        now = clock.text()
        ended = []
        for container in state.get("containerStatuses", []):
            running = container["state"].get("running", {})
            terminated = {"exitCode": code, "reason": "Completed" if code == 0 else "Error",
                          "startedAt": running.get("startedAt", now), "finishedAt": now,
                          "containerID": container.get("containerID", ""), **(ending or {})}
            ended.append({**container, "state": {"terminated": terminated}, "ready": False, "started": False})
        reason = "PodCompleted" if code == 0 else "PodFailed"
        conditions = []
        for condition in state.get("conditions", []):
            if condition["type"] in ("Ready", "ContainersReady"):
                condition = {**condition, "status": "False", "lastTransitionTime": now, "reason": reason}
            elif condition["type"] == "PodReadyToStartContainers":
                condition = {**condition, "status": "False", "lastTransitionTime": now}
            conditions.append(condition)
        more = dict(more or {})
        conditions += more.pop("conditions", [])
        state |= {"phase": phase, "conditions": conditions, "containerStatuses": ended, **more}
        self.store.put("pods", {**stored.object, "status": state})

    def delete(self, stored, grace):
        """Begins to delete a pod, or to do it sooner; returns its last state."""
        item, metadata = stored.object, stored.object["metadata"]
        if grace is None:
            grace = item["spec"].get("terminationGracePeriodSeconds", 30)
        grace = 1 if grace < 0 else grace
        over = item.get("status", {}).get("phase") in ("Failed", "Succeeded")
        if not item["spec"].get("nodeName") or over:
            grace = 0
        if metadata.get("deletionTimestamp") and metadata.get("deletionGracePeriodSeconds", 0) <= grace:
            return stored
        ends = clock.text(clock.seconds(clock.text()) + grace)
        marked = {**item, "metadata": {**metadata, "generation": metadata.get("generation", 1) + 1, "deletionTimestamp": ends,
                                       "deletionGracePeriodSeconds": grace}}
        if grace == 0:
            stored = self.store.put("pods", marked)
            self.store.remove("pods", stored.namespace, stored.name)
            self._start(self._kill_later(metadata["uid"]))
            return stored
        stored = self.store.put("pods", marked)
        self._start(self._terminate(stored.namespace, stored.name, metadata["uid"], grace))
        return stored

    async def _kill_later(self, uid):
        await self._pause(2.0)
        self.death(uid).set()

    async def _terminate(self, namespace, name, uid, grace):
        await self._pause(0.02)
        if stored := self._pod(namespace, name, uid):
            self.store.put("pods", stored.object)
        await asyncio.sleep(grace)
        await self._pause(1.0)
        if not (stored := self._pod(namespace, name, uid)):
            return
        if stored.object["metadata"].get("deletionGracePeriodSeconds", grace) < grace:
            return
        self.finish(stored, "Failed", 137)
        await self._pause(0.2)
        if stored := self._pod(namespace, name, uid):
            metadata = {**stored.object["metadata"], "deletionTimestamp": clock.text(), "deletionGracePeriodSeconds": 0}
            self.store.put("pods", {**stored.object, "metadata": metadata})
            self.store.remove("pods", namespace, name)

    def _status(self, stored, first, state):
        """A recorded status with this pod's names, times and addresses."""
        item = stored.object
        old, new = first["metadata"], item["metadata"]
        node = self.store.get("nodes", "", item["spec"].get("nodeName", ""))
        addresses = node.object.get("status", {}).get("addresses", []) if node else []
        host = next((one["address"] for one in addresses if one["type"] == "InternalIP"), "")
        shift = clock.seconds(new["creationTimestamp"]) - clock.seconds(old["creationTimestamp"])
        text = json.dumps(state["status"])
        text = clock.PATTERN.sub(lambda match: clock.text(max(clock.seconds(match.group()) + shift, 0))
                                 if not match.group().startswith("1970") else match.group(), text)
        recorded_host = state["status"].get("hostIP")
        container, theirs = first["spec"]["containers"][0], item["spec"]["containers"]
        for before, after in ((old["uid"], new["uid"]), (container["image"], theirs[0]["image"]),
                              (old["name"] + "_" + old["namespace"], new["name"] + "_" + new.get("namespace", "")),
                              (recorded_host, host)):
            if before and after:
                text = text.replace(before, after)
        found = json.loads(text)
        if found.get("containerStatuses"):
            template = found["containerStatuses"][0]
            found["containerStatuses"] = []
            for one in theirs:
                copied = json.loads(json.dumps(template).replace('"' + container["name"] + '"', '"' + one["name"] + '"'))
                if "containerID" in copied:
                    copied["containerID"] = f"containerd://{uuid.uuid4().hex}{uuid.uuid4().hex}"
                found["containerStatuses"].append({**copied, "image": one["image"]})
        names = " ".join(one["name"] for one in theirs)
        for condition in found.get("conditions", []):
            if "message" in condition:
                condition["message"] = condition["message"].replace(f"[{container['name']}]", f"[{names}]")
        if found.get("podIP") and not item["spec"].get("hostNetwork"):
            address = item.get("status", {}).get("podIP") or self._pod_address(node)
            found |= {"podIP": address, "podIPs": [{"ip": address}]}
        return found

    def _pod_address(self, node):
        """The next address of the node's range."""
        base = node.object["spec"].get("podCIDR", "10.244.0.0/24").split("/")[0].rsplit(".", 1)[0]
        self._given = getattr(self, "_given", {})
        self._given[base] = self._given.get(base, 199) + 1
        return f"{base}.{self._given[base] % 254 + 1}"
