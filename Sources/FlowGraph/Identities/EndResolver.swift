import Inventory
import NetModel

/// The identities of connections' ends, each kept once and known by its position.
///
/// Where the answer is always the same it is known beforehand; the inventory is asked once an address and port where a
/// host-network endpoint may decide, and once a connection only where an address had several owners in time.
struct EndResolver {
    /// Identities beyond those of `known`, whose positions they follow.
    private(set) var own: [Identity] = []
    /// The kind of each identity: an identity is large, and this is what every connection needs of it.
    private(set) var kinds: [Identity.Kind]
    private let inventory: Inventory
    private let known: AddressIdentities
    private var ends = PairIndex()
    /// The position of the identity of each of `ends`.
    private var byEnd: [Int32] = []
    private var byTime: [Identity: Int] = [:]
    private var byObserver: [ScopedAddress: Int32] = [:]

    private struct ScopedAddress: Hashable {
        var address: UInt32
        var observer: UInt16
    }

    init(inventory: Inventory, known: AddressIdentities) {
        self.inventory = inventory
        self.known = known
        kinds = known.identities.map(\.kind)
    }

    // An identity is large, and copying one counts references: of it only what is asked for is handed out.

    /// The node of the identity at a position that `client` or `server` gave.
    func node(of position: UInt32) -> String? {
        let position = Int(position)
        return position < known.identities.count
            ? known.identities[position].node : own[position - known.identities.count].node
    }

    /// The labels of the identity at a position that `client` or `server` gave.
    func labels(of position: UInt32) -> [String: String] {
        let position = Int(position)
        return position < known.identities.count
            ? known.identities[position].labels : own[position - known.identities.count].labels
    }

    /// The identity of the client of a record.
    mutating func client(_ record: ConnectionRecord, in table: ConnectionTable) -> Int {
        identity(of: record.client, isServer: false, record, table)
    }

    /// The identity of the server of a record.
    mutating func server(_ record: ConnectionRecord, in table: ConnectionTable) -> Int {
        identity(of: record.server, isServer: true, record, table)
    }

    private mutating func identity(
        of end: ConnectionRecord.End,
        isServer: Bool,
        _ record: ConnectionRecord,
        _ table: ConnectionTable
    ) -> Int {
        let answer = known.positions[Int(end.address)]
        if answer >= 0, !isTooEarly(record, for: end.address) { return Int(answer) }
        let address = table.addresses[end.address]
        if answer >= 0 { return position(of: ask(address, port: nil, record)) }
        if answer == AddressIdentities.Answer.unresolved {
            let scope = max(record.scope, record.innerScope)
            guard scope > 0 else { return position(of: ask(address, port: nil, record)) }
            return ownNode(end.address, address, observer: scope - 1, table)
        }
        let port = isServer ? end.port : nil
        // At a time that is not known, the answer is the same for every connection.
        guard answer == AddressIdentities.Answer.dependsOnPort || record.lifetime == nil else {
            return position(of: ask(address, port: port, record))
        }
        // A client's port is ephemeral and says nothing, so all of an address's clients are one identity.
        let end = port == nil ? (UInt64(end.address) << 16) | (1 << 63) : end.word
        let transport = UInt64(record.transport.rawValue)
        if let known = ends[end, transport] { return Int(byEnd[known]) }
        let identity = append(ask(address, port: port, record))
        _ = ends.insert(end, transport)
        byEnd.append(Int32(identity))
        return identity
    }

    /// A loopback or unspecified address is the node's whose table it stands in.
    private mutating func ownNode(
        _ number: UInt32,
        _ address: IPAddress,
        observer: UInt16,
        _ table: ConnectionTable
    ) -> Int {
        let key = ScopedAddress(address: number, observer: observer)
        if let cached = byObserver[key] { return Int(cached) }
        let reporter = table.observers[Int(observer)]
        var identity = Identity(kind: .unknown, address: address)
        if reporter.isNode {
            identity.kind = .node
            identity.node = reporter.name
            identity.zone = inventory.zone(ofNode: reporter.name)
        }
        let position = append(identity)
        byObserver[key] = Int32(position)
        return position
    }

    private func ask(_ address: IPAddress, port: UInt16?, _ record: ConnectionRecord) -> Identity {
        inventory.identity(of: address, port: port, transport: record.transport, during: record.lifetime)
    }

    /// Whether a connection ended before its address was whose it is.
    private func isTooEarly(_ record: ConnectionRecord, for address: UInt32) -> Bool {
        guard record.flags.contains(.hasEnd), let moment = known.since[address] else { return false }
        return record.end < moment
    }

    /// The position of an identity that may have been given before: what an address was at one time it was often.
    private mutating func position(of identity: Identity) -> Int {
        if let position = byTime[identity] { return position }
        let position = append(identity)
        byTime[identity] = position
        return position
    }

    private mutating func append(_ identity: Identity) -> Int {
        own.append(identity)
        kinds.append(identity.kind)
        return kinds.count - 1
    }
}

extension ConnectionRecord {
    /// When the connection is known to have existed; nil where no time was reported.
    var lifetime: ClosedRange<Timestamp>? {
        let first = flags.contains(.hasStart) ? start : flags.contains(.hasEnd) ? end : nil
        guard let first else { return nil }
        let last = flags.contains(.hasEnd) ? max(end, first) : first
        return Timestamp(nanoseconds: first)...Timestamp(nanoseconds: last)
    }
}
