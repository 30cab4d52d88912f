/// A sub-protocol in which the streams of an exec are told apart over one WebSocket connection.
package enum ExecProtocol: String, Hashable, Sendable, CaseIterable {
    /// API servers since 1.30, or kubelets since 1.36.
    case v5 = "v5.channel.k8s.io"
    /// The container runtimes, through whatever proxies stand before them.
    case v4 = "v4.channel.k8s.io"

    /// Whether the client can close stdin and still read what the process writes.
    package var closesStreams: Bool { self == .v5 }
}

/// The first byte of a message: which stream the rest belongs to (`k8s.io/apimachinery/pkg/util/remotecommand`).
enum ExecChannel: UInt8 {
    case stdin = 0
    case stdout = 1
    case stderr = 2
    /// A Status, in JSON.
    case error = 3
    case resize = 4
    /// The stream named by the next byte is closed; v5 only.
    case close = 255
}
