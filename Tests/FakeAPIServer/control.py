"""/_control, /_log, /_state and /_cpu: how a test steers and asks the server."""

import json
import time

import cluster
import go_json
from faults import BadFault
from http_message import Response
from status import failure

_SETTINGS = {"speed", "patience", "bookmark_seconds", "entries", "events_per_second", "old_etcd", "minor"}


class Control:
    def __init__(self, app, log):
        self.app, self.log = app, log

    def respond(self, request):
        """The response to a path that begins with an underscore."""
        try:
            if request.path == "/_log":
                found = {"requests": self.log.requests}
            elif request.path == "/_state":
                found = {key: [stored.object for stored in self.app.store.items(key)] for key in self.app.store.objects}
            elif request.path == "/_cpu":
                found = {"seconds": time.process_time()}
            elif request.path.startswith("/_control/") and request.method == "POST":
                found = self.change(request.path[len("/_control/"):], json.loads(request.body or b"{}"))
            else:
                return Response(404, b"no such path, or not with this method", "text/plain")
        except (ValueError, KeyError, TypeError, FileNotFoundError, BadFault) as error:
            return Response(400, f"{type(error).__name__}: {error}".encode(), "text/plain")
        response = Response(200, go_json.encode(found))
        response.bare = True
        return response

    def change(self, what, document):
        """Does what a POST, or a part of --config, says."""
        method = getattr(self, "_" + what.replace("-", "_"), None)
        if method is None:
            raise ValueError(f"nothing to control is called {what}")
        return method(document) or {"ok": True}

    def configure(self, document):
        """The parts of a configuration file, each as its POST would be."""
        for what, part in document.items():
            self.change(what, part)

    def _faults(self, document):
        self.app.faults.add(document["add"] if isinstance(document, dict) else document)

    def _clear_faults(self, _):
        self.app.faults.clear()

    def _programs(self, document):
        self.app.programs.add(document["add"] if isinstance(document, dict) else document)

    def _access(self, document):
        self.app.access.configure(document)

    def _deny(self, document):
        self.app.admission.denials += document if isinstance(document, list) else [document]

    def _clear_deny(self, _):
        self.app.admission.denials.clear()

    def _kubelet(self, document):
        if document.get("clear"):
            self.app.kubelet.scenarios.clear()
        self.app.kubelet.scenarios.update(document.get("scenarios", {}))

    def _settings(self, document):
        if unknown := set(document) - _SETTINGS:
            raise ValueError(f"unknown settings: {', '.join(sorted(unknown))}")
        self.app.settings.update(document)
        if "patience" in document:
            self.app.lister.patience = document["patience"]

    def _log(self, document):
        self.log.keep_credentials = document.get("keep_credentials", self.log.keep_credentials)
        if document.get("clear"):
            self.log.requests.clear()

    def _compact(self, _):
        """All revisions before the present one are forgotten: watches, continue tokens and exact lists there are 410."""
        self.app.store.compact()

    def _end_watches(self, document):
        """Ends every open watch: in order, or with an ERROR event, as {"error": 410}."""
        if "error" in document:
            code = document["error"]
            reason = {410: "Expired", 500: "InternalError"}.get(code, "InternalError")
            message = document.get("message", f"too old resource version: 1 ({self.app.store.revision})")
            self.app.watches.fail_all(failure(code, reason, message))
        else:
            self.app.watches.end_all()

    def _put(self, document):
        """Creates or replaces objects, with the events of it: {"items": [object…]}."""
        store = self.app.store
        kinds = {resource.kind: resource for resource in store.resources.values()}
        for item in document["items"]:
            resource = kinds[item["kind"]]
            metadata = dict(item["metadata"])
            if resource.namespaced:
                metadata.setdefault("namespace", "default")
                cluster.ensure_namespace(store, metadata["namespace"])
            before = store.get(resource.key, metadata.get("namespace", ""), metadata["name"])
            template = before.object["metadata"] if before else self.app.writer.new_metadata()
            metadata = {**{name: template[name] for name in ("uid", "creationTimestamp")}, **metadata}
            rest = {name: value for name, value in item.items() if name not in ("kind", "apiVersion", "metadata")}
            store.put(resource.key, {"metadata": metadata, **rest})

    def _remove(self, document):
        """Removes an object at once: {"resource": "pods", "namespace", "name"}."""
        if not self.app.store.remove(document["resource"], document.get("namespace", ""), document["name"]):
            raise ValueError("there is no such object")

    def _finish_pod(self, document):
        """Ends a pod's containers: {"namespace", "name", "exit": 0, "status": {…}, "terminated": {…}}."""
        code = document.get("exit", 0)
        self.app.kubelet.finish(self._pod(document), "Succeeded" if code == 0 else "Failed", code, document.get("status"),
                                document.get("terminated"))

    def _delete_pod(self, document):
        """Deletes a pod as somebody else does: {"namespace", "name", "condition": {…}, "grace": 1}."""
        stored, condition = self._pod(document), document.get("condition")
        if condition:
            state = stored.object["status"]
            state = {**state, "conditions": state.get("conditions", []) + [condition]}
            stored = self.app.store.put("pods", {**stored.object, "status": state})
        self.app.kubelet.delete(stored, document.get("grace"))

    def _pod(self, document):
        stored = self.app.store.get("pods", document["namespace"], document["name"])
        if not stored:
            raise ValueError("there is no such pod")
        return stored
