"""The cluster's objects with their resourceVersions, their history, and who watches them."""

import uuid
from collections import deque

import clock
import go_json
import protobuf
import schema


class Stored:
    """An object of one revision. It never changes; what a change makes is another. Its encodings are kept."""

    __slots__ = ("resource", "object", "_encoded")

    def __init__(self, resource, item):
        self.resource = resource
        self.object = item
        self._encoded = {}

    @property
    def name(self):
        return self.object["metadata"]["name"]

    @property
    def namespace(self):
        return self.object["metadata"].get("namespace", "")

    @property
    def revision(self):
        return int(self.object["metadata"]["resourceVersion"])

    @property
    def labels(self):
        return self.object["metadata"].get("labels") or {}

    def full(self, partial=False):
        """With kind and apiVersion, as it stands alone."""
        if partial:
            return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": self.object["metadata"]}
        return {"kind": self.resource.kind, "apiVersion": self.resource.api_version, **self.object}

    def encoded(self, form, alone, partial):
        """Its bytes: JSON or protobuf, alone (with its type, in protobuf enveloped) or as an item of a list."""
        key = (form.is_protobuf, alone, partial)
        if key not in self._encoded:
            self._encoded[key] = self._encode(*key)
        return self._encoded[key]

    def _encode(self, is_protobuf, alone, partial):
        if not is_protobuf:
            return go_json.encode(self.full(partial) if alone or partial else self.object)
        kind = "PartialObjectMetadata" if partial else self.resource.kind
        payload = schema.of_kind(kind).payload(self.object)
        if not alone:
            return protobuf.delimited(2, payload)
        full = self.full(partial)
        return b"".join(protobuf.envelope(full["apiVersion"], full["kind"], [payload]))


class Change:
    """ADDED, MODIFIED or DELETED; `before` is nil for ADDED. A deletion has the last state with its own revision."""

    __slots__ = ("revision", "kind", "stored", "before")

    def __init__(self, revision, kind, stored, before):
        self.revision, self.kind, self.stored, self.before = revision, kind, stored, before


class Store:
    def __init__(self, served):
        self.resources = {resource.key: resource for resource in served}
        self.objects = {resource.key: {} for resource in served}
        self.revision = 1
        # Revisions up to here are not known any more.
        self.compacted = 0
        self.history = deque()
        self.watchers = {resource.key: set() for resource in served}
        # Called with every change, after it was made.
        self.observers = []
        self.changed = dict.fromkeys(self.objects, 0)

    HISTORY = 50_000

    def get(self, key, namespace, name):
        return self.objects[key].get((namespace, name))

    def load(self, key, item):
        """Puts an object there without history, as what was there before the server started."""
        item["metadata"].setdefault("uid", str(uuid.uuid4()))
        item["metadata"].setdefault("creationTimestamp", clock.text())
        if "resourceVersion" not in item["metadata"]:
            self.revision += 1
            item["metadata"]["resourceVersion"] = str(self.revision)
        self.revision = max(self.revision, int(item["metadata"]["resourceVersion"]))
        for name in ("kind", "apiVersion"):
            item.pop(name, None)
        stored = Stored(self.resources[key], item)
        self.objects[key][(stored.namespace, stored.name)] = stored
        self.compacted = self.changed[key] = self.revision
        return stored

    def put(self, key, item):
        """Creates or replaces; returns what is stored now."""
        metadata = item["metadata"]
        place = (metadata.get("namespace", ""), metadata["name"])
        before = self.objects[key].get(place)
        self.revision += 1
        stored = Stored(self.resources[key], {**item, "metadata": {**metadata, "resourceVersion": str(self.revision)}})
        self.objects[key][place] = stored
        self._publish(key, Change(self.revision, "MODIFIED" if before else "ADDED", stored, before))
        return stored

    def remove(self, key, namespace, name):
        before = self.objects[key].pop((namespace, name), None)
        if not before:
            return None
        self.revision += 1
        metadata = {**before.object["metadata"], "resourceVersion": str(self.revision)}
        stored = Stored(before.resource, {**before.object, "metadata": metadata})
        self._publish(key, Change(self.revision, "DELETED", stored, before))
        return stored

    def _publish(self, key, change):
        self.changed[key] = self.revision
        self.history.append((key, change))
        if len(self.history) > self.HISTORY:
            _, oldest = self.history.popleft()
            self.compacted = oldest.revision
        for watcher in list(self.watchers[key]):
            watcher(change)
        for observer in self.observers:
            observer(key, change)

    def compact(self):
        """Forgets all revisions before the present one."""
        self.history.clear()
        self.compacted = self.revision

    def changes(self, key, after):
        return [change for found, change in self.history if found == key and change.revision > after]

    def items(self, key, namespace="", at=None):
        """The objects in the order of their keys; `at` a revision that is not compacted."""
        found = self.objects[key]
        if at is not None and at < self.changed[key]:
            found = dict(found)
            for change in reversed(self.changes(key, at)):
                place = (change.stored.namespace, change.stored.name)
                if change.before:
                    found[place] = change.before
                else:
                    found.pop(place, None)
        places = sorted(place for place in found if not namespace or place[0] == namespace)
        return [found[place] for place in places]
