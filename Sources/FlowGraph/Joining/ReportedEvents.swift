/// Which observers reported the NEW and the DESTROY event of which connection.
///
/// Kept beside the records: tables without events, the large ones, pay nothing for it.
struct ReportedEvents: Sendable {
    private struct Reporters: Sendable {
        /// Numbers of sets of observers.
        var opened: UInt32?
        var ended: UInt32?
    }

    private var reporters: [Int: Reporters] = [:]

    /// Whether an observer reported the beginning of the connection at an index.
    func hasOpened(_ index: Int, _ observer: UInt16, in sets: ObserverSets) -> Bool {
        reporters[index]?.opened.map { sets.contains(observer, in: $0) } ?? false
    }

    /// Whether an observer reported the end of the connection at an index.
    func hasEnded(_ index: Int, _ observer: UInt16, in sets: ObserverSets) -> Bool {
        reporters[index]?.ended.map { sets.contains(observer, in: $0) } ?? false
    }

    /// Notes that the observer whose set is `single` reported the beginning of the connection at an index.
    mutating func open(_ index: Int, _ single: UInt32, in sets: inout ObserverSets) {
        let known = reporters[index]?.opened
        reporters[index, default: Reporters()].opened = known.map { sets.union($0, single) } ?? single
    }

    /// Notes that the observer whose set is `single` reported the end of the connection at an index.
    mutating func end(_ index: Int, _ single: UInt32, in sets: inout ObserverSets) {
        let known = reporters[index]?.ended
        reporters[index, default: Reporters()].ended = known.map { sets.union($0, single) } ?? single
    }
}
