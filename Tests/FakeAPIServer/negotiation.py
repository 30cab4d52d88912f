"""Which form an answer takes: the Accept header (k8s.io/apiserver/pkg/endpoints/handlers/negotiation)."""

import status

JSON = "application/json"
PROTOBUF = "application/vnd.kubernetes.protobuf"
YAML = "application/yaml"
PRETTY_AGENTS = ("curl", "Wget", "Mozilla/5.0")


class Form:
    """A media type, and what it turns the objects into: "" (as they are), Table, PartialObjectMetadata(List)."""

    def __init__(self, media_type=JSON, transform="", pretty=False):
        self.media_type = media_type
        self.transform = transform
        self.pretty = pretty

    @property
    def is_protobuf(self):
        return self.media_type == PROTOBUF


def negotiate(request):
    """The first clause of Accept that can be served; raises 406."""
    pretty = request.flag("pretty") or request.header("user-agent").startswith(PRETTY_AGENTS)
    accept = ",".join(request.header_values("accept")) or "*/*"
    refused_transform = False
    for clause in accept.split(","):
        media_type, *rest = [part.strip() for part in clause.split(";")]
        parameters = dict(part.split("=", 1) for part in rest if "=" in part)
        if media_type in ("*/*", "application/*"):
            media_type = JSON
        if media_type not in (JSON, PROTOBUF):
            continue
        transform = parameters.get("as", "")
        if transform:
            known = transform in ("Table", "PartialObjectMetadata", "PartialObjectMetadataList")
            ours = parameters.get("g") == "meta.k8s.io" and parameters.get("v") == "v1"
            if not known or not ours or (transform == "Table" and media_type == PROTOBUF):
                refused_transform = True
                continue
        return Form(media_type, transform, pretty)
    if refused_transform:
        raise status.refuse(406, "NotAcceptable", f"only the following media types are accepted: {JSON}, {YAML}, {PROTOBUF}",
                            pretty=True)
    raise status.refuse(
        406, "NotAcceptable",
        f"406: Not Acceptable\n\nAvailable representations: {JSON}, {YAML}, {PROTOBUF}, {JSON};stream=watch, "
        f"{PROTOBUF};stream=watch", {}, pretty=True)


def error_form(request):
    """The form of a Status: as negotiated where that is possible, else JSON."""
    try:
        form = negotiate(request)
    except status.Refusal:
        return Form(pretty=request.flag("pretty"))
    return Form(form.media_type, "", form.pretty)
