"""A cluster to begin with: read from a file, or generated."""

import json
import random
import uuid

import clock

_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"]


def load(store, path):
    """A file {"items": [object…]} of objects with kind and apiVersion, as `kubectl get -o json` prints; namespaces that
    are named and not listed are added."""
    with open(path, encoding="utf-8") as file:
        add(store, json.load(file).get("items", []))


def add(store, items):
    kinds = {resource.kind: key for key, resource in store.resources.items()}
    for item in items:
        item = json.loads(json.dumps(item))
        if item.get("kind") not in kinds:
            raise ValueError(f"no kind {item.get('kind')!r} is served")
        key = kinds[item["kind"]]
        namespaced = store.resources[key].namespaced
        if namespaced:
            item["metadata"].setdefault("namespace", "default")
            ensure_namespace(store, item["metadata"]["namespace"])
        store.load(key, item)


def ensure_namespace(store, name, labels=None):
    if not store.get("namespaces", "", name):
        store.load("namespaces", {"metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name, **(labels or {})}},
                                  "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}})


class Generator:
    """The same numbers and seed make the same cluster, but for the time of creation."""

    def __init__(self, store, nodes, pods, services, seed):
        self.store, self.random = store, random.Random(seed)
        self.node_count, self.pod_count, self.service_count = nodes, pods, services
        self.now = clock.text()
        self.managed = [{"manager": "kubelet", "operation": "Update", "apiVersion": "v1", "time": self.now,
                         "fieldsType": "FieldsV1", "subresource": "status",
                         "fieldsV1": {"f:status": {f"f:field{i}": {".": {}, f'k:{{"type":"Condition{i}"}}': {}} for i in range(24)}}}]

    def _uid(self):
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def _metadata(self, name, namespace="", **more):
        found = {"name": name}
        if namespace:
            found["namespace"] = namespace
        return found | {"uid": self._uid(), "creationTimestamp": self.now, **more}

    def generate(self):
        for name in _NAMESPACES:
            ensure_namespace(self.store, name)
        self.spaces = [f"team-{i:02}" for i in range(max(1, min(20, self.service_count)))] if self.pod_count else []
        for name in self.spaces:
            ensure_namespace(self.store, name)
            self.store.load("serviceaccounts", {"metadata": self._metadata("default", name)})
        for number in range(self.node_count):
            self._node(number)
        self.endpoints = {}
        self.given = [0] * max(self.node_count, 1)
        applications = max(self.service_count, 1)
        for application in range(applications if self.pod_count else 0):
            self._application(application, self.pod_count // applications + (application < self.pod_count % applications))
        self._cron_job()

    def node_name(self, number):
        return f"node-{number:04}"

    def _node(self, number):
        name, cidr = self.node_name(number), f"10.{64 + number // 64}.{number % 64 * 4}.0/22"
        labels = {"kubernetes.io/arch": "amd64", "kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                  "topology.kubernetes.io/zone": f"zone-{'abc'[number % 3]}"}
        conditions = [{"type": kind, "status": "True" if kind == "Ready" else "False", "lastHeartbeatTime": self.now,
                       "lastTransitionTime": self.now, "reason": f"Kubelet{kind}", "message": "as it should be"}
                      for kind in ("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")]
        self.store.load("nodes", {
            "metadata": self._metadata(name, labels=labels), "spec": {"podCIDR": cidr, "podCIDRs": [cidr]},
            "status": {
                "capacity": {"cpu": "4", "memory": "16Gi", "pods": "1000"}, "allocatable": {"cpu": "4", "pods": "1000"},
                "conditions": conditions,
                "addresses": [{"type": "InternalIP", "address": self.node_address(number)}, {"type": "Hostname", "address": name}],
                "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}},
                "nodeInfo": {"machineID": "0" * 32, "systemUUID": "0" * 32, "bootID": self._uid(),
                             "kernelVersion": "6.1.0-18-amd64", "osImage": "Debian GNU/Linux 12 (bookworm)",
                             "containerRuntimeVersion": "containerd://1.7.20", "kubeletVersion": "v1.36.2",
                             "kubeProxyVersion": "", "operatingSystem": "linux", "architecture": "amd64"},
                "images": [{"names": ["localhost/busybox:1"], "sizeBytes": 2417423}]}})

    @staticmethod
    def node_address(number):
        return f"10.1.{number // 250}.{number % 250 + 1}"

    def _application(self, number, replicas):
        namespace, name = self.spaces[number % len(self.spaces)], f"app-{number:04}"
        template_hash = f"{self.random.getrandbits(32):08x}"
        labels = {"app": name, "pod-template-hash": template_hash}
        set_name = f"{name}-{template_hash}"
        owner = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": self._uid(), "controller": True,
                 "blockOwnerDeletion": True}
        replica_set = self._metadata(set_name, namespace, labels=labels, ownerReferences=[owner])
        self.store.load("replicasets.apps", {"metadata": replica_set, "spec": {"replicas": replicas},
                                             "status": {"replicas": replicas}})
        owner = {**owner, "kind": "ReplicaSet", "name": set_name, "uid": replica_set["uid"]}
        endpoints = [self._pod(number * 7 + i, namespace, set_name, labels, owner) for i in range(replicas)]
        if number < self.service_count:
            self._service(number, namespace, name, [one for one in endpoints if one])

    def _pod(self, number, namespace, set_name, labels, owner):
        if not self.node_count:
            return None
        node = number % self.node_count
        self.given[node] += 1
        given = self.given[node]
        address = f"10.{64 + node // 64}.{node % 64 * 4 + given // 250}.{given % 250 + 2}"
        name = f"{set_name}-{self.random.getrandbits(25):05x}{given:x}"
        started = {"startedAt": self.now}
        metadata = self._metadata(name, namespace, generateName=set_name + "-", labels=labels, ownerReferences=[owner],
                                  managedFields=self.managed)
        self.store.load("pods", {
            "metadata": metadata,
            "spec": {"containers": [{"name": "main", "image": "registry.example/shop/web:1.4",
                                     "ports": [{"name": "http", "containerPort": 8080, "protocol": "TCP"}],
                                     "env": [{"name": f"SETTING_{i}", "value": f"value {i}"} for i in range(8)],
                                     "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
                                     "imagePullPolicy": "IfNotPresent"}],
                     "restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst",
                     "serviceAccountName": "default", "serviceAccount": "default", "nodeName": self.node_name(node),
                     "securityContext": {}, "schedulerName": "default-scheduler", "priority": 0, "enableServiceLinks": True},
            "status": {"phase": "Running",
                       "conditions": [{"type": kind, "status": "True", "lastProbeTime": None, "lastTransitionTime": self.now}
                                      for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")],
                       "hostIP": self.node_address(node), "hostIPs": [{"ip": self.node_address(node)}], "podIP": address,
                       "podIPs": [{"ip": address}], "startTime": self.now,
                       "containerStatuses": [{"name": "main", "state": {"running": started}, "lastState": {}, "ready": True,
                                              "restartCount": 0, "image": "registry.example/shop/web:1.4",
                                              "imageID": "registry.example/shop/web@sha256:" + "ab" * 32,
                                              "containerID": "containerd://" + "cd" * 32, "started": True}],
                       "qosClass": "Burstable"}})
        return {"addresses": [address], "conditions": {"ready": True, "serving": True, "terminating": False},
                "targetRef": {"kind": "Pod", "namespace": namespace, "name": name, "uid": metadata["uid"]},
                "nodeName": self.node_name(node), "zone": f"zone-{'abc'[node % 3]}"}

    def _service(self, number, namespace, name, endpoints):
        address = f"10.{96 + number // 62500}.{number // 250 % 250 + 1}.{number % 250 + 1}"
        metadata = self._metadata(name, namespace, labels={"app": name})
        self.store.load("services", {
            "metadata": metadata,
            "spec": {"ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": 8080}], "selector": {"app": name},
                     "clusterIP": address, "clusterIPs": [address], "type": "ClusterIP", "sessionAffinity": "None",
                     "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster"},
            "status": {"loadBalancer": {}}})
        owner = {"apiVersion": "v1", "kind": "Service", "name": name, "uid": metadata["uid"], "controller": True,
                 "blockOwnerDeletion": True}
        labels = {"endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io", "kubernetes.io/service-name": name}
        ports = [{"name": "http", "protocol": "TCP", "port": 8080}]
        if "endpointslices.discovery.k8s.io" in self.store.resources:
            for start in range(0, len(endpoints), 100):
                suffix = f"{self.random.getrandbits(25):05x}"
                self.store.load("endpointslices.discovery.k8s.io", {
                    "metadata": self._metadata(f"{name}-{suffix}", namespace, generateName=name + "-", labels=labels,
                                               ownerReferences=[owner]),
                    "addressType": "IPv4", "endpoints": endpoints[start:start + 100], "ports": ports})
        addresses = [{"ip": one["addresses"][0], "nodeName": one["nodeName"], "targetRef": one["targetRef"]} for one in endpoints]
        self.store.load("endpoints", {"metadata": self._metadata(name, namespace, labels={"app": name}),
                                      "subsets": [{"addresses": addresses, "ports": ports}] if addresses else []})

    def _cron_job(self):
        if not self.spaces:
            return
        namespace = self.spaces[0]
        cron = self._metadata("nightly", namespace)
        self.store.load("cronjobs.batch", {"metadata": cron, "spec": {"schedule": "0 3 * * *"}, "status": {}})
        owner = {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": cron["uid"], "controller": True,
                 "blockOwnerDeletion": True}
        self.store.load("jobs.batch", {"metadata": self._metadata("nightly-29123456", namespace, ownerReferences=[owner]),
                                       "spec": {"parallelism": 1, "completions": 1}, "status": {"succeeded": 1}})
