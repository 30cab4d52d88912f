import WebSocket

extension ExecSession {
    /// Tells the time, when bytes came that are not read yet.
    package mutating func tell(_ now: Duration) { clock.tell(now) }

    /// Tells the time; to be called when ``nextTick`` has come, and at will.
    ///
    /// - Parameter now: since any moment, the same for all calls; never less than before.
    /// - Returns: how the exec ended, where it does so by waiting no longer.
    package mutating func tick(at now: Duration) -> ExecEvent? {
        if case .finished = stage { return nil }
        clock.tell(now)
        if let ending = clock.ending {
            guard now - ending >= Self.longestEnd else { return nil }
            if case .open = stage { sendClose() }
            return finish(result(otherwise: .ended(.torn)))
        }
        if case .upgrading = stage {
            let waited = now - clock.began
            return waited >= Self.longestUpgrade ? finish(.lost(.unanswered(waited))) : nil
        }
        let silence = clock.silence(at: now)
        guard maySend else {
            // Nothing may be asked of the server any more, so that its silence alone has to tell.
            return silence >= Self.longestSilence ? finish(.lost(.silent(silence))) : nil
        }
        guard sendsPings else { return nil }
        // Stdin that nobody reads also holds up the answers to pings, so that silence means nothing then.
        if silence >= Self.longestSilence, clock.isPinged, !clock.mayHaveUnreadStdin {
            sendClose()
            return finish(.lost(.silent(silence)))
        }
        if now - clock.lastPing >= Self.pingInterval {
            clock.pinged(at: now)
            writer.ping([], to: &output)
        }
        return nil
    }

    /// When ``tick(at:)`` has something to do, unless bytes come before; nil where it never has.
    package var nextTick: Duration? {
        if case .finished = stage { return nil }
        if let ending = clock.ending { return ending + Self.longestEnd }
        if case .upgrading = stage { return clock.began + Self.longestUpgrade }
        guard maySend else { return clock.lastHeard + Self.longestSilence }
        return sendsPings ? clock.lastPing + Self.pingInterval : nil
    }
}

/// What a session remembers of moments.
struct ExecClock: Sendable {
    private var now: Duration?
    /// The first moment that was told.
    private(set) var began = Duration.zero
    private(set) var lastHeard = Duration.zero
    private(set) var lastPing = Duration.zero
    /// When the end began: a Status or a close frame came, or we closed.
    private(set) var ending: Duration?
    /// Pings that were not answered.
    private var unanswered = 0
    /// How many pings were unanswered when stdin was written last, that one included which comes next: pongs come in the
    /// order of all that we sent, so that with its pong the server has read stdin.
    private var pingsUntilStdinIsRead = 0

    var isPinged: Bool { unanswered > 0 }
    var mayHaveUnreadStdin: Bool { pingsUntilStdinIsRead > 0 }

    mutating func tell(_ moment: Duration) {
        if now == nil {
            began = moment
            lastHeard = moment
            lastPing = moment
            if ending != nil { ending = moment }
        }
        now = moment
    }

    mutating func heard() { lastHeard = now ?? .zero }
    func silence(at moment: Duration) -> Duration { moment - lastHeard }

    mutating func pinged(at moment: Duration) {
        lastPing = moment
        unanswered += 1
    }

    mutating func answered() {
        unanswered = max(unanswered - 1, 0)
        pingsUntilStdinIsRead = max(pingsUntilStdinIsRead - 1, 0)
    }

    mutating func wroteStdin() { pingsUntilStdinIsRead = unanswered + 1 }

    mutating func beginEnd() {
        if ending == nil { ending = now ?? .zero }
    }
}
