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

extension ConnectionRecord {
    /// The verdict on the connection.
    ///
    /// - Parameter window: what was seen within the observers' window; nil where they had none.
    func verdict(in addresses: AddressTable, _ window: ConnectionWindow?) -> Verdict {
        if flags.contains(.seenReply) { return .accept }
        if flags.contains(.dropped) { return .drop }
        if flags.contains(.rejected) { return .reject }
        // The reset itself is counted, where anything is.
        let wasAnswered = counters(.hasReceived).map { $0.packets > 0 }
        if wasReset(wasAnswered) { return .refused }
        if wasAnswered == true { return .accept }
        guard expectsAnswer(in: addresses) else { return .unknown }
        // Newer kernels do not count a SYN that is sent again (nf_conntrack_proto_tcp.c): of it only time tells.
        let sentTwo = flags.contains(.hasSent) && sent.packets >= 2
        return sentTwo || hasWaitedThreeSeconds(window) ? .noReply : .unknown
    }

    /// Nobody answers a multicast, and an overlay's outer flows go one way by design.
    func expectsAnswer(in addresses: AddressTable) -> Bool {
        let destination = addresses[server.address]
        return !destination.isMulticast && !destination.isLimitedBroadcast && !Leg.isOverlayShaped(self)
    }

    /// Whether a TCP connection that was not answered ended by a reset from the server.
    private func wasReset(_ wasAnswered: Bool?) -> Bool {
        guard transport == .tcp else { return false }
        if flags.contains(.hasState), state == .close { return wasAnswered ?? true }
        // A reset that answers the first packet deletes the entry at once (nf_conntrack_proto_tcp.c), before it is
        // noted that an answer came: it is the one packet counted. Older kernels do not tell the state then.
        return flags.contains(.destroyed) && counters(.hasReceived)?.packets == 1
    }

    private func hasWaitedThreeSeconds(_ window: ConnectionWindow?) -> Bool {
        if let duration = duration(window), duration >= 3 { return true }
        guard let window, window.lasted, let period = window.period else { return false }
        return period.seconds >= 3
    }

    /// When the connection began and ended, in nanoseconds since the epoch; nil unless both were reported.
    var span: ClosedRange<Int64>? {
        guard flags.contains(.hasStartAndEnd), flags.contains(.destroyed), end >= start else { return nil }
        return start...end
    }

    /// How long the connection has existed, in seconds: from its beginning to its end or, while it lasts, to the end of
    /// the window; without these by the kernel's own stamp. Nil when none was reported.
    func duration(_ window: ConnectionWindow?) -> Double? {
        if let span { return seconds(from: span.lowerBound, to: span.upperBound) }
        if let window, window.marks.contains(.inSecondDump), flags.contains(.hasStart),
            let end = window.period?.end.nanoseconds, end >= start
        {
            return seconds(from: start, to: end)
        }
        return flags.contains(.hasAge) ? Double(age) : nil
    }

    /// When the connection was last observed, in nanoseconds since the epoch; nil where no time was reported.
    func lastObserved(_ window: ConnectionWindow?) -> Int64? {
        let reported = flags.contains(.hasEnd) ? end : nil
        guard let window, let period = window.period else { return reported }
        // What the second dump does not have was last observed by an event or in the first one.
        let dumped = window.marks.contains(.inSecondDump) ? period.end : period.begin
        guard window.marks.containsAny(.inFirstDump, .inSecondDump) else { return reported }
        return max(reported ?? .min, dumped.nanoseconds)
    }
}

/// The time between two moments, in nanoseconds since the epoch, however far apart they are said to be.
func seconds(from start: Int64, to end: Int64) -> Double {
    let (nanoseconds, overflow) = end.subtractingReportingOverflow(start)
    return (overflow ? Double(end) - Double(start) : Double(nanoseconds)) / 1e9
}
