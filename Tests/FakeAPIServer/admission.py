"""Admission: Pod Security by namespace labels (k8s.io/pod-security-admission), and what a test lets others refuse."""

import fnmatch

import status

_DEFAULT_CAPABILITIES = {
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID",
    "SETPCAP", "SETUID", "SYS_CHROOT"}
_RESTRICTED_VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim",
                       "projected", "secret"}


def _containers(spec):
    return spec.get("initContainers", []) + spec.get("containers", []) + spec.get("ephemeralContainers", [])


def _security(container):
    return container.get("securityContext") or {}


def _quoted(names):
    return ", ".join(f'"{name}"' for name in names)


def _subject(word, names):
    return f"{word}{'s' if len(names) > 1 else ''} {_quoted(names)}"


def _capabilities(spec):
    bad, added = [], set()
    for container in _containers(spec):
        extra = set((_security(container).get("capabilities") or {}).get("add", [])) - _DEFAULT_CAPABILITIES
        if extra:
            bad.append(container["name"])
            added |= extra
    if bad:
        yield (f"non-default capabilities ({_subject('container', bad)} must not include {_quoted(sorted(added))} in "
               "securityContext.capabilities.add)")


def _host_namespaces(spec):
    found = [f"{name}=true" for name in ("hostNetwork", "hostPID", "hostIPC") if spec.get(name)]
    if found:
        yield f"host namespaces ({', '.join(found)})"


def _host_path(spec):
    found = [volume["name"] for volume in spec.get("volumes", []) if "hostPath" in volume]
    if found:
        yield f"hostPath volumes ({_subject('volume', found)})"


def _host_ports(spec):
    found = [(c["name"], p["hostPort"]) for c in _containers(spec) for p in c.get("ports", []) if p.get("hostPort")]
    if found:
        names = list(dict.fromkeys(name for name, _ in found))
        ports = ", ".join(str(port) for port in sorted({port for _, port in found}))
        uses = "use" if len(names) > 1 else "uses"
        yield f"hostPort ({_subject('container', names)} {uses} hostPort{'s' if ',' in ports else ''} {ports})"


def _privileged(spec):
    found = [c["name"] for c in _containers(spec) if _security(c).get("privileged")]
    if found:
        yield f"privileged ({_subject('container', found)} must not set securityContext.privileged=true)"


def _escalation(spec):
    found = [c["name"] for c in _containers(spec) if _security(c).get("allowPrivilegeEscalation") is not False]
    if found:
        yield (f"allowPrivilegeEscalation != false ({_subject('container', found)} must set "
               "securityContext.allowPrivilegeEscalation=false)")


def _restricted_capabilities(spec):
    keeping, adding, added = [], [], set()
    for container in _containers(spec):
        capabilities = _security(container).get("capabilities") or {}
        if "ALL" not in capabilities.get("drop", []):
            keeping.append(container["name"])
        extra = set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}
        if extra:
            adding.append(container["name"])
            added |= extra
    parts = []
    if keeping:
        parts.append(f'{_subject("container", keeping)} must set securityContext.capabilities.drop=["ALL"]')
    if adding:
        parts.append(f"{_subject('container', adding)} must not include {_quoted(sorted(added))} in "
                     "securityContext.capabilities.add")
    if parts:
        yield f"unrestricted capabilities ({'; '.join(parts)})"


def _restricted_volumes(spec):
    for volume in spec.get("volumes", []):
        kind = next((key for key in volume if key != "name"), "emptyDir")
        if kind not in _RESTRICTED_VOLUMES:
            yield f'restricted volume types (volume "{volume["name"]}" uses restricted volume type "{kind}")'


def _pod_or_container(spec, unset):
    """Whose own setting is wrong, where the pod sets nothing for them."""
    return [c["name"] for c in _containers(spec) if unset(_security(c)) and unset(spec.get("securityContext") or {})]


def _non_root(spec):
    found = _pod_or_container(spec, lambda security: security.get("runAsNonRoot") is not True)
    if found:
        yield (f"runAsNonRoot != true (pod or {_subject('container', found)} must set securityContext.runAsNonRoot=true)")


