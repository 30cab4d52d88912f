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

extension ConnectionTable {
    /// The verdict on the connection at `index`.
    func verdict(_ index: Int) -> Verdict {
        let record = records[index]
        if record.flags.contains(.seenReply) { return .accept }
        if record.transport == .tcp, record.flags.contains(.hasState), record.state == .close { return .refused }
        // Nobody answers a multicast, and an overlay's outer flows go one way by design.
        let destination = addresses[record.server.address]
        guard !destination.isMulticast, !destination.isLimitedBroadcast, !Leg.isOverlayShaped(record) else {
            return .unknown
        }
        let sentTwo = record.flags.contains(.hasSent) && record.sent.packets >= 2
        let waitedThreeSeconds = duration(index).map { $0 >= 3 } ?? false
        return sentTwo || waitedThreeSeconds ? .noReply : .unknown
    }

    /// The outcome of the connection at `index`; nil when what was observed does not tell, as for an answered
    /// connection in one dump.
    func outcome(_ index: Int, verdict: Verdict) -> Outcome? {
        let flags = records[index].flags
        switch verdict {
        case .refused: return .refused
        case .noReply: return .unanswered
        case .accept, .drop, .reject, .unknown: break
        }
        if flags.contains(.destroyed) { return .closed }
        if flags.contains(.opened) { return .opened }
        return nil
    }

    /// How long the connection at `index` has existed, in seconds: from the kernel's own stamps or from events; nil
    /// when neither tells its beginning.
    func duration(_ index: Int) -> Double? {
        let record = records[index]
        if record.flags.contains(.hasStartAndEnd), record.end >= record.start {
            return Double(record.end - record.start) / 1e9
        }
        return record.flags.contains(.hasAge) ? Double(record.age) : nil
    }
}
