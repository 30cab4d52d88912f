"""/version, /api, /apis and what lies below them, and as much of /openapi as kubectl asks for."""

import go_json
from http_message import Response


def version(minor):
    found = {"major": "1", "minor": str(minor)}
    if minor >= 31:
        found |= {"emulationMajor": "1", "emulationMinor": str(minor), "minCompatibilityMajor": "1",
                  "minCompatibilityMinor": str(minor - 1)}
    return found | {
        "gitVersion": f"v1.{minor}.2", "gitCommit": "8e16b12fda5b1dccc41a6de48b3e356cc7d5048b", "gitTreeState": "",
        "buildDate": "1970-01-01T00:00:00Z", "goVersion": "go1.26.6", "compiler": "gc", "platform": "linux/amd64"}


def _groups(served):
    found = {}
    for resource in served:
        if resource.group and resource.version not in found.setdefault(resource.group, []):
            found[resource.group].append(resource.version)
    return found


def _group(name, versions):
    listed = [{"groupVersion": f"{name}/{one}", "version": one} for one in versions]
    return {"name": name, "versions": listed, "preferredVersion": listed[0]}


def _resources(served, group, wanted):
    found = [resource for resource in served if (resource.group, resource.version) == (group, wanted)]
    if not found:
        return None
    listed = [resource.discovery() for resource in found]
    for resource in found:
        if resource.key == "pods":
            for sub, verbs in (("exec", ["create", "get"]), ("log", ["get"]), ("status", ["get", "patch", "update"])):
                listed.append({"name": f"pods/{sub}", "singularName": "", "namespaced": True, "kind": "Pod", "verbs": verbs})
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": found[0].api_version, "resources": listed}


def respond(request, served, settings):
    """The response for a path that names no object; None where there is none."""
    parts = request.segments
    document, pretty = None, False
    if parts == ["version"]:
        document, pretty = version(settings["minor"]), True
    elif parts in (["healthz"], ["livez"], ["readyz"]):
        return Response(200, b"ok", "text/plain; charset=utf-8")
    elif parts == ["api"]:
        document = {"kind": "APIVersions", "versions": ["v1"],
                    "serverAddressByClientCIDRs": [{"clientCIDR": "0.0.0.0/0", "serverAddress": request.header("host")}]}
    elif parts == ["apis"]:
        document = {"kind": "APIGroupList", "apiVersion": "v1",
                    "groups": [_group(*pair) for pair in _groups(served).items()]}
    elif parts[:1] == ["api"] and len(parts) == 2:
        document = _resources(served, "", parts[1])
    elif parts[:1] == ["apis"] and len(parts) == 2:
        versions = _groups(served).get(parts[1])
        document = versions and {"kind": "APIGroup", "apiVersion": "v1", **_group(parts[1], versions)}
    elif parts[:1] == ["apis"] and len(parts) == 3:
        document = _resources(served, parts[1], parts[2])
    elif parts[:1] == ["openapi"]:
        document = _openapi(parts[1:], served)
    if not document:
        return None
    return Response(200, go_json.encode_pretty(document) if pretty else go_json.document(document))


def _openapi(parts, served):
    """The documents by which kubectl learns that the server validates fields by itself."""
    if parts == ["v3"]:
        prefixes = sorted({resource.prefix[1:] for resource in served})
        return {"paths": {prefix: {"serverRelativeURL": f"/openapi/v3/{prefix}"} for prefix in prefixes}}
    if parts[:1] != ["v3"]:
        return None
    prefix = "/" + "/".join(parts[1:])
    paths = {}
    for resource in served:
        if resource.prefix == prefix:
            scope = "/namespaces/{namespace}" if resource.namespaced else ""
            kind = {"group": resource.group, "version": resource.version, "kind": resource.kind}
            parameters = [{"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}}
                          for name in ("dryRun", "fieldManager", "fieldValidation")]
            operation = {"parameters": parameters, "x-kubernetes-group-version-kind": kind,
                         "responses": {"200": {"description": "OK"}}}
            paths[f"{prefix}{scope}/{resource.plural}/{{name}}"] = {"patch": operation}
    if not paths:
        return None
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1"}, "paths": paths}
