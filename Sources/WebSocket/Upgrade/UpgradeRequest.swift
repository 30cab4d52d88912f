package import Secrets

/// The request by which an HTTP/1.1 connection becomes a WebSocket connection (RFC 6455 section 4.1).
package struct UpgradeRequest: Sendable {
    /// A header of the caller's, as `Authorization`.
    package struct Header: Sendable {
        package var name: String
        package var value: Secret

        package init(_ name: String, _ value: Secret) {
            self.name = name
            self.value = value
        }
    }

    /// The value of `Host`.
    package let host: String
    /// The path with its query, percent-encoded.
    package let target: String
    package let headers: [Header]
    /// The sub-protocols offered, the one liked best first.
    package let protocols: [String]
    package let key: WebSocketKey

    /// - Parameters:
    ///   - headers: what is sent beside the handshake's own headers, in this order.
    ///   - protocols: go into one header line, because API servers read only the first.
    /// - Throws: where something cannot stand in a request, because it would end a line of it.
    package init(host: String, target: String, headers: [Header] = [], protocols: [String], key: WebSocketKey)
        throws(UpgradeRequestError)
    {
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw .host }
        guard target.utf8.first == UInt8(ascii: "/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .target
        }
        for header in headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(Self.isToken) else {
                throw .headerName(header.name)
            }
            guard header.value.reveal().allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .headerValue(name: header.name)
            }
        }
        for name in protocols where name.isEmpty || !name.utf8.allSatisfy(Self.isToken) {
            throw .subprotocol(name)
        }
        self.host = host
        self.target = target
        self.headers = headers
        self.protocols = protocols
        self.key = key
    }

    /// The request as it is sent. It holds the credentials among the headers.
    package var bytes: Secret {
        var lines = Array("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n".utf8)
        for header in headers {
            lines += "\(header.name): ".utf8
            lines += header.value.reveal()
            lines += "\r\n".utf8
        }
        lines += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n".utf8
        lines += "Sec-WebSocket-Key: \(key.text)\r\n".utf8
        if !protocols.isEmpty {
            lines += "Sec-WebSocket-Protocol: \(protocols.joined(separator: ", "))\r\n".utf8
        }
        lines += "\r\n".utf8
        return Secret(lines)
    }

    /// Checks that the answer is what the request asked for (RFC 6455 section 4.1).
    ///
    /// - Returns: the sub-protocol that the server chose; nil where it chose none.
    /// - Throws: where the connection is no WebSocket connection, or one that was not asked for.
    package func chosenProtocol(in head: HTTPHead) throws(UpgradeError) -> String? {
        guard head.code == 101 else { throw .notSwitched(code: head.code) }
        guard head.hasToken("websocket", in: "Upgrade") else { throw .missing(header: "Upgrade: websocket") }
        guard head.hasToken("upgrade", in: "Connection") else { throw .missing(header: "Connection: Upgrade") }
        guard head.value(of: "Sec-WebSocket-Accept") == key.accept else { throw .wrongAccept }
        if let extensions = head.value(of: "Sec-WebSocket-Extensions"), !extensions.isEmpty {
            throw .unexpectedExtension(extensions)
        }
        guard let chosen = head.value(of: "Sec-WebSocket-Protocol"), !chosen.isEmpty else { return nil }
        guard protocols.contains(chosen) else { throw .unexpectedProtocol(chosen) }
        return chosen
    }

    /// Whether a byte can stand in a header's name (RFC 9110 section 5.6.2).
    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

/// Why a request cannot be sent.
package enum UpgradeRequestError: Error, Hashable {
    case host
    case target
    case headerName(String)
    /// The value is not told, since it may be a credential.
    case headerValue(name: String)
    case subprotocol(String)
}

extension UpgradeRequestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .host: "the name of the host has characters that cannot be sent"
        case .target: "the path of the request has characters that must be percent-encoded"
        case .headerName(let name): "'\(name)' cannot be the name of a header"
        case .headerValue(let name): "the value of the header \(name) has control characters"
        case .subprotocol(let name): "'\(name)' cannot be the name of a sub-protocol"
        }
    }
}
