"""LIST and GET: resourceVersion, limit, continue, selectors, and the forms of the answer
(k8s.io/apiserver/pkg/endpoints/handlers/get.go, pkg/storage)."""

import asyncio
import base64
import binascii
import json
import zlib

import go_json
import protobuf
import schema
import selection
import status
import table
from http_message import Response
from negotiation import JSON, PROTOBUF

SMALLEST_COMPRESSED = 128 << 10


def token(revision, place):
    """A continue token: the revision and the key to go on after."""
    start = "/".join(filter(None, place)) + "\x00"
    document = go_json.encode({"v": "meta.k8s.io/v1", "rv": revision, "start": start}).replace(b"\x00", b"\\u0000")
    return base64.urlsafe_b64encode(document).rstrip(b"=").decode()


def parse_token(text):
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise status.bad_request(f"invalid continue token: continue key is not valid: {error}") from error
    try:
        document = json.loads(raw)
        return int(document["rv"]), document["start"].rstrip("\x00")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        first = raw[:1].decode("latin-1")
        raise status.bad_request("invalid continue token: continue key is not valid: invalid character "
                                 f"'{first}' looking for beginning of value") from error


def matcher(key, request):
    """A function from a stored object to whether the request's selectors take it; None where there are none."""
    labels, fields = request.parameter("labelSelector"), request.parameter("fieldSelector")
    tests = []
    if labels:
        takes_labels = selection.parse_labels(labels)
        tests.append(lambda stored: takes_labels(stored.labels))
    if fields:
        takes_fields = selection.parse_fields(key, fields)
        tests.append(lambda stored: takes_fields(stored.object))
    return (lambda stored: all(test(stored) for test in tests)) if tests else None


def revision_parameter(request):
    """resourceVersion as a number; None where there is none."""
    text = request.parameter("resourceVersion")
    if text and not text.isdecimal():
        # Not even a reason is given.
        raise status.refuse(500, "", f'resourceVersion: Invalid value: "{text}": strconv.ParseUint: parsing "{text}": invalid '
                            "syntax")
    return int(text) if text else None


