package import WebSocket

/// Why the cluster did not run a command, or did not run it to its end.
package struct ExecRefusal: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case other
    }

    package let kind: Kind
    package let request: ExecRequest

    package init(_ answer: HTTPAnswer, to request: ExecRequest) {
        kind = .other
        self.request = request
    }

    package init(_ status: Status, to request: ExecRequest) {
        kind = .other
        self.request = request
    }
}
