"""Tables, as `kubectl get` asks for them (meta.k8s.io/v1 Table)."""

import clock


def _column(name, kind="string", form="", priority=0):
    return {"name": name, "type": kind, "format": form, "description": "", "priority": priority}


NAME, AGE = _column("Name", form="name"), _column("Age")


def _pod(item):
    spec, state = item.get("spec", {}), item.get("status", {})
    containers = state.get("containerStatuses", [])
    shown = state.get("reason") or state.get("phase", "")
    for container in containers:
        now = container.get("state", {})
        for part in ("waiting", "terminated"):
            if part in now:
                shown = now[part].get("reason") or shown
    if item["metadata"].get("deletionTimestamp"):
        shown = "Terminating"
    ready = f"{sum(bool(c.get('ready')) for c in containers)}/{len(spec.get('containers', []))}"
    return [ready, shown, sum(c.get("restartCount", 0) for c in containers), clock.age(item["metadata"].get("creationTimestamp")),
            state.get("podIP") or "<none>", spec.get("nodeName") or "<none>", "<none>", "<none>"]


def _node(item):
    state = item.get("status", {})
    ready = next((c["status"] for c in state.get("conditions", []) if c["type"] == "Ready"), "Unknown")
    shown = {"True": "Ready", "False": "NotReady"}.get(ready, "Unknown")
    if item.get("spec", {}).get("unschedulable"):
        shown += ",SchedulingDisabled"
    info = state.get("nodeInfo", {})
    addresses = {a["type"]: a["address"] for a in reversed(state.get("addresses", []))}
    return [shown, "<none>", clock.age(item["metadata"].get("creationTimestamp")), info.get("kubeletVersion", ""),
            addresses.get("InternalIP", "<none>"), addresses.get("ExternalIP", "<none>"), info.get("osImage", ""),
            info.get("kernelVersion", ""), info.get("containerRuntimeVersion", "")]


def _service(item):
    spec = item.get("spec", {})
    ports = ",".join(
        f"{p['port']}{':' + str(p['nodePort']) if p.get('nodePort') else ''}/{p.get('protocol', 'TCP')}"
        for p in spec.get("ports", [])) or "<none>"
    ingress = item.get("status", {}).get("loadBalancer", {}).get("ingress", [])
    external = ",".join([i.get("ip") or i.get("hostname", "") for i in ingress] + spec.get("externalIPs", []))
    selector = ",".join(f"{k}={v}" for k, v in sorted(spec.get("selector", {}).items()))
    return [spec.get("type", ""), spec.get("clusterIP") or "<none>", spec.get("externalName") or external or "<none>", ports,
            clock.age(item["metadata"].get("creationTimestamp")), selector or "<none>"]


def _namespace(item):
    return [item.get("status", {}).get("phase", ""), clock.age(item["metadata"].get("creationTimestamp"))]


def _job(item):
    spec, state = item.get("spec", {}), item.get("status", {})
    shown = next((c["type"] for c in reversed(state.get("conditions", [])) if c["status"] == "True"), "Running")
    completions = f"{state.get('succeeded', 0)}/{spec.get('completions', 1)}"
    return [shown, completions, "", clock.age(item["metadata"].get("creationTimestamp"))]


def _other(item):
    return [clock.age(item["metadata"].get("creationTimestamp"))]


def _wide(*names):
    return [_column(name, priority=1) for name in names]


FORMS = {
    "pods": ([_column("Ready"), _column("Status"), _column("Restarts"), AGE,
              *_wide("IP", "Node", "Nominated Node", "Readiness Gates")], _pod),
    "nodes": ([_column("Status"), _column("Roles"), AGE, _column("Version"),
               *_wide("Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime")], _node),
    "services": ([_column("Type"), _column("Cluster-IP"), _column("External-IP"), _column("Port(s)"), AGE, *_wide("Selector")],
                 _service),
    "namespaces": ([_column("Status"), AGE], _namespace),
    "jobs.batch": ([_column("Status"), _column("Completions"), _column("Duration"), AGE], _job),
}


def document(key, stored, metadata, with_columns=True):
    columns, row = FORMS.get(key, ([_column("Created At")], _other))
    return {
        "kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata,
        "columnDefinitions": [NAME, *columns] if with_columns else None,
        "rows": [{"cells": [one.name, *row(one.object)], "object": one.full(partial=True)} for one in stored],
    }
