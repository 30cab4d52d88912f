"""TLS as an API server offers it, and what the client's greeting said."""

import ssl
import struct


def context(certificate, key, client_authority, greetings):
    """`greetings` gets, by the id of the connection's SSL object, {"sni", "alpn_offered"}."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(certificate, key)
    made.set_alpn_protocols(["http/1.1"])
    if client_authority:
        made.load_verify_locations(client_authority)
        made.verify_mode = ssl.CERT_OPTIONAL
    offered = {}

    def name_asked_for(connection, name, _):
        greetings[id(connection)] = {"sni": name, "alpn_offered": offered.pop("last", None)}

    def message(connection, direction, version, content_type, message_type, data):
        # The hook is called for every message; the first is ClientHello (RFC 8446, 4.1.2).
        if direction == "read" and message_type == 1 and data[:1] == b"\x01":
            offered["last"] = alpn_of(bytes(data))

    made._msg_callback = message
    made.sni_callback = name_asked_for
    return made


def alpn_of(hello):
    """The protocols that a ClientHello offers (RFC 7301); None where it offers none, or is cut."""
    try:
        at = 4 + 2 + 32
        at += 1 + hello[at]
        at += 2 + struct.unpack_from(">H", hello, at)[0]
        at += 1 + hello[at]
        end = at + 2 + struct.unpack_from(">H", hello, at)[0]
        at += 2
        while at < end:
            kind, length = struct.unpack_from(">HH", hello, at)
            at += 4
            if kind == 16:
                found, inner = [], at + 2
                while inner < at + length:
                    found.append(hello[inner + 1:inner + 1 + hello[inner]].decode("ascii", "replace"))
                    inner += 1 + hello[inner]
                return found
            at += length
    except (IndexError, struct.error):
        pass
    return None