def _root_user(spec):
    found = [c["name"] for c in _containers(spec) if _security(c).get("runAsUser") == 0]
    if found:
        yield f"runAsUser=0 ({_subject('container', found)} must not set runAsUser=0)"


def _seccomp(spec):
    allowed = ("RuntimeDefault", "Localhost")
    found = _pod_or_container(spec, lambda security: (security.get("seccompProfile") or {}).get("type") not in allowed)
    if found:
        yield (f"seccompProfile (pod or {_subject('container', found)} must set securityContext.seccompProfile.type to "
               '"RuntimeDefault" or "Localhost")')


_LEVELS = {
    "privileged": [],
    "baseline": [_capabilities, _host_namespaces, _host_path, _host_ports, _privileged],
    "restricted": [_host_namespaces, _host_path, _host_ports, _privileged, _escalation, _restricted_capabilities,
                   _restricted_volumes, _non_root, _root_user, _seccomp],
}


def violations(level, spec):
    return [text for check in _LEVELS.get(level, []) for text in check(spec)]


def _mode(namespace, mode):
    labels = namespace.labels if namespace else {}
    level = labels.get(f"pod-security.kubernetes.io/{mode}", "privileged")
    return level, labels.get(f"pod-security.kubernetes.io/{mode}-version", "latest")


class Admission:
    """`denials`: what a test refuses, each {"resource", "namespace", "name", "node", "dryRun"} with wildcards, and
    {"code", "message", "reason"}; the message may say {name} and {namespace}."""

    def __init__(self):
        self.denials = []

    def admit(self, key, namespace, item, dry_run):
        """The warnings of a create; raises what refuses it. `namespace` is the stored object."""
        name = item["metadata"].get("name", "")
        pod_spec = item["spec"] if key == "pods" else item.get("spec", {}).get("template", {}).get("spec", {})
        target = {"resource": key, "namespace": namespace.name if namespace else "", "name": name,
                  "node": pod_spec.get("nodeName", ""), "dryRun": "true" if dry_run else "false"}
        for denial in self.denials:
            if all(fnmatch.fnmatchcase(target[part], str(pattern)) for part, pattern in denial.items() if part in target):
                raise self._denied(denial, key, target)
        warnings = []
        if key not in ("pods", "jobs.batch"):
            return warnings
        # Only pods are refused; of a template one is warned.
        for mode in ("enforce", "warn"):
            level, version = _mode(namespace, mode)
            found = violations(level, pod_spec)
            if not found:
                continue
            if key == "pods" and mode == "enforce":
                raise status.forbidden(key, name, f'violates PodSecurity "{level}:{version}": {", ".join(found)}')
            text = f'would violate PodSecurity "{level}:{version}": {", ".join(found)}'
            if text not in warnings:
                warnings.append(text)
        return warnings

    @staticmethod
    def _denied(denial, key, target):
        code = denial.get("code", 403)
        message = denial.get("message", "denied").replace("{name}", target["name"]).replace("{namespace}", target["namespace"])
        if code == 403 and "reason" not in denial:
            return status.forbidden(key, target["name"], message)
        reason = denial.get("reason") or {400: "BadRequest", 500: "InternalError"}.get(code, "Forbidden")
        return status.refuse(code, reason, message)


def warning_header(text):
    return ("Warning", f"299 - {status.quoted(text)}")


def namespace_warnings(labels, name, pods):
    """What labelling a namespace warns of: the pods there that the new level refuses."""
    level = labels.get("pod-security.kubernetes.io/enforce", "privileged")
    version = labels.get("pod-security.kubernetes.io/enforce-version", "latest")
    found = []
    for pod in pods:
        texts = violations(level, pod.object.get("spec", {}))
        if texts:
            found.append(f"{pod.name}: {', '.join(text.split(' (')[0] for text in texts)}")
    if not found:
        return []
    head = f'existing pods in namespace "{name}" violate the new PodSecurity enforce level "{level}:{version}"'
    return [head, *found]
