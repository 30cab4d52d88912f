"""Pods as they are created: known fields, defaults, validation (k8s.io/kubernetes/pkg/apis/core)."""

import random
import re
import uuid

import status

_ANY = None
_SECURITY = dict.fromkeys(
    ("allowPrivilegeEscalation", "appArmorProfile", "capabilities", "privileged", "procMount", "readOnlyRootFilesystem",
     "runAsGroup", "runAsNonRoot", "runAsUser", "seLinuxOptions", "seccompProfile", "windowsOptions"), _ANY)
_SECURITY["capabilities"] = {"add": _ANY, "drop": _ANY}
_CONTAINER = dict.fromkeys(
    ("args", "command", "env", "envFrom", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "name", "ports",
     "readinessProbe", "resizePolicy", "resources", "restartPolicy", "restartPolicyRules", "securityContext", "startupProbe",
     "stdin", "stdinOnce", "terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts",
     "workingDir"), _ANY)
_CONTAINER["securityContext"] = _SECURITY
_CONTAINER["ports"] = [dict.fromkeys(("containerPort", "hostIP", "hostPort", "name", "protocol"), _ANY)]
_POD_SPEC = dict.fromkeys(
    ("activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "containers", "dnsConfig", "dnsPolicy",
     "enableServiceLinks", "ephemeralContainers", "hostAliases", "hostIPC", "hostNetwork", "hostPID", "hostUsers", "hostname",
     "hostnameOverride", "imagePullSecrets", "initContainers", "nodeName", "nodeSelector", "os", "overhead",
     "preemptionPolicy", "priority", "priorityClassName", "readinessGates", "resourceClaims", "resources", "restartPolicy",
     "runtimeClassName", "schedulerName", "schedulingGates", "securityContext", "serviceAccount", "serviceAccountName",
     "setHostnameAsFQDN", "shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "tolerations",
     "topologySpreadConstraints", "volumes", "workloadRef"), _ANY)
_POD_SPEC |= {
    "containers": [_CONTAINER], "initContainers": [_CONTAINER], "os": {"name": _ANY},
    "tolerations": [dict.fromkeys(("effect", "key", "operator", "tolerationSeconds", "value"), _ANY)],
}
_OWNER = dict.fromkeys(("apiVersion", "blockOwnerDeletion", "controller", "kind", "name", "uid"), _ANY)
_METADATA = dict.fromkeys(
    ("annotations", "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "finalizers", "generateName",
     "generation", "labels", "managedFields", "name", "namespace", "resourceVersion", "selfLink", "uid"), _ANY)
_METADATA["ownerReferences"] = [_OWNER]
POD = {"apiVersion": _ANY, "kind": _ANY, "metadata": _METADATA, "spec": _POD_SPEC, "status": _ANY}
JOB = {
    "apiVersion": _ANY, "kind": _ANY, "metadata": _METADATA, "status": _ANY,
    "spec": dict.fromkeys(
        ("activeDeadlineSeconds", "backoffLimit", "backoffLimitPerIndex", "completionMode", "completions", "managedBy",
         "manualSelector", "maxFailedIndexes", "parallelism", "podFailurePolicy", "podReplacementPolicy", "selector",
         "successPolicy", "suspend", "ttlSecondsAfterFinished"), _ANY) | {
             "template": {"metadata": _METADATA, "spec": _POD_SPEC}},
}
KNOWN = {"pods": POD, "jobs.batch": JOB}


def unknown_fields(value, known, path=""):
    """The paths of the fields that the API does not know, as spec.containers[0].foo."""
    if isinstance(known, dict) and isinstance(value, dict):
        for name, inner in value.items():
            at = f"{path}.{name}" if path else name
            if name not in known:
                yield at
            else:
                yield from unknown_fields(inner, known[name], at)
    elif isinstance(known, list) and isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unknown_fields(inner, known[0], f"{path}[{index}]")


def known_part(value, known):
    """The value without the fields that the API does not know."""
    if isinstance(known, dict) and isinstance(value, dict):
        return {name: known_part(inner, known[name]) for name, inner in value.items() if name in known}
    if isinstance(known, list) and isinstance(value, list):
        return [known_part(inner, known[0]) for inner in value]
    return value


