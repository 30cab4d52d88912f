import NetModel

/// One connection in 96 bytes, addresses by their number in an `AddressTable`.
///
/// It has two tuples: the inner one is what the client sent (client to the address it dialled), the outer one is
/// what the server received (the client as the server sees it to the real server). Without translation the two are
/// the same.
struct ConnectionRecord: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt16
        init(rawValue: UInt16) { self.rawValue = rawValue }

        static let hasSent = Flags(rawValue: 1 << 0)
        static let hasReceived = Flags(rawValue: 1 << 1)
        static let seenReply = Flags(rawValue: 1 << 2)
        static let assured = Flags(rawValue: 1 << 3)
        static let offload = Flags(rawValue: 1 << 4)
        /// A NEW event was seen: the connection was opened while somebody listened.
        static let opened = Flags(rawValue: 1 << 5)
        /// A DESTROY event was seen.
        static let destroyed = Flags(rawValue: 1 << 6)
        /// Joined into another record; no longer a connection of its own.
        static let absorbed = Flags(rawValue: 1 << 7)
        /// A mid-stream pick-up whose client and server were exchanged.
        static let turnedRound = Flags(rawValue: 1 << 8)
        /// A proxy in the server's pod took the connection over before the application did.
        static let meshInbound = Flags(rawValue: 1 << 9)
        static let hasState = Flags(rawValue: 1 << 10)
        static let hasAge = Flags(rawValue: 1 << 11)
        static let hasStart = Flags(rawValue: 1 << 12)
        static let hasEnd = Flags(rawValue: 1 << 13)

        /// What any observer saw holds for the connection.
        static let shared: Flags = [.seenReply, .assured, .offload, .opened, .destroyed, .meshInbound]
        static let ended: Flags = [.hasEnd, .destroyed]
        static let hasBoth: Flags = [.hasSent, .hasReceived]
        static let hasStartAndEnd: Flags = [.hasStart, .hasEnd]
    }

    /// One end: the number of an address, and a port.
    struct End: Hashable, Sendable {
        var address: UInt32
        var port: UInt16

        /// The end in one word, to compare and to hash.
        @inline(__always) var word: UInt64 { UInt64(address) << 16 | UInt64(port) }
    }

    var client: End
    var dialled: End
    var seenClient: End
    var server: End

    var sent: Counters
    var received: Counters
    /// Nanoseconds since the epoch, valid with `hasStart`.
    var start: Int64
    /// Nanoseconds since the epoch: the last moment at which the connection was known, valid with `hasEnd`.
    var end: Int64
    /// Seconds since the kernel made the entry, the longest of all observers', valid with `hasAge`.
    var age: UInt32
    /// Number of a set of observers.
    var observers: UInt32
    /// The connection that had the same tuple before this one: its index + 1, or 0.
    var previous: UInt32
    /// The observer + 1 that a node-scoped tuple belongs to, 0 for a tuple that means the same on every node.
    var scope: UInt16
    var flags: Flags
    var transport: TransportProtocol
    var state: ConntrackState

    /// Whether an address or port was translated on the way.
    var isTranslated: Bool { client != seenClient || dialled != server }
}
