"""JSON as Go's encoding/json writes it, which is how an API server writes it."""

import json

_ESCAPES = (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))


def _escaped(text):
    # These characters stand only within strings.
    for character, escape in _ESCAPES:
        if character in text:
            text = text.replace(character, escape)
    return text.encode("utf-8", "replace")


def encode(value):
    """Compact, in the order of the members."""
    return _escaped(json.dumps(value, separators=(",", ":"), ensure_ascii=False))


def document(value):
    """As it stands alone in a body: with an end of line."""
    return encode(value) + b"\n"


def encode_pretty(value):
    """Indented by two spaces, for people with curl and for status 406."""
    return _escaped(json.dumps(value, indent=2, ensure_ascii=False))
