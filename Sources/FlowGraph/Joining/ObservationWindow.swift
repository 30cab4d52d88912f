package import NetModel

/// The time over which an observer watched its table: from the beginning of the dump that begins the window to that of
/// the one that ends it, which is the time between two readings of one connection.
package struct ObservationWindow: Hashable, Sendable {
    /// When it began, by the clock of the observer's node, whose stamps the entries bear.
    package let begin: Timestamp
    /// Its length in nanoseconds by a clock that nobody sets, above 0.
    package let nanoseconds: Int64

    /// - Parameter nanoseconds: the length; nil is returned for one that is not above 0.
    package init?(begin: Timestamp, nanoseconds: Int64) {
        guard nanoseconds > 0 else { return nil }
        self.begin = begin
        self.nanoseconds = nanoseconds
    }

    /// The length in seconds.
    package var seconds: Double { Double(nanoseconds) / 1e9 }

    /// When it ended; beyond the range of time stamps it is the last that can be told.
    package var end: Timestamp {
        Timestamp(nanoseconds: begin.nanoseconds.addingSaturating(nanoseconds))
    }

    /// Of several observers' windows the longest, and of equally long ones the one that ended last: clocks of nodes
    /// differ, so a window from the first beginning to the last end would be longer than any was.
    static func longest(_ windows: some Sequence<ObservationWindow>) -> ObservationWindow? {
        windows.max { ($0.nanoseconds, $0.begin) < ($1.nanoseconds, $1.begin) }
    }
}

extension WindowObservation {
    /// Whether the connection was gone at the end of the window and no event said so. With `nf_conntrack_events=2` the
    /// kernel tells only of connections born while somebody listens; what the others carried last nobody measured.
    package var endedUnheard: Bool {
        marks.contains(.inFirstDump) && !marks.containsAny(.inSecondDump, .destroyEvent)
    }
}
