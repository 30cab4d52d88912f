"""The resources that are served, and where."""


class Resource:
    """`key` names it everywhere here: the plural, and the group after a dot, as jobs.batch."""

    def __init__(self, group, version, plural, kind, namespaced=True, short=(), writable=True):
        self.group, self.version, self.plural, self.kind = group, version, plural, kind
        self.namespaced, self.short, self.writable = namespaced, list(short), writable
        self.key = f"{plural}.{group}" if group else plural
        self.api_version = f"{group}/{version}" if group else version

    @property
    def prefix(self):
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    def discovery(self):
        verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
        found = {"name": self.plural, "singularName": self.kind.lower(), "namespaced": self.namespaced, "kind": self.kind,
                 "verbs": verbs if self.writable else ["create"]}
        if self.short:
            found["shortNames"] = self.short
        return found


ALL = [
    Resource("", "v1", "configmaps", "ConfigMap", short=["cm"]),
    Resource("", "v1", "endpoints", "Endpoints", short=["ep"]),
    Resource("", "v1", "events", "Event", short=["ev"]),
    Resource("", "v1", "namespaces", "Namespace", namespaced=False, short=["ns"]),
    Resource("", "v1", "nodes", "Node", namespaced=False, short=["no"]),
    Resource("", "v1", "pods", "Pod", short=["po"]),
    Resource("", "v1", "serviceaccounts", "ServiceAccount", short=["sa"]),
    Resource("", "v1", "services", "Service", short=["svc"]),
    Resource("apps", "v1", "daemonsets", "DaemonSet", short=["ds"]),
    Resource("apps", "v1", "deployments", "Deployment", short=["deploy"]),
    Resource("apps", "v1", "replicasets", "ReplicaSet", short=["rs"]),
    Resource("apps", "v1", "statefulsets", "StatefulSet", short=["sts"]),
    Resource("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", namespaced=False, writable=False),
    Resource("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False,
             writable=False),
    Resource("authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", namespaced=False,
             writable=False),
    Resource("batch", "v1", "cronjobs", "CronJob", short=["cj"]),
    Resource("batch", "v1", "jobs", "Job"),
    Resource("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice"),
]
KEYS = {resource.key: resource for resource in ALL}


def served(minor, endpoints):
    """What a server of this minor version serves. `endpoints`: v1, v1beta1 or none, of endpoint slices."""
    found = []
    for resource in ALL:
        if resource.key == "endpointslices.discovery.k8s.io":
            if endpoints == "none":
                continue
            if endpoints == "v1beta1":
                resource = Resource(resource.group, "v1beta1", resource.plural, resource.kind)
        if resource.key == "cronjobs.batch" and minor < 21:
            resource = Resource(resource.group, "v1beta1", resource.plural, resource.kind, short=["cj"])
        if resource.key.startswith("selfsubjectreviews") and minor < 28:
            continue
        found.append(resource)
    return found
