"""The cluster in which the exchanges were recorded, as far as they show it, and who asked what there."""

import json
import re

import running_server  # noqa: F401 (it makes the next import possible)

import recorded

LISTS = ("nodes", "pods-shop", "services-shop", "endpointslices-shop")


def items():
    """Objects as a --cluster file has them."""
    found = []
    for name in LISTS:
        document = json.loads((recorded.FOLDER / "protobuf" / f"{name}.json").read_text(encoding="utf-8"))
        kind = document["kind"].removesuffix("List")
        found += [{"kind": kind, "apiVersion": document["apiVersion"], **item} for item in document["items"]]
    for item in json.loads((recorded.FOLDER / "protobuf" / "namespaces.json").read_text(encoding="utf-8"))["items"]:
        found.append({"kind": "Namespace", "apiVersion": "v1", **item})
    levels = {"nv-base": {"enforce": "baseline"}, "nv-restricted": {"enforce": "restricted"}, "nv-warn": {"warn": "baseline"}}
    for name in ("nv-test", *levels):
        labels = {f"pod-security.kubernetes.io/{mode}": level for mode, level in levels.get(name, {}).items()}
        entry = next((item for item in found if item["kind"] == "Namespace" and item["metadata"]["name"] == name), None)
        if entry is None:
            entry = {"kind": "Namespace", "metadata": {"name": name}, "status": {"phase": "Active"}}
            found.append(entry)
        entry["metadata"].setdefault("labels", {}).update(labels)
    pods = [_pod("default", "least", least=True), _pod("nv-test", "bb1"), _pod("nv-test", "bb2", containers=("c", "d")),
            _pod("nv-test", "done", phase="Succeeded"), _pod("nv-test", "unsched", node="", phase="Pending"),
            _pod("nv-test", "no-such-node", node="nosuchnode", phase="Pending"), _pod("nv-test", "dl", deadline=600),
            _pod("nv-test", "life"), _pod("nv-test", "g0", grace=0)]
    pods += [_pod("nv-test", name) for name in ("pid1", "d1", "d1v4", "d30", "d0")]
    return found + pods + [_anchor(policy) for policy in ("background", "foreground", "default", "orphan")]


def _pod(namespace, name, node="tbn1", phase="Running", containers=("c",), deadline=None, grace=30, least=False):
    spec = {"containers": [{"name": one, "image": "localhost/busybox:1"} for one in containers], "restartPolicy": "Never",
            "terminationGracePeriodSeconds": grace}
    if least:
        # What labelling the namespace warns of.
        spec |= {"hostNetwork": True}
        spec["containers"][0]["securityContext"] = {"capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN", "NET_RAW"]}}
    if node:
        spec["nodeName"] = node
    if deadline:
        spec["activeDeadlineSeconds"] = deadline
    uid = _recorded_uid(namespace, name)
    return {"kind": "Pod", "metadata": {"namespace": namespace, "name": name, "generation": 1, **uid}, "spec": spec,
            "status": {"phase": phase}}


def _recorded_uid(namespace, name):
    if (namespace, name) == ("nv-test", "life"):
        return {"uid": "b720be09-31c9-4c70-9b8d-05b62b305a19"}
    return {}


def _anchor(policy):
    body = json.loads(recorded.exchange(f"pods/anchor-{policy}.http").response_body)
    first = json.loads((recorded.FOLDER / "watch" / f"job-anchor-{policy}.jsonl").read_text(encoding="utf-8").splitlines()[1])
    item = first["object"]
    assert body["kind"] in ("Job", "Status")
    return item


# The tokens that the recordings do not show, by the user that an answer names.
USERS = ["exec-none", "exec-get", "exec-create", "exec-both", "nojobs", "pods-only"]
ACCOUNT = "system:serviceaccount:nv-test:"


def config():
    tokens = {user: {"username": ACCOUNT + user, "groups": ["system:serviceaccounts", "system:serviceaccounts:nv-test"]}
              for user in USERS}
    tokens["exec-both"] |= {"uid": "a6106d9b-1ee5-493d-bfc1-61901b33981f",
                            "extra": {"authentication.kubernetes.io/credential-id": ["JTI=a748531d-091d-4af5-8fe1-9adf82a41b53"]}}
    own_reviews = {"resource": "[!s]*"}
    refuse = [
        {"user": ACCOUNT + "exec-none", **own_reviews}, {"user": ACCOUNT + "exec-none", "path": "/[mx]*"},
        {"user": ACCOUNT + "exec-none", "resource": "services"},
        {"user": ACCOUNT + "exec-get", "verb": "create", "resource": "pods/exec"},
        {"user": ACCOUNT + "exec-create", "verb": "get", "resource": "pods/exec"},
        {"user": ACCOUNT + "exec-both", "verb": "impersonate"},
        {"user": ACCOUNT + "nojobs", "resource": "jobs.batch"},
        {"user": ACCOUNT + "pods-only", "verb": "deletecollection"},
        {"user": "a<b>&c", "resource": "nodes"},
    ]
    return {"access": {"tokens": tokens, "refuse": refuse}}


# Whose token it was where the answer does not say it.
_ASKED = {"auth/ssar-allowed.http": "exec-create", "auth/ssar-refused.http": "exec-create", "auth/ssr.http": "exec-both",
          "exec/exec-rbac-exec-get.frames.txt": "exec-get", "exec/exec-rbac-exec-both.frames.txt": "exec-both"}


def headers_of(name, exchange):
    """The recorded request's headers, with a token in the place of what was blanked."""
    found = []
    for header, value in exchange.request_headers:
        if header in ("Host", "Content-Length"):
            continue
        if header == "Authorization":
            told = re.search(r"nv-test:([a-z-]+)", exchange.response_body) or re.search(
                r"nv-test:([a-z-]+)", exchange.response_bytes().decode("latin-1"))
            user = _ASKED.get(name) or (told.group(1) if told else "unknown")
            value = "Bearer " + user
        found.append((header, value))
    return found


def is_anonymous(exchange):
    return "system:anonymous" in exchange.response_body
