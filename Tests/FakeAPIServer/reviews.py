"""SelfSubjectAccessReview, SelfSubjectRulesReview, SelfSubjectReview: what one may, and who one is."""

import clock


def access_review(access, identity, document, manager):
    spec = document.get("spec", {})
    asked = spec.get("resourceAttributes")
    # Empty values are not kept.
    kept = {name: value for name in ("namespace", "verb", "group", "version", "resource", "subresource", "name")
            if (value := (asked or {}).get(name))}
    if asked is not None:
        resource = kept.get("resource", "") + ("." + kept["group"] if kept.get("group") else "")
        attributes = {"verb": kept.get("verb", ""), "resource": resource, "subresource": kept.get("subresource", ""),
                      "namespace": kept.get("namespace", ""), "name": kept.get("name", "")}
        spec = {"resourceAttributes": kept}
        fields = {"f:resourceAttributes": {".": {}, **{f"f:{name}": {} for name in sorted(kept)}}}
    else:
        path = spec.get("nonResourceAttributes", {})
        attributes = {"verb": path.get("verb", ""), "path": path.get("path", "")}
        fields = {"f:nonResourceAttributes": {}}
    reason = access.refused(identity, attributes)
    managed = {"manager": manager, "operation": "Update", "apiVersion": "authorization.k8s.io/v1", "time": clock.text(),
               "fieldsType": "FieldsV1", "fieldsV1": {"f:spec": fields}}
    result = {"allowed": reason is None}
    if reason:
        result["reason"] = reason
    return {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1",
            "metadata": {"managedFields": [managed]}, "spec": spec, "status": result}


def rules_review(_):
    rules = [{"verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
              "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]},
             {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}]
    return {"kind": "SelfSubjectRulesReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {}, "spec": {},
            "status": {"resourceRules": rules, "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
                       "incomplete": False}}


def self_review(identity):
    return {"kind": "SelfSubjectReview", "apiVersion": "authentication.k8s.io/v1",
            "metadata": {"creationTimestamp": clock.text()}, "status": {"userInfo": identity.user_info()}}
