"""A request's way: fault, authentication, authorization, and the handler of what it names."""

import cluster
import discovery
import go_json
import protobuf
import resources
import reviews
import schema
import status
from access import Access
from admission import Admission
from conntrack_text import Tables
from controllers import Controllers
from exec_session import Session, handshake
from faults import Faults
from http_message import Response
from kubelet import Kubelet
from listing import Lister
from negotiation import Form, error_form, negotiate
from programs import Programs
from store import Store
from watching import WatchHandler
from writes import Writer

_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete", "GET": "get", "HEAD": "get"}


class Target:
    """What a path names: a resource, its namespace, an object of it, a part of that."""

    def __init__(self, resource, plural, group, namespace, name, subresource):
        self.resource, self.namespace, self.name, self.subresource = resource, namespace, name, subresource
        self.key = f"{plural}.{group}" if group else plural


class App:
    def __init__(self, settings):
        self.settings = settings
        self.served = resources.served(settings["minor"], settings["endpoints"])
        self.store = Store(self.served)
        self.access, self.admission, self.faults = Access(), Admission(), Faults()
        self.kubelet = Kubelet(self.store, settings)
        self.controllers = Controllers(self.store, self.kubelet, settings)
        self.lister, self.watches = Lister(self.store), WatchHandler(self.store, settings)
        self.writer = Writer(self.store, self.lister, self.admission, self.controllers, self.kubelet)
        self.programs = Programs(settings)

    def begin(self):
        """After the cluster is loaded."""
        for name in ("default", "kube-system"):
            cluster.ensure_namespace(self.store, name)
        self.controllers.know_all()
        addresses = {node.name: [] for node in self.store.items("nodes")}
        for pod in self.store.items("pods"):
            node, address = pod.object["spec"].get("nodeName"), pod.object.get("status", {}).get("podIP")
            if node in addresses and address and not pod.object["spec"].get("hostNetwork"):
                addresses[node].append(address)
        services = [(one.object["spec"]["clusterIP"], one.object["spec"]["ports"][0]["port"])
                    for one in self.store.items("services")
                    if one.object["spec"].get("clusterIP") not in (None, "", "None") and one.object["spec"].get("ports")]
        self.programs.tables = Tables(list(addresses.items()), services)

    async def handle(self, request, client_name):
        """The response; every refusal in the form that the request accepts."""
        try:
            return await self._handle(request, client_name)
        except status.Refusal as refusal:
            return self._refused(request, refusal)

    def _refused(self, request, refusal):
        headers = refusal.headers
        if isinstance(refusal.body, str):
            response = Response(refusal.code, refusal.body.encode(), "text/plain; charset=utf-8", headers)
        else:
            form = Form(pretty=refusal.pretty) if refusal.json_only else error_form(request)
            if form.is_protobuf:
                body = b"".join(protobuf.envelope("v1", "Status", [schema.Status.payload(refusal.body)]))
            else:
                body = go_json.encode_pretty(refusal.body) if form.pretty or refusal.pretty else go_json.document(refusal.body)
            response = Response(refusal.code, body, form.media_type, headers)
        # What is refused before it reaches Priority and Fairness, and what is long-running, does not carry its marks.
        message = refusal.body.get("message", "") if isinstance(refusal.body, dict) else ""
        early = refusal.code == 401 or "impersonat" in message
        response.flow_schema = not early and request.segments[-1:] != ["exec"]
        return response

    def target(self, request):
        """The Target of a path; None where it names no object. The resource is None where the group lacks it."""
        parts = request.segments
        if parts[:1] == ["api"] and len(parts) > 2:
            group, wanted, rest = "", parts[1], parts[2:]
        elif parts[:1] == ["apis"] and len(parts) > 3:
            group, wanted, rest = parts[1], parts[2], parts[3:]
        else:
            return None
        if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
            namespace, rest = rest[1], rest[2:]
        else:
            namespace = ""
        plural, name, subresource = (rest + ["", ""])[:3] if len(rest) < 3 else (rest[0], rest[1], "/".join(rest[2:]))
        in_group = [one for one in self.served if one.group == group]
        found = next((one for one in in_group if one.plural == plural and one.version == wanted), None)
        target = Target(found, plural, group, namespace, name, subresource)
        if plural == "namespaces":
            target.namespace = name
        target.known_group = bool(in_group)
        return target

    def attributes(self, request, target):
        if target is None:
            return {"verb": request.method.lower(), "path": request.path}
        verb = _VERBS.get(request.method, request.method.lower())
        if verb == "get" and not target.name:
            verb = "watch" if request.flag("watch") else "list"
        if verb == "delete" and not target.name:
            verb = "deletecollection"
        return {"verb": verb, "resource": target.key, "subresource": target.subresource, "namespace": target.namespace,
                "name": target.name}

    async def _handle(self, request, client_name):
        target = self.target(request)
        attributes = self.attributes(request, target)
        identity = self.access.authenticate(request, client_name)
        request.identity = self.access.impersonate(request, identity, attributes)
        self.access.authorize(request.identity, attributes)
        if target is None:
            found = discovery.respond(request, self.served, self.settings)
            if found is None:
                raise status.page_not_found()
            return found
        if not target.known_group:
            raise status.page_not_found()
        resource = target.resource
        if resource is None or (target.subresource and (resource.key, target.subresource) not in
                                (("pods", "exec"), ("pods", "log"))):
            raise status.no_such_resource()
        if not resource.writable:
            return self._review(request, resource)
        if target.subresource == "exec":
            return self._exec_response(request, target)
        return await self._object(request, target, attributes["verb"])

    def _review(self, request, resource):
        if request.method != "POST":
            raise status.method_not_allowed()
        document, _ = self.writer.parse(request, resource)
        manager = request.parameter("fieldManager") or request.header("user-agent").split("/")[0]
        if resource.kind == "SelfSubjectAccessReview":
            found = reviews.access_review(self.access, request.identity, document, manager)
        elif resource.kind == "SelfSubjectReview":
            found = reviews.self_review(request.identity)
        else:
            found = reviews.rules_review(document)
        return Response(201, go_json.document(found))

    async def _object(self, request, target, verb):
        resource = target.resource
        # The name of a namespace is not a namespace that it lies in.
        namespace = target.namespace if resource.namespaced else ""
        allowed = ("GET", "HEAD", "DELETE", "PUT", "PATCH") if target.name else ("GET", "HEAD", "POST", "DELETE")
        if request.method not in allowed:
            raise status.method_not_allowed()
        if request.flag("watch") and not target.name:
            return self.watches.respond(resource, namespace, request, negotiate(request))
        form = negotiate(request)
        if request.body_too_large:
            raise status.refuse(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728")
        if verb == "list":
            return await self.lister.respond(resource, namespace, request, form)
        if verb == "create":
            return self.writer.create(resource, namespace, request, form)
        if verb == "deletecollection":
            return self.writer.delete_collection(resource, namespace, request, form)
        if verb == "delete":
            return self.writer.delete(resource, namespace, target.name, request, form)
        if verb in ("patch", "update"):
            return self.writer.update(resource, namespace, target.name, request, form)
        stored = self.store.get(resource.key, namespace, target.name)
        if not stored:
            raise status.not_found(resource.key, target.name)
        if target.subresource == "log":
            return Response(200, b"", "text/plain")
        return self.lister.one(stored, form)

    # exec

    def _exec_response(self, request, target):
        """A refusal, or a Response whose `session` is the way on."""
        stored = self.store.get("pods", target.namespace, target.name)
        if self.settings["minor"] >= 35:
            attributes = {"verb": "create", "resource": "pods", "subresource": "exec", "namespace": target.namespace,
                          "name": target.name}
            if self.access.refused(request.identity, attributes) is not None:
                raise status.forbidden("pods", target.name, "")
        if not stored:
            raise status.not_found("pods", target.name)
        nodes = {node.name for node in self.store.objects["nodes"].values()}
        found = handshake(request, stored, nodes, self.settings["minor"])
        if isinstance(found, Response):
            return found
        protocol, container = found
        response = Response(101)
        response.session = lambda wire, fault: Session(self, request, wire, stored, protocol, container, fault)
        return response

    def node_of(self, request):
        """The node that an exec goes to, for faults; "" for other requests."""
        parts = request.segments
        if len(parts) == 7 and parts[4] == "pods" and parts[6] == "exec":
            stored = self.store.get("pods", parts[3], parts[5])
            return stored.object["spec"].get("nodeName", "") if stored else ""
        if request.method == "POST" and parts[-1:] == ["pods"]:
            try:
                return self.writer._document(request, "Pod").get("spec", {}).get("nodeName", "")
            except (status.Refusal, AttributeError):
                return ""
        return ""
