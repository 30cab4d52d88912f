"""WATCH: events from a resourceVersion on, bookmarks, and what ends a watch (k8s.io/apiserver/pkg/storage/cacher)."""

import asyncio
import random
import time

import go_json
import protobuf
import schema
import status
import table
from http_message import Response
from listing import forbidden_option, matcher, revision_parameter
from negotiation import JSON, PROTOBUF

# The rest of a bookmark's object: what Go writes of an empty one.
_STUBS = {
    "pods": {"spec": {"containers": None}, "status": {}},
    "services": {"spec": {}, "status": {"loadBalancer": {}}},
    "namespaces": {"spec": {}, "status": {}},
    "nodes": {"spec": {}, "status": {"daemonEndpoints": {"kubeletEndpoint": {"Port": 0}}, "nodeInfo": {}}},
    "endpointslices.discovery.k8s.io": {"addressType": "", "endpoints": None, "ports": None},
}
_END = object()


class Watcher:
    """One watch's selection of a resource's changes, as (kind, stored)."""

    def __init__(self, resource, namespace, takes):
        self.resource, self.namespace, self.takes = resource, namespace, takes
        self.queue = asyncio.Queue()

    def _wants(self, stored):
        return (not self.namespace or stored.namespace == self.namespace) and (not self.takes or self.takes(stored))

    def translate(self, change):
        """What this watch sees of a change: with a selector an object comes and goes as it begins and ends to match."""
        after = change.kind != "DELETED" and self._wants(change.stored)
        before = change.before is not None and self._wants(change.before)
        if after:
            return ("MODIFIED" if before else "ADDED", change.stored)
        return ("DELETED", change.stored) if before else None

    def __call__(self, change):
        event = self.translate(change)
        if event:
            self.queue.put_nowait(event)


class WatchHandler:
    def __init__(self, store, settings):
        self.store, self.settings = store, settings
        self.open = set()

    def end_all(self):
        """Ends every watch as a server does that goes down in an orderly way."""
        for watcher in self.open:
            watcher.queue.put_nowait(_END)

    def fail_all(self, body):
        """Ends every watch with an ERROR event."""
        for watcher in self.open:
            watcher.queue.put_nowait(("ERROR", body))
            watcher.queue.put_nowait(_END)

    def respond(self, resource, namespace, request, form):
        wanted = request.parameter("resourceVersion")
        bookmarks = request.flag("allowWatchBookmarks")
        # Servers before 1.27 do not know the parameter, and so do not look at it.
        initial = request.flag("sendInitialEvents") and self.settings["minor"] >= 27
        self._check(request, initial)
        takes = matcher(resource.key, request)
        revision_parameter(request)
        watch_list = self.settings["minor"] >= 34 and bookmarks and wanted in ("", "0") and not initial
        plan = {"initial": initial or wanted in ("", "0"), "mark": (initial and bookmarks) or watch_list,
                "from": int(wanted or 0)}
        duration = float(request.parameter("timeoutSeconds") or 0) or random.uniform(1800, 3600)
        stream = self._stream(resource, namespace, takes, form, plan, bookmarks, duration)
        media_type = PROTOBUF + ";stream=watch" if form.is_protobuf else JSON
        return Response(200, stream, media_type)

    def _check(self, request, initial):
        if not initial:
            return
        if self.settings["minor"] < 34 and self.settings["minor"] != 32:
            raise forbidden_option("sendInitialEvents",
                                   "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled")
        if request.parameter("resourceVersionMatch") != "NotOlderThan":
            raise forbidden_option("resourceVersionMatch",
                                   "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")

    async def _stream(self, resource, namespace, takes, form, plan, bookmarks, duration):
        store, key = self.store, resource.key
        encode = Encoder(resource, form)
        # The head goes at once; the first event may be long in coming.
        yield b""
        if plan["mark"] and self.settings["old_etcd"]:
            yield encode.error(status.failure(500, "InternalError", "a watch stream was requested by the client but the required "
                                              "storage feature RequestWatchProgress is disabled"))
            return
        if not plan["initial"] and plan["from"] < store.compacted:
            text = (f"too old resource version: {plan['from']} ({store.compacted})" if key != "events"
                    else "The resourceVersion for the provided watch is too old.")
            yield encode.error(status.failure(410, "Expired", text))
            return
        watcher = Watcher(resource, namespace, takes)
        store.watchers[key].add(watcher)
        self.open.add(watcher)
        try:
            if plan["initial"]:
                for stored in store.items(key, namespace):
                    if not takes or takes(stored):
                        yield encode("ADDED", stored)
                if plan["mark"]:
                    yield encode.bookmark(store.revision, initial_end=True)
            else:
                for change in store.changes(key, plan["from"]):
                    if event := watcher.translate(change):
                        yield encode(*event)
            async for piece in self._live(watcher, encode, bookmarks, duration):
                yield piece
        finally:
            store.watchers[key].discard(watcher)
            self.open.discard(watcher)

    async def _live(self, watcher, encode, bookmarks, duration):
        end = time.monotonic() + duration
        every = self.settings["bookmark_seconds"]
        next_bookmark = time.monotonic() + every
        # Two more come within the last three seconds.
        last = [end - 2.0, end - 1.0] if duration > 3 else []
        while (now := time.monotonic()) < end:
            times = [end] + ([next_bookmark, *last] if bookmarks else [])
            try:
                event = await asyncio.wait_for(watcher.queue.get(), max(min(times) - now, 0.001))
            except asyncio.TimeoutError:
                event = None
            if event is _END:
                return
            if event and event[0] == "ERROR":
                yield encode.error(event[1])
            elif event:
                yield encode(*event)
            now = time.monotonic()
            if bookmarks and (now >= next_bookmark or (last and now >= last[0])) and now < end:
                yield encode.bookmark(self.store.revision)
                next_bookmark = now + every
                last = [moment for moment in last if moment > now]


