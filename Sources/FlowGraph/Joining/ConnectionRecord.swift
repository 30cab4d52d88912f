import NetModel

/// One connection in 88 bytes, addresses by their number in an `AddressTable`.
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

    /// Addresses and ports lie apart, since an end of its own would be padded to 8 bytes.
    private var addresses: InlineArray<4, UInt32>
    private var ports: InlineArray<4, UInt16>

    var client: End {
        @inline(__always) get { End(address: addresses[0], port: ports[0]) }
        @inline(__always) set { (addresses[0], ports[0]) = (newValue.address, newValue.port) }
    }
    var dialled: End {
        @inline(__always) get { End(address: addresses[1], port: ports[1]) }
        @inline(__always) set { (addresses[1], ports[1]) = (newValue.address, newValue.port) }
    }
    var seenClient: End {
        @inline(__always) get { End(address: addresses[2], port: ports[2]) }
        @inline(__always) set { (addresses[2], ports[2]) = (newValue.address, newValue.port) }
    }
    var server: End {
        @inline(__always) get { End(address: addresses[3], port: ports[3]) }
        @inline(__always) set { (addresses[3], ports[3]) = (newValue.address, newValue.port) }
    }

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
    /// The observer + 1 that a node-scoped tuple belongs to, 0 for a tuple that means the same on every node.
    var scope: UInt16
    var flags: Flags
    var transport: TransportProtocol
    var state: ConntrackState

    init(
        client: End,
        dialled: End,
        seenClient: End,
        server: End,
        sent: Counters,
        received: Counters,
        start: Int64,
        end: Int64,
        age: UInt32,
        observers: UInt32,
        scope: UInt16,
        flags: Flags,
        transport: TransportProtocol,
        state: ConntrackState
    ) {
        addresses = [client.address, dialled.address, seenClient.address, server.address]
        ports = [client.port, dialled.port, seenClient.port, server.port]
        self.sent = sent
        self.received = received
        self.start = start
        self.end = end
        self.age = age
        self.observers = observers
        self.scope = scope
        self.flags = flags
        self.transport = transport
        self.state = state
    }

    /// Whether an address or port was translated on the way.
    var isTranslated: Bool { client != seenClient || dialled != server }
}
