import Secrets
package import WebSocket

/// A command run in a container through the API server, over a WebSocket connection that somebody else holds: bytes and
/// moments go in, bytes to be sent and events come out.
///
/// The exec is only known to have ended by the Status that the server sends last. A connection that ends without it lost
/// the session, whatever came before.
package struct ExecSession: Sendable {
    /// So often the server is pinged, as kubectl does; shorter than what middle boxes wait.
    package static let pingInterval = Duration.seconds(5)
    /// So long the server may be silent though it was pinged.
    package static let longestSilence = Duration.seconds(61)
    /// So long the server may take for its answer to the request for the upgrade.
    package static let longestUpgrade = Duration.seconds(30)
    /// So long the server may take to end the connection behind its last word.
    package static let longestEnd = Duration.seconds(10)
    /// What of stdin goes into one message.
    package static let longestMessage = 32 << 10
    /// A longer Status is none.
    static let longestStatus = 64 << 10

    enum Stage: Sendable {
        case upgrading(UpgradeResponseReader)
        case open(ExecProtocol)
        case finished
    }

    let request: ExecRequest
    let upgrade: UpgradeRequest
    var stage = Stage.upgrading(UpgradeResponseReader())
    var frames = FrameReader()
    var writer: FrameWriter
    var output: [UInt8]
    /// What the server's last ping is to be answered with. Of several one answer is enough (RFC 6455 section 5.5.3), so
    /// that a server that only pings does not fill the memory of a client that cannot send.
    var pendingPong: [UInt8]?
    /// Whether the server is pinged.
    let sendsPings: Bool
    /// Of the message that is being read; nil before its first byte.
    var channel: UInt8?
    var status = ExecStatus()
    /// The server's close frame.
    var serverClose: WebSocketClose?
    var isCloseSent = false
    /// Whether we closed it before the server did.
    var isGivenUp = false
    /// Whether nothing may be sent any more, since the process is about to end: a byte that arrives when the server has
    /// closed its end makes its kernel throw away what we have not yet received.
    var isQuiet = false
    var isStdinClosed = false
    var clock = ExecClock()
    /// The server's answer to the request for the upgrade, once it came.
    package internal(set) var answer: HTTPHead?
    /// How it ended, once it has.
    package internal(set) var result: ExecResult?

    /// Prepares the request for the upgrade, which is the first output.
    ///
    /// - Parameters:
    ///   - host: of the API server, as `Host` names it.
    ///   - prefix: the path of the server's address in the kubeconfig.
    ///   - headers: with the credentials.
    ///   - offering: the sub-protocols; without v5 where the server refused it.
    ///   - sendsPings: whether an open session is pinged, and given up where nothing is heard. Without, it waits for as
    ///     long as the caller does.
    ///   - masks: gives the masks of frames, which nobody may foresee.
    package init(
        _ request: ExecRequest,
        host: String,
        prefix: String = "",
        headers: [UpgradeRequest.Header],
        key: WebSocketKey,
        offering: [ExecProtocol] = [.v5, .v4],
        sendsPings: Bool = true,
        masks: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
    ) throws(UpgradeRequestError) {
        self.request = request
        self.sendsPings = sendsPings
        upgrade = try UpgradeRequest(
            host: host,
            target: request.target(prefix: prefix),
            headers: headers,
            protocols: offering.map(\.rawValue),
            key: key
        )
        writer = FrameWriter(masks: masks)
        output = upgrade.bytes.reveal()
    }

    /// Whether there are bytes to be sent.
    package var hasOutput: Bool { !output.isEmpty || pendingPong != nil }

    /// The bytes to be sent next, in which the first have the credentials.
    package mutating func takeOutput() -> [UInt8] {
        if let payload = pendingPong { writer.pong(payload, to: &output) }
        pendingPong = nil
        defer { output = [] }
        return output
    }
}
