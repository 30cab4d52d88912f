import NetModel

extension ConnectionRecord {
    /// Takes over what another observation of the same connection knows.
    ///
    /// - Parameter swapped: the other has client and server the other way round.
    mutating func take(_ other: ConnectionRecord, swapped: Bool) {
        let sent = swapped ? other.counters(.hasReceived) : other.counters(.hasSent)
        let received = swapped ? other.counters(.hasSent) : other.counters(.hasReceived)
        if let sent {
            self.sent = flags.contains(.hasSent) ? self.sent.maximum(sent) : sent
            flags.insert(.hasSent)
        }
        if let received {
            self.received = flags.contains(.hasReceived) ? self.received.maximum(received) : received
            flags.insert(.hasReceived)
        }
        if other.flags.contains(.hasStart) {
            start = flags.contains(.hasStart) ? min(start, other.start) : other.start
            flags.insert(.hasStart)
        }
        if other.flags.contains(.hasEnd) {
            end = flags.contains(.hasEnd) ? max(end, other.end) : other.end
            flags.insert(.hasEnd)
        }
        if other.flags.contains(.hasAge) {
            age = flags.contains(.hasAge) ? max(age, other.age) : other.age
            flags.insert(.hasAge)
        }
        if other.flags.contains(.hasState) {
            let later = !flags.contains(.hasState) || other.state.progress > state.progress
            if later || other.flags.contains(.destroyed) { state = other.state }
            flags.insert(.hasState)
        }
        flags.formUnion(other.flags.intersection(.shared))
        // Each saw a packet of another side first, so both sides sent.
        if swapped { flags.insert(.seenReply) }
    }

    /// The counters of one direction, nil where they were not kept.
    func counters(_ direction: Flags) -> Counters? {
        guard flags.contains(direction) else { return nil }
        return direction == .hasSent ? sent : received
    }

    /// Exchanges what client and server sent.
    mutating func swapCounters() {
        swap(&sent, &received)
        let hadSent = flags.contains(.hasSent)
        let hadReceived = flags.contains(.hasReceived)
        if hadSent { flags.insert(.hasReceived) } else { flags.remove(.hasReceived) }
        if hadReceived { flags.insert(.hasSent) } else { flags.remove(.hasSent) }
    }

    /// Makes the server the client and the client the server.
    mutating func turnRound() {
        (client, dialled) = (dialled, client)
        (seenClient, server) = (server, seenClient)
        (scope, innerScope) = (innerScope, scope)
        swapCounters()
        // The packet that was taken for the client's was the answer.
        flags.formUnion([.turnedRound, .seenReply])
    }

    /// Whether the two may have existed at the same time; what has no time may overlap with anything.
    func overlaps(_ other: ConnectionRecord) -> Bool {
        // Clocks of nodes differ.
        let slack: Int64 = 1_000_000_000
        if flags.contains(.ended), other.flags.contains(.hasStart), other.start &- slack > end { return false }
        if other.flags.contains(.ended), flags.contains(.hasStart), start &- slack > other.end { return false }
        // An entry is reaped some time after its connection ended, on every node at its own moment.
        let reaping: Int64 = 60_000_000_000
        if flags.contains(.ended), other.flags.contains(.ended) {
            return (end &- other.end).magnitude <= reaping.magnitude
        }
        return true
    }
}

extension ConntrackState {
    /// How far a connection has come in this state: of two observers' states the farther one is the later.
    var progress: Int {
        switch self {
        case .none, .ignore, .invalid: 0
        case .listen, .synSent, .cookieWait, .request, .heartbeatSent: 1
        case .synSent2, .synReceived, .cookieEchoed, .respond, .partOpen: 2
        case .established, .open, .heartbeatACKed: 3
        case .finWait, .shutdownSent, .closeRequest: 4
        case .closeWait, .shutdownReceived, .closing: 5
        case .lastACK, .shutdownACKSent: 6
        case .timeWait: 7
        case .close, .closed: 8
        }
    }
}
