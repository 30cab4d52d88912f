"""Who asks, and what is refused to them: authentication, impersonation, and the rules of refusal."""

import fnmatch
import urllib.parse

import status

ANONYMOUS = "system:anonymous"
_CERTIFICATE = {"authentication.kubernetes.io/credential-id": ["X509SHA256=" + "0" * 64]}


class Identity:
    def __init__(self, username, groups=(), uid="", extra=None):
        self.username, self.groups, self.uid, self.extra = username, list(groups), uid, extra or {}

    def user_info(self):
        found = {"username": self.username}
        if self.uid:
            found["uid"] = self.uid
        found["groups"] = self.groups
        if self.extra:
            found["extra"] = {key: self.extra[key] for key in sorted(self.extra)}
        return found


class Access:
    """`tokens`: token -> {"username", "groups", "uid", "extra"}; without any, every token is an administrator's.
    `rules`: what is refused, each {"user", "verb", "resource", "namespace", "name", "path", "reason"} with wildcards;
    what a rule does not name it takes any of."""

    def __init__(self):
        self.tokens = {}
        self.rules = []
        # What a request without any credentials is: an administrator, as over a connection that carries none, or nobody.
        self.anonymous = False

    def configure(self, document):
        self.tokens.update(document.get("tokens", {}))
        if "refuse" in document:
            self.rules = list(document["refuse"])
        if "anonymous" in document:
            self.anonymous = bool(document["anonymous"])

    def authenticate(self, request, client_name):
        """The identity of a request; raises 401."""
        scheme, _, token = request.header("authorization").partition(" ")
        if scheme:
            known = self.tokens.get(token.strip())
            if scheme.lower() == "bearer" and known:
                found = Identity(known["username"], known.get("groups", []) + ["system:authenticated"], known.get("uid", ""),
                                 known.get("extra"))
            elif self.tokens or scheme.lower() not in ("bearer", "basic"):
                raise status.unauthorized()
            else:
                found = Identity("admin", ["system:masters", "system:authenticated"])
        elif client_name or not self.anonymous:
            found = Identity(client_name or "admin", ["system:masters", "system:authenticated"], extra=_CERTIFICATE)
        else:
            found = Identity(ANONYMOUS, ["system:unauthenticated"])
        return found

    def impersonate(self, request, identity, attributes):
        """The identity that the Impersonate headers ask for."""
        user, uid = request.header("impersonate-user"), request.header("impersonate-uid")
        groups = request.header_values("impersonate-group")
        extra = {}
        for name, value in request.headers:
            if name.lower().startswith("impersonate-extra-"):
                key = urllib.parse.unquote(name[len("impersonate-extra-"):].lower())
                extra.setdefault(key, []).append(value)
        if not (user or uid or groups or extra):
            return identity
        if not user:
            listed = "{" + ", ".join(status.quoted(group) for group in groups) + "}"
            refusal = status.bad_request(
                f'requested &user.DefaultInfo{{Name:"", UID:"{uid}", Groups:[]string{listed}, '
                "Extra:map[string][]string(nil)} without impersonating a user name")
            refusal.headers.append(("X-Content-Type-Options", "nosniff"))
            raise refusal
        if self.refused(identity, {"verb": "impersonate", "resource": "users", "name": user, "namespace": ""}) is not None:
            verb = "impersonate-on:user-info:" + attributes.get("verb", "get")
            raise status.access_refused(identity.username, verb, attributes.get("resource", ""),
                                        attributes.get("subresource", ""), attributes.get("name", ""),
                                        attributes.get("namespace", ""))
        return Identity(user, groups + ["system:authenticated"], uid, extra)

    def refused(self, identity, attributes):
        """The reason of the first rule that takes these attributes ("" where it has none); None when allowed."""
        if identity.username == ANONYMOUS and "path" not in attributes:
            return ""
        target = dict(attributes, user=identity.username)
        if "resource" in target and target.get("subresource"):
            plural, _, group = target["resource"].partition(".")
            target["resource"] = f"{plural}/{target['subresource']}" + (f".{group}" if group else "")
        for rule in self.rules:
            if all(name == "reason" or fnmatch.fnmatchcase(str(target.get(name, "\x00")), str(pattern))
                   for name, pattern in rule.items()):
                return rule.get("reason", "")
        return None

    def authorize(self, identity, attributes):
        """Raises the 403 of the authorizer."""
        reason = self.refused(identity, attributes)
        if reason is None:
            return
        if "path" in attributes:
            raise status.path_refused(identity.username, attributes["verb"], attributes["path"])
        raise status.access_refused(identity.username, attributes["verb"], attributes["resource"],
                                    attributes.get("subresource", ""), attributes.get("name", ""),
                                    attributes.get("namespace", ""), reason)