_SUBDOMAIN = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")


def validate(item):
    """Raises 422 with every cause that is looked for here."""
    causes = []
    name, spec = item["metadata"].get("name", ""), item.get("spec", {})
    if not re.fullmatch(_SUBDOMAIN, name):
        causes.append(("FieldValueInvalid", f"Invalid value: {status.quoted(name)}: {_SUBDOMAIN_TEXT}", "metadata.name"))
    if not spec.get("containers"):
        causes.append(("FieldValueRequired", "Required value", "spec.containers"))
    for index, container in enumerate(spec.get("containers", [])):
        for field in ("name", "image"):
            if not container.get(field):
                causes.append(("FieldValueRequired", "Required value", f"spec.containers[{index}].{field}"))
    policy = spec.get("restartPolicy", "Always")
    if policy not in ("Always", "OnFailure", "Never"):
        causes.append(("FieldValueNotSupported", f"Unsupported value: {status.quoted(policy)}: supported values: \"Always\", "
                       "\"OnFailure\", \"Never\"", "spec.restartPolicy"))
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= 2147483647:
        causes.append(("FieldValueInvalid", f"Invalid value: {deadline}: must be between 1 and 2147483647, inclusive",
                       "spec.activeDeadlineSeconds"))
    if causes:
        raise status.invalid("Pod", name, causes)


def default_spec(spec, with_account=True):
    """A pod's spec with what the server adds; a Job's template has less of it."""
    spec = dict(spec)
    containers = []
    for container in spec.get("containers", []):
        image = container.get("image", "")
        tag = image.rsplit("/", 1)[-1]
        pull = "Always" if (":" not in tag or tag.endswith(":latest")) and "@" not in tag else "IfNotPresent"
        defaults = {"resources": {}, "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                    "imagePullPolicy": pull}
        ports = [{"protocol": "TCP", **port} for port in container.get("ports", [])]
        containers.append({**defaults, **container, **({"ports": ports} if ports else {})})
    defaults = {"restartPolicy": "Always", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst"}
    if with_account:
        account = spec.get("serviceAccountName", "default")
        defaults |= {"serviceAccountName": account, "serviceAccount": account}
    defaults |= {"securityContext": {}, "schedulerName": "default-scheduler"}
    if with_account:
        defaults["tolerations"] = [
            {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}
            for key in ("not-ready", "unreachable")]
        defaults |= {"priority": 0, "enableServiceLinks": True, "preemptionPolicy": "PreemptLowerPriority"}
        own = spec.get("tolerations", [])
        if own:
            # The server adds its own only where the pod's do not take these taints already.
            everything = any(not one.get("key") and one.get("operator") == "Exists" for one in own)
            spec["tolerations"] = own + ([] if everything else defaults["tolerations"])
        if spec.get("automountServiceAccountToken", True):
            _mount_account(spec, containers)
    if spec.get("hostNetwork"):
        for container in containers:
            for port in container.get("ports", []):
                port.setdefault("hostPort", port.get("containerPort"))
    spec["containers"] = containers
    return defaults | spec


def _mount_account(spec, containers):
    name = "kube-api-access-" + "".join(random.choices("bcdfghjklmnpqrstvwxz2456789", k=5))
    sources = [{"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
               {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
               {"downwardAPI": {"items": [{"path": "namespace", "fieldRef": {"apiVersion": "v1",
                                                                          "fieldPath": "metadata.namespace"}}]}}]
    spec["volumes"] = spec.get("volumes", []) + [{"name": name, "projected": {"sources": sources, "defaultMode": 420}}]
    mount = {"name": name, "readOnly": True, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
    for container in containers:
        container["volumeMounts"] = container.get("volumeMounts", []) + [mount]


def quality_of_service(spec):
    """Guaranteed is not told apart from Burstable."""
    return "Burstable" if any(container.get("resources") for container in spec.get("containers", [])) else "BestEffort"


def generated_name(base):
    return base[:58] + "".join(random.choices("bcdfghjklmnpqrstvwxz2456789", k=5))


def new_uid():
    return str(uuid.uuid4())
