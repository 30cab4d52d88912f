import Hashing

/// The random number by which a client knows that the server's answer is for this handshake (`Sec-WebSocket-Key`,
/// RFC 6455 section 4.1).
package struct WebSocketKey: Hashable, Sendable {
    /// As it is sent.
    package let text: String

    /// - Parameter bytes: 16 random bytes; nil comes of any other number.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        text = Base64.encoded(bytes)
    }

    package init(using generator: inout some RandomNumberGenerator) {
        text = Base64.encoded((0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// What a server that understood must say in `Sec-WebSocket-Accept` (RFC 6455 section 4.2.2).
    package var accept: String {
        Base64.encoded(SHA1.digest((text + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
    }
}
