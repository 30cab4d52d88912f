"""metav1.Status, the form of every refusal (k8s.io/apimachinery/pkg/api/errors), with the texts of 1.36.2."""

from html import escape


class Refusal(Exception):
    """An answer that is not what was asked for. `body` is a Status, or text for those layers that write text/plain."""

    def __init__(self, code, body, headers=(), pretty=False, json_only=False):
        super().__init__(code, body)
        self.code = code
        self.body = body
        self.headers = list(headers)
        self.pretty = pretty
        self.json_only = json_only or pretty


def failure(code, reason, message, details=None, metadata=None):
    status = {"kind": "Status", "apiVersion": "v1", "metadata": metadata or {}, "status": "Failure",
              "message": message}
    if reason:
        status["reason"] = reason
    if details is not None:
        status["details"] = details
    status["code"] = code
    return status


def refuse(code, reason, message, details=None, **more):
    return Refusal(code, failure(code, reason, message, details), **more)


def bad_request(message):
    return refuse(400, "BadRequest", message)


def unauthorized():
    return refuse(401, "Unauthorized", "Unauthorized")


def details(resource, name=""):
    """`resource` is the plural with its group, as jobs.batch."""
    plural, _, group = resource.partition(".")
    found = {"name": name} if name else {}
    if group:
        found["group"] = group
    found["kind"] = plural
    return found


def quoted(text):
    """As Go's %q for what names may hold."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def forbidden(resource, name, reason):
    named = f"{resource} {quoted(name)}" if name else resource
    return refuse(403, "Forbidden", f"{named} is forbidden: {reason}", details(resource, name))


def access_refused(user, verb, resource, subresource, name, namespace, reason=""):
    """What the authorizer refuses; `resource` with its group, as jobs.batch."""
    plural, _, group = resource.partition(".")
    target = plural + ("/" + subresource if subresource else "")
    scope = f"in the namespace {quoted(namespace)}" if namespace else "at the cluster scope"
    sentence = (f"User {quoted(escape(user, quote=False))} cannot {verb} resource {quoted(target)} "
                f"in API group {quoted(group)} {scope}")
    refusal = forbidden(resource, name, sentence + (": " + reason if reason else ""))
    refusal.headers.append(("X-Content-Type-Options", "nosniff"))
    return refusal


def path_refused(user, verb, path):
    message = f"forbidden: User {quoted(escape(user, quote=False))} cannot {verb} path {quoted(escape(path, quote=False))}"
    return refuse(403, "Forbidden", message, {}, headers=[("X-Content-Type-Options", "nosniff")])


def not_found(resource, name):
    return refuse(404, "NotFound", f"{resource} {quoted(name)} not found", details(resource, name))


def no_such_resource():
    return refuse(404, "NotFound", "the server could not find the requested resource", {})


def page_not_found():
    return Refusal(404, "404 page not found\n", headers=[("X-Content-Type-Options", "nosniff")])


def method_not_allowed():
    return refuse(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})


def already_exists(resource, name):
    return refuse(409, "AlreadyExists", f"{resource} {quoted(name)} already exists", details(resource, name))


def uid_conflict(kind, name, wanted, found):
    return refuse(409, "Conflict",
                  f'Operation cannot be fulfilled on {kind} {quoted(name)}: the UID in the precondition ({wanted}) does '
                  f'not match the UID in record ({found}). The object might have been deleted and then recreated',
                  {"name": name, "kind": kind})


def expired(message, continuation=None):
    metadata = {"continue": continuation} if continuation else None
    return Refusal(410, failure(410, "Expired", message, metadata=metadata))


def too_large_version(wanted, current, retry):
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    found = {"causes": [cause]}
    if retry:
        found["retryAfterSeconds"] = 1
    return refuse(504, "Timeout", f"Timeout: Too large resource version: {wanted}, current: {current}", found,
                  headers=[("Retry-After", "1")] if retry else [])


def invalid(kind, name, causes, group=""):
    """`causes`: (reason, message, field) in their order."""
    texts = [f"{field}: {message}" for _, message, field in causes]
    joined = texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    found = {"name": name} if name else {}
    if group:
        found["group"] = group
    found["kind"] = kind
    found["causes"] = [{"reason": reason, "message": message, "field": field} for reason, message, field in causes]
    full = f"{kind}.{group}" if group else kind
    return refuse(422, "Invalid", f"{full} {quoted(name)} is invalid: {joined}", found)
