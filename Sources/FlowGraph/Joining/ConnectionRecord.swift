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
        /// A component said that it dropped the packets.
        static let dropped = Flags(rawValue: 1 << 14)
        /// A component said that it rejected the packets.
        static let rejected = Flags(rawValue: 1 << 15)

        /// What any observer saw holds for the connection.
        static let shared: Flags = [.seenReply, .assured, .opened, .destroyed, .meshInbound]
        static let ended: Flags = [.hasEnd, .destroyed]
        static let dropsTold: Flags = [.dropped, .rejected]
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
    private var addresses: Addresses
    private var clientPort: UInt16
    private var dialledPort: UInt16
    private var seenClientPort: UInt16
    private var serverPort: UInt16

    /// The numbers of a connection's addresses.
    struct Addresses: Sendable {
        var client: UInt32
        var dialled: UInt32
        var seenClient: UInt32
        var server: UInt32
    }

    var client: End {
        @inline(__always) get { End(address: addresses.client, port: clientPort) }
        @inline(__always) set { (addresses.client, clientPort) = (newValue.address, newValue.port) }
    }
    var dialled: End {
        @inline(__always) get { End(address: addresses.dialled, port: dialledPort) }
        @inline(__always) set { (addresses.dialled, dialledPort) = (newValue.address, newValue.port) }
    }
    var seenClient: End {
        @inline(__always) get { End(address: addresses.seenClient, port: seenClientPort) }
        @inline(__always) set { (addresses.seenClient, seenClientPort) = (newValue.address, newValue.port) }
    }
    var server: End {
        @inline(__always) get { End(address: addresses.server, port: serverPort) }
        @inline(__always) set { (addresses.server, serverPort) = (newValue.address, newValue.port) }
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
    /// The observer + 1 that the outer tuple belongs to when it is node-scoped, 0 when it means the same everywhere.
    var scope: UInt16
    /// The same of the inner tuple.
    var innerScope: UInt16
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
        innerScope: UInt16,
        flags: Flags,
        transport: TransportProtocol,
        state: ConntrackState
    ) {
        addresses = Addresses(
            client: client.address,
            dialled: dialled.address,
            seenClient: seenClient.address,
            server: server.address
        )
        clientPort = client.port
        dialledPort = dialled.port
        seenClientPort = seenClient.port
        serverPort = server.port
        self.sent = sent
        self.received = received
        self.start = start
        self.end = end
        self.age = age
        self.observers = observers
        self.scope = scope
        self.innerScope = innerScope
        self.flags = flags
        self.transport = transport
        self.state = state
    }

    /// Whether an address or port was translated on the way.
    var isTranslated: Bool { client != seenClient || dialled != server }

    /// Whether an observer saw packets in both directions.
    var isAssured: Bool { flags.contains(.assured) }

    /// Whether the two ends of a tuple may stand either way round: an entry answers to both directions, so a node that
    /// picked the connection up has the ends exchanged. An ICMP request is told from its answer by its type.
    var hasUnorderedEnds: Bool { !transport.isICMP }
}
