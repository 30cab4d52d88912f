import NetModel

/// What identifies a connection wherever it is seen: the two ends of a tuple, the protocol, and the node where the
/// tuple means something on one node only.
///
/// The ends are unordered, as in the kernel, where one entry answers to either direction: a node that picked the
/// connection up in mid-stream may have the two exchanged. Only for ICMP, whose requests and answers differ by type,
/// do they keep their order: two hosts may ping each other with the same identifier.
struct ConnectionKey: Hashable, Sendable {
    let first: UInt64
    let second: UInt64
    let transport: TransportProtocol
    let scope: UInt16

    @inline(__always)
    init(
        from source: ConnectionRecord.End, to destination: ConnectionRecord.End, transport: TransportProtocol,
        scope: UInt16
    ) {
        let left = source.word
        let right = destination.word
        if !transport.isICMP, right < left {
            first = right
            second = left
        } else {
            first = left
            second = right
        }
        self.transport = transport
        self.scope = scope
    }

    /// The key of what the server received of an entry.
    ///
    /// - Parameter ownScope: the observer + 1, for a tuple that means something on its node only.
    @inline(__always)
    init(outerOf entry: ConntrackEntry, _ addresses: ConnectionRecord.Addresses, ownScope: UInt16) {
        let ports = MeshRedirect.outerPorts(of: entry)
        self.init(
            from: ConnectionRecord.End(address: addresses.seenClient, port: ports.source),
            to: ConnectionRecord.End(address: addresses.server, port: ports.destination),
            transport: entry.original.transport,
            scope: Self.outerScope(of: entry, ownScope: ownScope)
        )
    }

    /// The scope of what the server received of an entry: 0 where its tuple means the same everywhere.
    @inline(__always)
    static func outerScope(of entry: ConntrackEntry, ownScope: UInt16) -> UInt16 {
        entry.reply.source.isNodeScoped || entry.reply.destination.isNodeScoped ? ownScope : 0
    }

    @inline(__always)
    func hash(_ mixing: Mixing) -> UInt64 {
        mixing.hash(first ^ UInt64(scope) << 48, second ^ UInt64(transport.rawValue) << 56)
    }
}

extension ConnectionRecord {
    /// The key of what the server received, under which the record is kept.
    @inline(__always) var outerKey: ConnectionKey {
        ConnectionKey(from: seenClient, to: server, transport: transport, scope: scope)
    }

    /// The key of what the client sent: that of the record nearer to the client, where there is one.
    @inline(__always) var innerKey: ConnectionKey {
        ConnectionKey(from: client, to: dialled, transport: transport, scope: innerScope)
    }
}