def limit_parameter(request):
    text = request.parameter("limit") or "0"
    if not text.lstrip("-").isdecimal():
        raise status.bad_request(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    return max(int(text), 0)


def forbidden_option(field, reason):
    cause = ("FieldValueForbidden", "Forbidden: " + reason, field)
    return status.invalid("ListOptions", "", [cause], group="meta.k8s.io")


class Lister:
    def __init__(self, store):
        self.store = store
        self._joined = {}
        self._compressed = {}

    async def respond(self, resource, namespace, request, form):
        store, key = self.store, resource.key
        takes = matcher(key, request)
        at, start, inconsistent = await self._position(request)
        limit = limit_parameter(request)
        wanted = revision_parameter(request)
        if wanted == 0:
            limit = 0
        found = store.items(key, namespace, at)
        if start:
            found = [one for one in found if "/".join(filter(None, (one.namespace, one.name))) > start]
        revision = store.revision if at is None or inconsistent else at
        metadata = {"resourceVersion": str(revision)}
        # A page ends after so many objects that match; what remains is not counted when there is a selector.
        if takes:
            found = [one for one in found if takes(one)]
        if limit and len(found) > limit:
            last = found[limit - 1]
            metadata["continue"] = token(revision, (last.namespace, last.name))
            if not takes:
                metadata["remainingItemCount"] = len(found) - limit
            found = found[:limit]
        whole = not (takes or limit or start or at is not None)
        return self._response(resource, namespace, found, metadata, form, request, whole)

    async def _position(self, request):
        """(revision or None for the present, the key to start after, whether the token was inconsistent)."""
        store = self.store
        continuation, wanted = request.parameter("continue"), revision_parameter(request)
        match = request.parameter("resourceVersionMatch")
        if request.flag("sendInitialEvents"):
            raise forbidden_option("sendInitialEvents", "sendInitialEvents is forbidden for list")
        if match and wanted is None:
            raise forbidden_option("resourceVersionMatch",
                                   "resourceVersionMatch is forbidden unless resourceVersion is provided")
        if continuation:
            if wanted:
                raise status.bad_request("specifying resource version is not allowed when using continue")
            revision, start = parse_token(continuation)
            if revision < 0:
                return None, start, True
            if revision < store.compacted:
                raise status.expired(
                    "The provided continue parameter is too old to display a consistent list result. You can start a new list "
                    "without the continue parameter, or use the continue token in this response to retrieve the remainder of "
                    "the results. Continuing with the provided token results in an inconsistent list - objects that were "
                    "created, modified, or deleted between the time the first chunk was returned and now may show up in the "
                    "list.", token(-1, (start,)))
            return revision, start, False
        if wanted and wanted > store.revision:
            exact = match == "Exact"
            if not exact:
                await asyncio.sleep(self.patience)
            if wanted > store.revision:
                raise status.too_large_version(wanted, store.revision, retry=not exact)
        if wanted and (match == "Exact" or (not match and limit_parameter(request))):
            if wanted < store.compacted:
                raise status.expired("The resourceVersion for the provided list is too old.")
            return wanted, "", False
        return None, "", False

    # How long a list waits for a revision that has not come.
    patience = 3.0

    def _response(self, resource, namespace, found, metadata, form, request, whole):
        if form.transform == "Table":
            body = go_json.document(table.document(resource.key, found, metadata))
            return self._finished(body, JSON, request)
        partial = form.transform.startswith("PartialObjectMetadata")
        kind = "PartialObjectMetadataList" if partial else resource.kind + "List"
        api_version = "meta.k8s.io/v1" if partial else resource.api_version
        cache = (resource.key, namespace, form.media_type, partial) if whole else None
        separator = b"" if form.is_protobuf else b","
        stamp = self.store.changed[resource.key]
        if cache and self._joined.get(cache, (None,))[0] == stamp:
            joined = self._joined[cache][1]
        else:
            joined = separator.join([one.encoded(form, False, partial) for one in found])
            if cache:
                self._joined[cache] = (stamp, joined)
        if form.is_protobuf:
            head = protobuf.delimited(1, schema.ListMeta.payload(metadata))
            body = protobuf.envelope(api_version, kind, [head, joined])
            return self._finished(body, PROTOBUF, request)
        start = go_json.encode({"kind": kind, "apiVersion": api_version, "metadata": metadata})[:-1]
        body = [start + b',"items":[', joined, b"]}\n"]
        if form.pretty:
            body = go_json.encode_pretty(json.loads(b"".join(body)))
        return self._finished(body, JSON, request)

    def _finished(self, body, media_type, request):
        response = Response(200, body, media_type)
        encodings = [part.strip() for part in request.header("accept-encoding").split(",")]
        if response.length > SMALLEST_COMPRESSED and "gzip" in encodings:
            response.headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
            response.body = self._gzip(body)
        return response

    def _gzip(self, body):
        pieces = [body] if isinstance(body, bytes) else body
        # The large piece of a whole list is the very object that is kept above; kept here too, its id stays its own.
        largest = max(pieces, key=len)
        key = (id(largest), self.store.revision, sum(map(len, pieces)))
        if key not in self._compressed:
            compressor = zlib.compressobj(1, zlib.DEFLATED, 31)
            out = [compressor.compress(piece) for piece in pieces] + [compressor.flush()]
            if len(self._compressed) > 16:
                self._compressed.clear()
            self._compressed[key] = (largest, b"".join(out))
        return self._compressed[key][1]

    def one(self, stored, form, code=200, headers=()):
        """The response with a single object."""
        if form.transform == "Table":
            metadata = {"resourceVersion": stored.object["metadata"].get("resourceVersion", "")}
            body = go_json.document(table.document(stored.resource.key, [stored], metadata))
        elif form.pretty and not form.is_protobuf:
            body = go_json.encode_pretty(stored.full()) + b"\n"
        else:
            body = stored.encoded(form, True, form.transform.startswith("Partial")) + (b"" if form.is_protobuf else b"\n")
        return Response(code, body, form.media_type, headers)
