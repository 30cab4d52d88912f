import NetModel

/// What happened to a connection while it was observed.
package enum Outcome: String, CaseIterable, Sendable {
    case carried, opened, closed, refused, unanswered, idle

    /// Whether the attempt failed.
    package var isFailure: Bool { self == .refused || self == .unanswered }
}

extension ConnectionRecord {
    /// The outcome of the connection; nil when what was observed does not tell, as for an answered connection in
    /// one dump.
    ///
    /// - Parameter window: what was seen within the observers' window; nil where they had none.
    func outcome(_ verdict: Verdict, _ window: ConnectionWindow?) -> Outcome? {
        guard let window else { return outcomeOfEvents(verdict) }
        // The first that holds decides.
        if let failure = failure(verdict) { return failure }
        if window.entryEnded {
            if hadEnded(window) { return .idle }
            return isFateUnknown(verdict) ? nil : .closed
        }
        if isClosing, !wasClosing(window) { return .closed }
        if window.began { return verdict == .accept ? .opened : nil }
        guard window.lasted else { return nil }
        return window.carried ? .carried : window.tellsIdle ? .idle : nil
    }

    private func failure(_ verdict: Verdict) -> Outcome? {
        switch verdict {
        case .refused, .reject: .refused
        case .noReply, .drop: .unanswered
        case .accept, .unknown: nil
        }
    }

    /// Without a window only events tell.
    private func outcomeOfEvents(_ verdict: Verdict) -> Outcome? {
        if let failure = failure(verdict) { return failure }
        if flags.contains(.destroyed) { return isFateUnknown(verdict) ? nil : .closed }
        return flags.contains(.opened) ? .opened : nil
    }

    /// Whether the connection was opened while somebody watched.
    func isNew(_ window: ConnectionWindow?) -> Bool {
        flags.contains(.opened) || window?.began ?? false
    }

    /// Whether a TCP entry that ended may have been refused or given up: without state and counters in its last event,
    /// as older kernels send it, nobody knows.
    private func isFateUnknown(_ verdict: Verdict) -> Bool {
        transport == .tcp && verdict == .unknown
    }

    /// Whether only the entry went away, of a connection that was over before the window: an entry is reaped minutes
    /// after the close, or after the last packet of a transport that has no close.
    private func hadEnded(_ window: ConnectionWindow) -> Bool {
        guard !window.began, !window.carried else { return false }
        return transport == .tcp ? wasClosing(window) : window.sent != nil && window.received != nil
    }

    private var isClosing: Bool { transport == .tcp && flags.contains(.hasState) && state.isTCPClosing }

    private func wasClosing(_ window: ConnectionWindow) -> Bool { window.stateBefore?.isTCPClosing ?? false }
}

extension ConnectionWindow {
    /// Whether a packet passed within the window: counters differ or, without accounting, the timeout was set anew.
    var carried: Bool {
        if isSome(sent) || isSome(received) { return true }
        if sent != nil, received != nil { return false }
        return marks.contains(.refreshed)
    }

    /// Whether it would be known that a packet passed. Without counters only timeouts tell, in whole seconds: within a
    /// shorter window than this many, a packet need not show.
    var tellsIdle: Bool {
        sent != nil && received != nil || period.map { $0.seconds >= Self.leastSecondsOfTimeouts } ?? true
    }

    private static var leastSecondsOfTimeouts: Double { 3 }

    private func isSome(_ counters: Counters?) -> Bool { counters.map { $0 != .zero } ?? false }
}

extension ConntrackState {
    /// Whether one side of a TCP connection has closed it, or reset it.
    fileprivate var isTCPClosing: Bool {
        switch self {
        case .finWait, .closeWait, .lastACK, .timeWait, .close: true
        default: false
        }
    }
}
