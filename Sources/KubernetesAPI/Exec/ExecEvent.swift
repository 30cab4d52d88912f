import TerminalText
package import WebSocket

/// What happened in an exec.
package enum ExecEvent: Hashable, Sendable {
    /// The server took the upgrade; stdin can be written.
    case opened(ExecProtocol)
    /// Bytes of the process's stdout; where they lie in the bytes at hand.
    case stdout(Range<Int>)
    /// Bytes of the process's stderr; where they lie in the bytes at hand. Their order among those of stdout is lost.
    case stderr(Range<Int>)
    /// It is over; nothing comes after it, and the connection is to be closed once the output is sent.
    case finished(ExecResult)
}

/// How the other side ended the connection.
package enum ConnectionEnd: Hashable, Sendable {
    /// With all that belongs to an end, with TLS a `close_notify`.
    case clean
    /// With a reset, or an end of TCP within TLS.
    case torn
}

/// What became of an exec.
package enum ExecResult: Hashable, Sendable {
    /// The process ended with this exit code, 0 to 255, and said all it had to say. 137 also stands for a pod that was
    /// deleted, whose deadline passed or whose main process ended.
    case exited(code: Int)
    /// The cluster did not run the command, or did not run it to its end. Large and rare, it is kept out of the frames of
    /// all tasks that wait for a result.
    indirect case refused(ExecRefusal)
    /// Nobody knows: no word came of how it ended, so what came before may lack its end.
    case lost(ExecLoss)
}

/// Why it is not known how a process ended.
package enum ExecLoss: Error, Hashable, Sendable {
    /// The server did not answer the request for the upgrade in a way that can be read.
    case upgrade(UpgradeError)
    /// The server did not answer that request, or not wholly, for this long.
    case unanswered(Duration)
    /// The server closed the session without a Status.
    case closed(WebSocketClose)
    /// The connection ended without a Status.
    case ended(ConnectionEnd)
    case malformed(WebSocketError)
    /// What came as a Status is none; its beginning.
    case unreadableStatus(String)
    /// Nothing came for this long, and pings were not answered.
    case silent(Duration)
    /// We closed it ourselves.
    case closedByClient
}

extension ExecLoss: CustomStringConvertible {
    package var description: String {
        switch self {
        case .upgrade(let error): "\(error)"
        case .unanswered(let time):
            "the server did not answer the request for the exec within \(time.components.seconds) s"
        case .closed(let close):
            "the server closed the session without saying how the command ended (close code \(close.code)"
                + (close.reason.isEmpty ? ")" : ": \(PrintableText.escaped(close.reason)))")
        case .ended(.clean): "the connection ended before the server said how the command ended"
        case .ended(.torn): "the connection was reset before the server said how the command ended"
        case .malformed(let error): "\(error)"
        case .unreadableStatus(let text):
            "the server's word of how the command ended cannot be read: '\(PrintableText.escaped(text))'"
        case .silent(let time): "nothing was heard of the server for \(time.components.seconds) s"
        case .closedByClient: "the session was closed before the command ended"
        }
    }
}