def error_stream(resource, form, body):
    """A watch whose only event is an ERROR."""
    async def stream():
        yield Encoder(resource, form).error(body)

    return Response(200, stream(), PROTOBUF + ";stream=watch" if form.is_protobuf else JSON)


class Encoder:
    """The events of one watch in the form it asked for."""

    def __init__(self, resource, form):
        self.resource, self.form = resource, form
        self.partial = form.transform.startswith("Partial")
        self.columns_sent = False

    def _line(self, kind, body):
        if self.form.is_protobuf:
            return protobuf.watch_event(kind, body)
        return b'{"type":"' + kind.encode() + b'","object":' + body + b"}\n"

    def __call__(self, kind, stored):
        if self.form.transform == "Table":
            metadata = {"resourceVersion": stored.object["metadata"]["resourceVersion"]}
            document = table.document(self.resource.key, [stored], metadata, not self.columns_sent)
            self.columns_sent = True
            return self._line(kind, go_json.encode(document))
        return self._line(kind, stored.encoded(self.form, True, self.partial))

    def bookmark(self, revision, initial_end=False):
        metadata = {"resourceVersion": str(revision)}
        if initial_end:
            metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
        kind = "PartialObjectMetadata" if self.partial else self.resource.kind
        api_version = "meta.k8s.io/v1" if self.partial else self.resource.api_version
        if self.form.is_protobuf:
            payload = schema.of_kind(kind).payload({"metadata": metadata})
            return self._line("BOOKMARK", b"".join(protobuf.envelope(api_version, kind, [payload])))
        found = {"kind": kind, "apiVersion": api_version, "metadata": metadata}
        if self.form.transform == "Table":
            found = table.document(self.resource.key, [], metadata, False)
        elif not self.partial:
            found.update(_STUBS.get(self.resource.key, {"spec": {}, "status": {}}))
        return self._line("BOOKMARK", go_json.encode(found))

    def error(self, body):
        if self.form.is_protobuf:
            return self._line("ERROR", b"".join(protobuf.envelope("v1", "Status", [schema.Status.payload(body)])))
        return self._line("ERROR", go_json.encode(body))
