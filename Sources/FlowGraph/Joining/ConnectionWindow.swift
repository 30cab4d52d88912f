import NetModel

/// What observers saw of one connection within a window.
struct ConnectionWindow: Sendable {
    /// What any observer saw.
    var marks: WindowObservation.Marks
    /// What the client sent within the window; nil where nobody measured it.
    var sent: Counters?
    /// What the server sent within the window; nil where nobody measured it.
    var received: Counters?
    /// The protocol's state in the first dump, of several the farthest; nil where it was not in one.
    var stateBefore: ConntrackState?
    /// Who reported it first.
    let reporter: Reporter
    /// The longest of the observers' windows; nil where none told its length.
    var period: ObservationWindow?

    /// An observer and one of its conntrack zones: within one zone a tuple stands once at a time.
    struct Reporter: Hashable, Sendable {
        let observer: UInt16
        let zone: UInt16
    }

    init(_ observation: WindowObservation, reporter: Reporter) {
        let differences = Self.isMeasured(observation.marks)
        self.init(
            marks: observation.marks,
            sent: differences ? observation.original : nil,
            received: differences ? observation.reply : nil,
            stateBefore: observation.stateBefore,
            reporter: reporter
        )
    }

    init(
        marks: WindowObservation.Marks,
        sent: Counters?,
        received: Counters?,
        stateBefore: ConntrackState?,
        reporter: Reporter
    ) {
        self.marks = marks
        self.sent = sent
        self.received = received
        self.stateBefore = stateBefore
        self.reporter = reporter
    }

    /// Whether differences can have been measured: not where a counter went down, nor where nobody saw the last state
    /// of the counters.
    private static func isMeasured(_ marks: WindowObservation.Marks) -> Bool {
        !marks.contains(.countersWentDown) && marks.containsAny(.inSecondDump, .destroyEvent)
    }

    /// Takes over what another observer saw of the same connection: both counted the same packets.
    ///
    /// - Parameter swapped: the other has client and server the other way round.
    mutating func take(_ other: ConnectionWindow, swapped: Bool) {
        marks.formUnion(other.marks)
        sent = Self.maximum(sent, swapped ? other.received : other.sent)
        received = Self.maximum(received, swapped ? other.sent : other.received)
        if let state = other.stateBefore {
            stateBefore = stateBefore.map { $0.progress > state.progress ? $0 : state } ?? state
        }
    }

    /// Exchanges what client and server sent.
    mutating func swapDirections() {
        swap(&sent, &received)
    }

    private static func maximum(_ left: Counters?, _ right: Counters?) -> Counters? {
        guard let left, let right else { return left ?? right }
        return left.maximum(right)
    }
}

extension ConnectionWindow {
    /// Whether the connection began within the window, and not only its entry.
    var began: Bool { entryBegan && !marks.contains(.pickedUp) }

    /// Whether its entry began within the window: an event told of it, or only the second dump has it.
    var entryBegan: Bool {
        marks.contains(.newEvent) || marks.contains(.inSecondDump) && !marks.contains(.inFirstDump)
    }

    /// Whether its entry ended within the window: an event told of it, or the second dump does not have what was there.
    var entryEnded: Bool {
        if marks.contains(.destroyEvent) { return true }
        return !marks.contains(.inSecondDump) && marks.containsAny(.inFirstDump, .newEvent)
    }

    /// Whether it was there all the while.
    var lasted: Bool {
        marks.contains(.inSecondDump) && marks.containsAny(.inFirstDump, .pickedUp)
    }

    /// Whether the differences of at least one direction were measured.
    var isCounted: Bool { sent != nil || received != nil }

    /// Whether two observations of one tuple, by one reporter, can only be of two connections: one ended and the other
    /// began.
    func isFollowed(by other: ConnectionWindow) -> Bool {
        entryEnded && other.entryBegan || other.entryEnded && entryBegan
    }
}
