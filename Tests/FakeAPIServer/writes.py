"""CREATE, PATCH, PUT and DELETE (k8s.io/apiserver/pkg/endpoints/handlers, pkg/registry)."""

import copy
import json

import admission
import clock
import go_json
import pods
import protobuf
import schema
import status
from http_message import Response
from listing import matcher
from negotiation import PROTOBUF
from store import Stored

MERGE_PATCHES = ("application/merge-patch+json", "application/strategic-merge-patch+json")


def merged(value, patch):
    """RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    found = dict(value) if isinstance(value, dict) else {}
    for name, inner in patch.items():
        if inner is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), inner)
    return found


class Writer:
    def __init__(self, store, lister, admit, controllers, kubelet):
        self.store, self.lister, self.admit = store, lister, admit
        self.controllers, self.kubelet = controllers, kubelet

    def _document(self, request, kind):
        """The body, and its unknown fields as warnings or as a refusal."""
        if request.body_too_large:
            raise status.refuse(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728")
        try:
            if request.body.startswith(protobuf.MAGIC):
                api_version, found, message = protobuf.opened(request.body)
                return {"kind": found, "apiVersion": api_version, **schema.of_kind(found).decode(message)}
            document = json.loads(request.body)
        except ValueError as error:
            text = request.body.decode("utf-8", "replace")
            raise status.bad_request(f"the object provided is unrecognized (must be of type {kind}): couldn't get "
                                     f"version/kind; json parse error: unexpected end of JSON input ({text})") from error
        if not isinstance(document, dict):
            raise status.bad_request(f"the object provided is unrecognized (must be of type {kind})")
        return document

    def parse(self, request, resource):
        """(document, warnings) of a create or an update."""
        media_type = request.header("content-type", "application/json").split(";")[0].strip()
        if media_type not in ("application/json", PROTOBUF):
            raise status.refuse(415, "UnsupportedMediaType", "the body of the request was in an unknown format - accepted media "
                                "types include: application/json, application/yaml, application/vnd.kubernetes.protobuf")
        document = self._document(request, resource.kind)
        warnings = self._unknown(request, resource, document)
        return pods.known_part(document, pods.KNOWN.get(resource.key)), warnings

    def _unknown(self, request, resource, document):
        validation = request.parameter("fieldValidation", "Warn")
        known = pods.KNOWN.get(resource.key)
        found = [f"unknown field {status.quoted(path)}" for path in pods.unknown_fields(document, known)] if known else []
        if found and validation == "Strict":
            raise status.bad_request(f'{resource.kind} in version "{resource.version}" cannot be handled as a {resource.kind}: '
                                     f"strict decoding error: {', '.join(found)}")
        return found if validation == "Warn" else []

    def create(self, resource, namespace, request, form):
        document, warnings = self.parse(request, resource)
        key, dry_run = resource.key, request.parameter("dryRun") == "All"
        metadata = dict(document.get("metadata") or {})
        found = self.store.get("namespaces", "", namespace) if resource.namespaced else None
        if resource.namespaced and not found:
            raise status.not_found("namespaces", namespace)
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = pods.generated_name(metadata["generateName"])
        metadata.setdefault("name", "")
        item = self._prepared(key, namespace if resource.namespaced else "", metadata, document)
        if key == "pods":
            pods.validate({**document, "metadata": metadata})
        elif not metadata["name"]:
            raise status.invalid(resource.kind, "", [("FieldValueRequired", "Required value: name or generateName is required",
                                                      "metadata.name")], group=resource.group)
        warnings = warnings + self.admit.admit(key, found, item, dry_run)
        if self.store.get(key, item["metadata"].get("namespace", ""), metadata["name"]):
            raise status.already_exists(key, metadata["name"])
        stored = Stored(resource, item) if dry_run else self.store.put(key, item)
        headers = [admission.warning_header(text) for text in warnings]
        return self.lister.one(stored, form, 201, headers)

    @staticmethod
    def new_metadata():
        return {"uid": pods.new_uid(), "creationTimestamp": clock.text()}

    @staticmethod
    def _prepared(key, namespace, metadata, document):
        ordered = {name: metadata[name] for name in ("name", "generateName") if metadata.get(name)}
        if namespace:
            ordered["namespace"] = namespace
        ordered["uid"] = pods.new_uid()
        if key in ("pods", "jobs.batch"):
            ordered["generation"] = 1
        ordered["creationTimestamp"] = clock.text()
        kept = ("labels", "annotations", "ownerReferences", "finalizers")
        ordered |= {name: metadata[name] for name in kept if metadata.get(name)}
        rest = {name: value for name, value in document.items() if name not in ("kind", "apiVersion", "metadata", "status")}
        item = {"metadata": ordered, **copy.deepcopy(rest)}
        if key == "pods":
            item["spec"] = pods.default_spec(item.get("spec", {}))
            item["status"] = {"phase": "Pending", "qosClass": pods.quality_of_service(item["spec"])}
        elif key == "jobs.batch":
            _default_job(item)
        elif key == "namespaces":
            ordered["labels"] = {"kubernetes.io/metadata.name": ordered["name"], **ordered.get("labels", {})}
            item |= {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
        return item

    def update(self, resource, namespace, name, request, form):
        stored = self._existing(resource, namespace, name)
        if request.method == "PUT":
            document, warnings = self.parse(request, resource)
            changed = {**stored.object, **{part: value for part, value in document.items() if part not in ("kind", "apiVersion")}}
        else:
            if request.header("content-type").split(";")[0].strip() not in MERGE_PATCHES:
                raise status.refuse(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})
            patch, warnings = self._document(request, resource.kind), []
            changed = merged(stored.object, {part: value for part, value in patch.items() if part not in ("kind", "apiVersion")})
        before, after = stored.object["metadata"], changed["metadata"]
        wanted = after.get("resourceVersion")
        if wanted and wanted != before["resourceVersion"]:
            raise status.refuse(409, "Conflict", f"Operation cannot be fulfilled on {resource.key} {status.quoted(name)}: the object "
                                "has been modified; please apply your changes to the latest version and try again",
                                status.details(resource.key, name))
        fixed = {part: before[part] for part in ("name", "namespace", "uid", "creationTimestamp") if part in before}
        changed["metadata"] = {**after, **fixed}
        if resource.key == "pods":
            self._check_pod_update(name, stored.object["spec"], changed["spec"])
        if changed.get("spec") != stored.object.get("spec") and "generation" in before:
            changed["metadata"]["generation"] = before["generation"] + 1
        if resource.key == "namespaces" and after.get("labels") != before.get("labels"):
            warnings = warnings + admission.namespace_warnings(after.get("labels", {}), name, self.store.items("pods", name))
        dry_run = request.parameter("dryRun") == "All"
        result = Stored(resource, changed) if dry_run else self.store.put(resource.key, changed)
        return self.lister.one(result, form, 200, [admission.warning_header(text) for text in warnings])

    @staticmethod
    def _check_pod_update(name, before, after):
        old, new = before.get("activeDeadlineSeconds"), after.get("activeDeadlineSeconds")
        if new != old:
            if old is not None and (new is None or new > old):
                text = ("must be less than or equal to previous value" if new is not None
                        else "must not update from a positive integer to nil value")
                shown = new if new is not None else "null"
                raise status.invalid("Pod", name, [("FieldValueInvalid", f"Invalid value: {shown}: {text}",
                                                    "spec.activeDeadlineSeconds")])
        free = ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "containers", "initContainers")
        fixed = [field for field in {**before, **after} if field not in free and before.get(field) != after.get(field)]
        if fixed:
            text = ("Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
                    "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
                    "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
                    "@@ " + ", ".join(fixed) + "\n")
            raise status.invalid("Pod", name, [("FieldValueForbidden", text, "spec")])

    def _existing(self, resource, namespace, name):
        stored = self.store.get(resource.key, namespace, name)
        if not stored:
            raise status.not_found(resource.key, name)
        return stored

    def _options(self, request):
        options = self._document(request, "DeleteOptions") if request.body else {}
        for parameter in ("gracePeriodSeconds", "propagationPolicy"):
            if request.parameter(parameter) and parameter not in options:
                value = request.parameter(parameter)
                options[parameter] = int(value) if parameter == "gracePeriodSeconds" else value
        dry_run = request.parameter("dryRun") == "All" or options.get("dryRun") == ["All"]
        return options, dry_run

    def delete(self, resource, namespace, name, request, form):
        stored = self._existing(resource, namespace, name)
        options, dry_run = self._options(request)
        wanted = (options.get("preconditions") or {}).get("uid")
        uid = stored.object["metadata"]["uid"]
        if wanted and wanted != uid:
            raise status.uid_conflict(resource.kind, name, wanted, uid)
        if resource.key == "pods":
            last = stored if dry_run else self.kubelet.delete(stored, options.get("gracePeriodSeconds"))
            return self.lister.one(last, form)
        policy, headers = options.get("propagationPolicy"), []
        if resource.key == "jobs.batch" and not policy and "orphanDependents" not in options:
            policy = "Orphan"
            headers.append(admission.warning_header(
                "child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or "
                "set propagationPolicy=Orphan to suppress this warning"))
        if policy in ("Foreground", "Orphan"):
            last = stored if dry_run else self.controllers.delete(stored, policy)
            return self.lister.one(last, form, 200, headers)
        if not dry_run:
            self.store.remove(resource.key, namespace, name)
        details = status.details(resource.key, name) | {"uid": uid}
        body = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}
        return Response(200, go_json.document(body), headers=headers)

    def delete_collection(self, resource, namespace, request, form):
        options, dry_run = self._options(request)
        takes = matcher(resource.key, request)
        found = [one for one in self.store.items(resource.key, namespace) if not takes or takes(one)]
        for stored in found if not dry_run else []:
            if resource.key == "pods":
                self.kubelet.delete(stored, options.get("gracePeriodSeconds"))
            else:
                self.store.remove(resource.key, stored.namespace, stored.name)
        head = {"kind": resource.kind + "List", "apiVersion": resource.api_version,
                "metadata": {"resourceVersion": str(self.store.revision)}, "items": [one.object for one in found]}
        return Response(200, go_json.document(head))


def _default_job(item):
    spec, uid, name = item.get("spec", {}), item["metadata"]["uid"], item["metadata"]["name"]
    labels = {"batch.kubernetes.io/controller-uid": uid, "batch.kubernetes.io/job-name": name, "controller-uid": uid,
              "job-name": name}
    template = spec.get("template", {})
    inner = template.get("metadata", {})
    template = {"metadata": {**inner, "labels": {**inner.get("labels", {}), **labels}},
                "spec": pods.default_spec(template.get("spec", {}), with_account=False)}
    ordered = {"parallelism": spec.get("parallelism", 1)}
    if "completions" in spec or spec.get("parallelism", 1) == 1:
        ordered["completions"] = spec.get("completions", 1)
    if "activeDeadlineSeconds" in spec:
        ordered["activeDeadlineSeconds"] = spec["activeDeadlineSeconds"]
    ordered |= {"backoffLimit": spec.get("backoffLimit", 6),
                "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}, "manualSelector": False,
                "template": template}
    if "ttlSecondsAfterFinished" in spec:
        ordered["ttlSecondsAfterFinished"] = spec["ttlSecondsAfterFinished"]
    ordered |= {"completionMode": "NonIndexed", "suspend": False, "podReplacementPolicy": "TerminatingOrFailed"}
    item["spec"] = {**spec, **ordered}
    # A Job without labels gets those of its pods.
    item["metadata"].setdefault("labels", labels)
    item["status"] = {}
