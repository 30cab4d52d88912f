"""The Job controller, the TTL controller and the garbage collector, as far as the anchor of a run needs them."""

import asyncio
import copy
import time

import clock
import pods


class Controllers:
    def __init__(self, store, kubelet, settings):
        self.store, self.kubelet, self.settings = store, kubelet, settings
        # The uids of all objects, and by uid the places of those that name it as their owner.
        self.known, self.owned = set(), {}
        self.tasks = set()
        self.wakers = {}
        store.observers.append(self._observe)

    def _start(self, coroutine):
        task = asyncio.get_running_loop().create_task(coroutine)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _pause(self, seconds):
        await asyncio.sleep(seconds / self.settings["speed"])

    def _observe(self, key, change):
        metadata = change.stored.object["metadata"]
        if change.kind == "DELETED":
            self.known.discard(metadata["uid"])
            if metadata["uid"] in self.owned:
                self._start(self._collect(metadata["uid"]))
        else:
            self._know(key, change.stored)
        if change.kind == "ADDED" and metadata.get("ownerReferences"):
            self._start(self._check_owners(key, change.stored))
        if key == "jobs.batch":
            if change.kind == "ADDED":
                self.wakers[metadata["uid"]] = asyncio.Event()
                self._start(self._job(change.stored.namespace, change.stored.name, metadata["uid"]))
            elif metadata["uid"] in self.wakers:
                self.wakers[metadata["uid"]].set()

    def know_all(self):
        """Takes note of what was there before anybody observed."""
        for key, found in self.store.objects.items():
            for stored in found.values():
                self._know(key, stored)

    def _know(self, key, stored):
        metadata = stored.object["metadata"]
        self.known.add(metadata["uid"])
        for owner in metadata.get("ownerReferences", ()):
            self.owned.setdefault(owner["uid"], set()).add((key, stored.namespace, stored.name))

    def _dependents(self, uid):
        found = [(place[0], self.store.get(*place)) for place in sorted(self.owned.get(uid, ()))]
        return [(key, stored) for key, stored in found
                if stored and any(owner["uid"] == uid for owner in stored.object["metadata"].get("ownerReferences", ()))]

    def _remove(self, key, stored):
        if key == "pods":
            self.kubelet.delete(stored, None)
        else:
            self.store.remove(key, stored.namespace, stored.name)

    async def _check_owners(self, key, stored):
        await self._pause(0.3)
        owners = stored.object["metadata"]["ownerReferences"]
        kinds = {resource.kind for resource in self.store.resources.values()}
        if any(owner["kind"] not in kinds or owner["uid"] in self.known for owner in owners):
            return
        current = self.store.get(key, stored.namespace, stored.name)
        if current and current.object["metadata"]["uid"] == stored.object["metadata"]["uid"]:
            self._remove(key, current)

    async def _collect(self, uid):
        await self._pause(0.03)
        for key, stored in self._dependents(uid):
            owners = stored.object["metadata"]["ownerReferences"]
            if not any(owner["uid"] in self.known for owner in owners if owner["uid"] != uid):
                self._remove(key, stored)

    def delete(self, stored, policy):
        """DELETE with Foreground or Orphan; returns the object as it is marked."""
        metadata = stored.object["metadata"]
        finalizer = "foregroundDeletion" if policy == "Foreground" else "orphan"
        marked = self.store.put(stored.resource.key, {**stored.object, "metadata": {
            **metadata, "generation": metadata.get("generation", 1) + 1, "deletionTimestamp": clock.text(),
            "deletionGracePeriodSeconds": 0, "finalizers": [finalizer]}})
        self._start(self._finalize(stored.resource.key, marked, policy))
        return marked

    async def _finalize(self, key, stored, policy):
        await self._pause(0.02)
        uid = stored.object["metadata"]["uid"]
        for dependent_key, dependent in self._dependents(uid):
            if policy == "Foreground":
                self._remove(dependent_key, dependent)
                continue
            metadata = dict(dependent.object["metadata"])
            metadata["ownerReferences"] = [owner for owner in metadata["ownerReferences"] if owner["uid"] != uid]
            if not metadata["ownerReferences"]:
                del metadata["ownerReferences"]
            self.store.put(dependent_key, {**dependent.object, "metadata": metadata})
        await self._pause(0.01)
        self.store.remove(key, stored.namespace, stored.name)

    def _current(self, namespace, name, uid):
        stored = self.store.get("jobs.batch", namespace, name)
        return stored if stored and stored.object["metadata"]["uid"] == uid else None

    async def _job(self, namespace, name, uid):
        await self._pause(0.05)
        stored = self._current(namespace, name, uid)
        if not stored:
            return
        started = time.monotonic() - 0.05
        state = {"startTime": stored.object["metadata"]["creationTimestamp"], "terminating": 0, "uncountedTerminatedPods": {},
                 "ready": 0}
        stored = self.store.put("jobs.batch", {**stored.object, "status": state})
        for _ in range(stored.object["spec"].get("parallelism", 1)):
            self._create_pod(stored)
        while stored := self._current(namespace, name, uid):
            if stored.object["metadata"].get("deletionTimestamp"):
                break
            mine = [one.object for key, one in self._dependents(uid) if key == "pods"]
            done = [pod for pod in mine if pod["status"].get("phase") == "Succeeded"]
            if done and len(done) >= stored.object["spec"].get("completions", 1):
                self._condition(stored, ["Complete"], None, {"succeeded": len(done)})
                await self._after(namespace, name, uid)
                break
            deadline = stored.object["spec"].get("activeDeadlineSeconds")
            left = started + deadline - time.monotonic() if deadline is not None else None
            if left is not None and left <= 0:
                for pod in mine:
                    if any(o["uid"] == uid and o.get("controller") for o in pod["metadata"]["ownerReferences"]):
                        self.kubelet.delete(self.store.get("pods", namespace, pod["metadata"]["name"]), None)
                self._condition(stored, ["FailureTarget", "Failed"], "DeadlineExceeded", {})
                await self._after(namespace, name, uid)
                break
            await self._wait(uid, min(left, 0.5) if left is not None else 0.5)
        self.wakers.pop(uid, None)

    async def _wait(self, uid, seconds):
        waker = self.wakers[uid]
        waker.clear()
        try:
            await asyncio.wait_for(waker.wait(), seconds)
        except asyncio.TimeoutError:
            pass

    def _condition(self, stored, kinds, reason, more):
        """Sets conditions one after the other, as the controller does."""
        for kind in kinds:
            now = clock.text()
            condition = {"type": kind, "status": "True", "lastProbeTime": now, "lastTransitionTime": now}
            if reason:
                condition |= {"reason": reason, "message": "Job was active longer than specified deadline"}
            state = stored.object["status"]
            stored = self.store.put("jobs.batch", {**stored.object, "status": {
                **state, "conditions": state.get("conditions", []) + [condition], **more}})

    async def _after(self, namespace, name, uid):
        """ttlSecondsAfterFinished."""
        stored = self._current(namespace, name, uid)
        seconds = stored.object["spec"].get("ttlSecondsAfterFinished") if stored else None
        if seconds is None:
            return
        await asyncio.sleep(seconds)
        await self._pause(0.04)
        if stored := self._current(namespace, name, uid):
            self.delete(stored, "Foreground")

    def _create_pod(self, job):
        template, name = copy.deepcopy(job.object["spec"]["template"]), pods.generated_name(job.name + "-")
        owner = {"apiVersion": "batch/v1", "kind": "Job", "name": job.name, "uid": job.object["metadata"]["uid"],
                 "controller": True, "blockOwnerDeletion": True}
        metadata = {"name": name, "generateName": job.name + "-", "namespace": job.namespace, "uid": pods.new_uid(),
                    "generation": 1, "creationTimestamp": clock.text(), "labels": template["metadata"]["labels"],
                    "ownerReferences": [owner]}
        self.store.put("pods", {"metadata": metadata, "spec": pods.default_spec(template["spec"]),
                                "status": {"phase": "Pending", "qosClass": "BestEffort"}})
