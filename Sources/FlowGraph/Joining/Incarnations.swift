import NetModel

/// An event, who reported it, and in which conntrack zone.
struct ConntrackEvent: Sendable {
    let kind: ConntrackEntry.Event
    let reporter: ConnectionWindow.Reporter
}

/// Connections that had the same tuple, one after the other, and how far each reporter of events has come in them.
///
/// A reporter is a zone of an observer: each reports the beginning and the end of a connection once, in its order. So
/// a reporter's next beginning belongs to the next connection that it has not reported, and every look-up goes on
/// where the last one ended.
struct Incarnations: Sendable {
    private struct Place: Sendable {
        var index: Int
        /// Whether the reporter reported the end of the connection at `index`.
        var isOver: Bool
    }

    /// A reporter and the first connection of a tuple.
    private struct Key: Hashable, Sendable {
        var reporter: ConnectionWindow.Reporter
        var first: Int
    }

    /// Of a connection the next of the same tuple, and of every but the first one the first.
    private var next: [Int: Int] = [:]
    private var first: [Int: Int] = [:]
    private var places: [Key: Place] = [:]

    /// The first connection that had the tuple of the one at an index.
    func first(of index: Int) -> Int { first[index] ?? index }

    /// Whether the connection at an index is one of several that had its tuple.
    func isRepeated(_ index: Int) -> Bool {
        !next.isEmpty && (next[index] != nil || first[index] != nil)
    }

    /// The connection that had the same tuple after the one at an index.
    func next(after index: Int) -> Int? { next[index] }

    /// Notes that a connection has the tuple of the newest one so far.
    mutating func append(_ index: Int, after newest: Int) {
        next[newest] = index
        first[index] = first(of: newest)
    }

    /// The connection that an event belongs to; nil when it is one more.
    ///
    /// - Parameters:
    ///   - newest: the newest connection of the tuple.
    ///   - overlaps: whether the connection at an index can have existed at the event's time.
    func index(
        of event: ConntrackEvent,
        newest: Int,
        overlaps: (Int) -> Bool
    ) -> Int? {
        let first = first(of: newest)
        let place = places[Key(reporter: event.reporter, first: first)]
        if let place, !place.isOver, event.kind != .new { return place.index }
        var candidate = place.map { next[$0.index] } ?? first
        while let index = candidate {
            if overlaps(index) { return index }
            candidate = next[index]
        }
        return nil
    }

    /// Notes that an event was of the connection at an index.
    mutating func note(_ event: ConntrackEvent, of index: Int) {
        let key = Key(reporter: event.reporter, first: first(of: index))
        places[key] = Place(index: index, isOver: event.kind == .destroy)
    }

    /// The first connection of the tuple of `newest` that comes after what a reporter told of so far, where it tells of
    /// every connection once.
    func candidate(of reporter: ConnectionWindow.Reporter, newest: Int) -> Int? {
        let first = first(of: newest)
        return places[Key(reporter: reporter, first: first)].map { next[$0.index] } ?? first
    }

    /// Notes that a reporter told all of the connection at an index.
    mutating func note(_ reporter: ConnectionWindow.Reporter, of index: Int) {
        places[Key(reporter: reporter, first: first(of: index))] = Place(index: index, isOver: true)
    }
}
