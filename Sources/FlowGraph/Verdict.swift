import NetModel

/// What became of an attempt to connect, as far as somebody observed it.
package enum Verdict: String, CaseIterable, Sendable {
    /// The peer answered.
    case accept = "ACCEPT"
    /// A component said that it dropped the packets.
    case drop = "DROP"
    /// A component said that it rejected the packets.
    case reject = "REJECT"
    /// Nothing came back for 3 seconds, or to two packets.
    case noReply = "NO_REPLY"
    /// A reset or an ICMP unreachable answered.
    case refused = "REFUSED"
    /// None of these was observed.
    case unknown = "UNKNOWN"
}

/// What happened to a connection while it was observed.
package enum Outcome: String, CaseIterable, Sendable {
    case carried, opened, closed, refused, unanswered, idle

    /// Whether the attempt failed.
    package var isFailure: Bool { self == .refused || self == .unanswered }
}

extension ConnectionRecord {
    /// The verdict on the connection.
    func verdict(in addresses: AddressTable) -> Verdict {
        if flags.contains(.seenReply) { return .accept }
        let received = counters(.hasReceived)
        // The reset itself is counted, where anything is.
        let wasAnswered = received.map { $0.packets > 0 }
        if transport == .tcp, flags.contains(.hasState), state == .close, wasAnswered ?? true { return .refused }
        if wasAnswered == true { return .accept }
        // Nobody answers a multicast, and an overlay's outer flows go one way by design.
        let destination = addresses[server.address]
        guard !destination.isMulticast, !destination.isLimitedBroadcast, !Leg.isOverlayShaped(self) else {
            return .unknown
        }
        let sentTwo = flags.contains(.hasSent) && sent.packets >= 2
        let waitedThreeSeconds = duration.map { $0 >= 3 } ?? false
        return sentTwo || waitedThreeSeconds ? .noReply : .unknown
    }

    /// The outcome of the connection; nil when what was observed does not tell, as for an answered connection in
    /// one dump.
    func outcome(_ verdict: Verdict) -> Outcome? {
        switch verdict {
        case .refused: return .refused
        case .noReply: return .unanswered
        case .accept, .drop, .reject, .unknown: break
        }
        if flags.contains(.destroyed) { return .closed }
        return flags.contains(.opened) ? .opened : nil
    }

    /// When the connection began and ended, in nanoseconds since the epoch; nil unless both were reported.
    var span: ClosedRange<Int64>? {
        guard flags.contains(.hasStartAndEnd), flags.contains(.destroyed), end >= start else { return nil }
        return start...end
    }

    /// How long the connection has existed, in seconds: from its beginning and end, or from the kernel's own stamp; nil
    /// when neither was reported.
    var duration: Double? {
        if let span { return Double(span.upperBound - span.lowerBound) / 1e9 }
        return flags.contains(.hasAge) ? Double(age) : nil
    }
}
