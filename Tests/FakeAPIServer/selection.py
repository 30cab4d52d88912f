"""Label and field selectors (k8s.io/apimachinery/pkg/labels, pkg/fields)."""

import re

import status

_TOKEN = re.compile(r"\s*(==|!=|[(),=!<>]|[^\s(),=!<>]+)")
_OPERATORS = "in, notin, =, ==, !=, gt, lt"


def _tokens(text):
    found, position = [], 0
    text = text.strip()
    while position < len(text):
        match = _TOKEN.match(text, position)
        found.append(match.group(1))
        position = match.end()
    return found


def parse_labels(text):
    """A function from labels to whether they match: `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a)`, `k`, `!k`,
    `k>n`, `k<n`, all joined by commas."""
    tokens = _tokens(text)
    requirements, position = [], 0

    def peek():
        return tokens[position] if position < len(tokens) else ""

    while position < len(tokens):
        if peek() == "!":
            key = tokens[position + 1] if position + 1 < len(tokens) else ""
            position += 2
            requirements.append((key, "absent", ()))
        else:
            key = peek()
            if not key or key in "(),=<>" or key in ("==", "!="):
                raise status.bad_request(f"found '{key}', expected: !, identifier, or 'end of string'")
            position += 1
            operator = peek()
            if operator in ("", ","):
                requirements.append((key, "present", ()))
            elif operator in ("=", "==", "!=", ">", "<"):
                position += 1
                value = ""
                if peek() not in ("", ","):
                    value = peek()
                    position += 1
                requirements.append((key, operator, (value,)))
            elif operator in ("in", "notin"):
                position += 1
                values, position = _values(tokens, position)
                requirements.append((key, operator, values))
            else:
                raise status.bad_request(f"unable to parse requirement: found '{operator}', expected: {_OPERATORS}")
        if peek() == ",":
            position += 1
            if not peek():
                raise status.bad_request("found '', expected: identifier after ','")
        elif peek():
            raise status.bad_request(f"found '{peek()}', expected: ',' or 'end of string'")

    return lambda labels: all(_matches(labels, *requirement) for requirement in requirements)


def _values(tokens, position):
    def at(index):
        return tokens[index] if index < len(tokens) else ""

    if at(position) != "(":
        raise status.bad_request(f"unable to parse requirement: found '{at(position)}' expected: '('")
    position += 1
    values = []
    while at(position) != ")":
        if not at(position):
            raise status.bad_request("unable to parse requirement: found '', expected: ',', ')' or identifier")
        if at(position) == ",":
            if position and at(position - 1) in ("(", ","):
                values.append("")
        else:
            values.append(at(position))
        position += 1
    return tuple(values), position + 1


def _matches(labels, key, operator, values):
    value = labels.get(key)
    if operator == "present":
        return value is not None
    if operator == "absent":
        return value is None
    if operator in ("=", "==", "in"):
        return value in values
    if operator in ("!=", "notin"):
        return value not in values
    try:
        return int(value) > int(values[0]) if operator == ">" else int(value) < int(values[0])
    except (TypeError, ValueError):
        return False


def _text(value):
    if value is True or value is False:
        return str(value).lower()
    return "" if value is None else str(value)


def _at(*path):
    def read(found):
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return _text(found)
    return read


NAME = {"metadata.name": _at("metadata", "name"), "metadata.namespace": _at("metadata", "namespace")}
FIELDS = {
    "pods": NAME | {
        "spec.nodeName": _at("spec", "nodeName"), "spec.restartPolicy": _at("spec", "restartPolicy"),
        "spec.schedulerName": _at("spec", "schedulerName"),
        "spec.serviceAccountName": _at("spec", "serviceAccountName"),
        "spec.hostNetwork": lambda pod: _text(bool(pod.get("spec", {}).get("hostNetwork"))),
        "status.phase": _at("status", "phase"), "status.podIP": _at("status", "podIP"),
        # Accepted by 1.36.2, and equal to nothing.
        "status.podIPs": lambda pod: "",
        "status.nominatedNodeName": _at("status", "nominatedNodeName"),
    },
    "nodes": NAME | {"spec.unschedulable": lambda node: _text(bool(node.get("spec", {}).get("unschedulable")))},
    "namespaces": NAME | {"status.phase": _at("status", "phase")},
    "events": NAME | {
        "reason": _at("reason"), "type": _at("type"), "source": _at("source", "component"),
        "reportingComponent": _at("reportingComponent"),
    } | {f"involvedObject.{name}": _at("involvedObject", name)
         for name in ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")},
    "jobs.batch": NAME | {"status.successful": lambda job: str(job.get("status", {}).get("succeeded", 0))},
}


def parse_fields(resource, text):
    """A function from an object to whether its fields match: `=`, `==`, `!=`, joined by commas."""
    known = FIELDS.get(resource, NAME)
    terms = []
    for part in filter(None, text.split(",")):
        match = re.fullmatch(r"(.*?)(!=|==|=)(.*)", part)
        if not match:
            raise status.bad_request(f"invalid selector: '{text}'; can't understand '{part}'")
        name, operator, value = match.groups()
        if name not in known:
            raise status.bad_request(f"field label not supported: {name}")
        terms.append((known[name], operator == "!=", value))
    return lambda item: all((read(item) == value) != negated for read, negated, value in terms)
