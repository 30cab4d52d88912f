/// What is kept of connections beside the sums of their flows, on the same pass over them.
///
/// A type rather than a flag: for flows, which keep nothing, the compiler leaves no trace of it.
protocol ConnectionTally: Sendable {
    /// Adds a connection.
    ///
    /// - Parameters:
    ///   - position: of the connection in the table.
    ///   - window: what was seen of it within its observers' window; nil where they had none.
    ///   - result: what became of it.
    ///   - flow: the position of the flow that it belongs to.
    mutating func add(
        _ record: ConnectionRecord,
        at position: Int,
        _ window: ConnectionWindow?,
        _ result: ConnectionResult,
        to flow: Int
    )

    /// Adds what another worker kept.
    ///
    /// - Parameter moved: of each of the other's flows the position that it has here.
    mutating func merge(_ other: Self, moved: [Int])
}

/// Keeps nothing.
struct NoTally: ConnectionTally {
    @inline(__always)
    mutating func add(
        _ record: ConnectionRecord,
        at position: Int,
        _ window: ConnectionWindow?,
        _ result: ConnectionResult,
        to flow: Int
    ) {}

    mutating func merge(_ other: NoTally, moved: [Int]) {}
}
