import Inventory
import NetModel

/// Adds connections up, one aggregate a key.
struct FlowSetBuilder {
    private(set) var aggregates: [Aggregate] = []
    private(set) var ends: [FlowEnd] = []
    private(set) var observerSets: ObserverSets
    private(set) var omitted = OmittedFlows()
    let grouping: Grouping
    private let resolved: ResolvedConnections
    private let addresses: AddressTable
    private let records: RecordStore
    private let matcher: FlowMatcher
    private let includesAll: Bool
    private let ephemeral: EphemeralPorts
    /// The kind of every identity: an identity is large, and this is all that every connection needs of it.
    private let kinds: [Identity.Kind]
    /// Position of the group of every identity, -1 where not yet known.
    private var groups: [Int32]
    private var groupPositions: [FlowEnd: Int32] = [:]
    private var positions = PairMap()

    init(_ resolved: ResolvedConnections, grouping: Grouping, filter: FlowFilter, includesAll: Bool) {
        self.resolved = resolved
        addresses = resolved.table.addresses
        records = resolved.table.records
        self.grouping = grouping
        self.includesAll = includesAll
        matcher = FlowMatcher(filter, resolved: resolved)
        observerSets = resolved.table.observerSets
        kinds = resolved.identities.map(\.kind)
        groups = [Int32](repeating: -1, count: resolved.identities.count)
        ephemeral = EphemeralPorts(resolved)
    }

    /// Adds those of a range of connections that are wanted.
    mutating func add(_ range: Range<Int>) {
        if grouping == .connection { aggregates.reserveCapacity(range.count) }
        for position in range where matcher.accepts(position) {
            let marks = resolved.connections[position].marks
            if !includesAll, marks.contains(.probe) {
                omitted.probes += 1
            } else if !includesAll, marks.contains(.carriesOthers) {
                omitted.carriers += 1
            } else {
                add(position)
            }
        }
    }

    /// Adds what another builder of the same connections added up.
    mutating func merge(_ other: FlowSetBuilder) {
        omitted.probes += other.omitted.probes
        omitted.carriers += other.omitted.carriers
        if grouping == .connection {
            aggregates += other.aggregates
            return
        }
        let moved = other.ends.map { position(of: $0) }
        for aggregate in other.aggregates {
            var key = aggregate.key
            key.source = UInt32(moved[Int(key.source)])
            key.destination = UInt32(moved[Int(key.destination)])
            let observers = observerSets.number(of: other.observerSets[aggregate.observers])
            let position = position(of: key, first: aggregate.first, observers: observers)
            aggregates[position].merge(aggregate)
            aggregates[position].observers = observerSets.union(aggregates[position].observers, observers)
        }
    }

    private mutating func add(_ position: Int) {
        let connection = resolved.connections[position]
        let record = records[Int(connection.record)]
        let aggregate = self.aggregate(of: position, connection, record)
        let verdict = record.verdict(in: addresses)
        let outcome = record.outcome(verdict)
        aggregates[aggregate].add(record, verdict: verdict, outcome: outcome)
        let direction = FlowDirection.ofDial(
            from: kinds[Int(connection.source)],
            to: kinds[Int(connection.destination)]
        )
        if let direction { aggregates[aggregate].directions.insert(direction) }
        if aggregates[aggregate].observers != record.observers {
            aggregates[aggregate].observers = observerSets.union(aggregates[aggregate].observers, record.observers)
        }
        if !aggregates[aggregate].payloadBothWays {
            let isIPv4 = addresses[record.client.address].isIPv4
            aggregates[aggregate].payloadBothWays = record.carriedPayloadBothWays(isIPv4: isIPv4)
        }
    }

    /// Pairs of groups of which each side dialled the other.
    func oppositeDials() -> Set<UInt64> {
        guard grouping != .connection else { return [] }
        var dials = Set<UInt64>()
        for aggregate in aggregates { dials.insert(Self.pair(aggregate.key.source, aggregate.key.destination)) }
        return dials.filter { pair in
            pair >> 32 != pair & 0xFFFF_FFFF && dials.contains((pair >> 32) | (pair << 32))
        }
    }

    static func pair(_ source: UInt32, _ destination: UInt32) -> UInt64 {
        (UInt64(source) << 32) | UInt64(destination)
    }

    private mutating func aggregate(
        of position: Int,
        _ connection: ResolvedConnection,
        _ record: ConnectionRecord
    ) -> Int {
        var key = AggregateKey(
            source: 0,
            destination: 0,
            service: (grouping.keepsPorts ? connection.service : nil).map { $0 + 1 } ?? 0,
            port: port(record),
            transport: record.transport,
            leg: connection.leg
        )
        if grouping == .connection {
            aggregates.append(Aggregate(key: key, first: position, observers: record.observers))
            return aggregates.count - 1
        }
        key.source = UInt32(group(Int(connection.source)))
        key.destination = UInt32(destinationGroup(connection, record))
        return self.position(of: key, first: position, observers: record.observers)
    }

    /// The position of the aggregate of a key, a new one where there is none yet.
    private mutating func position(of key: AggregateKey, first: Int, observers: UInt32) -> Int {
        let words = key.words
        let known = Int(positions.value(words.0, words.1, orInsert: UInt32(aggregates.count)))
        if known == aggregates.count { aggregates.append(Aggregate(key: key, first: first, observers: observers)) }
        return known
    }

    private func port(_ record: ConnectionRecord) -> UInt32 {
        guard grouping.keepsPorts, record.transport.hasPorts else { return AggregateKey.noPort }
        return ephemeral.isEphemeral(record) ? AggregateKey.ephemeralPort : UInt32(record.server.port)
    }

    private mutating func group(_ identity: Int) -> Int32 {
        if groups[identity] >= 0 { return groups[identity] }
        let group = position(of: FlowEnd(resolved.identities[identity], grouping: grouping))
        groups[identity] = group
        return group
    }

    /// By service, the server's side is the service dialled, or the one service that the endpoint stands behind.
    private mutating func destinationGroup(_ connection: ResolvedConnection, _ record: ConnectionRecord) -> Int32 {
        guard grouping == .service else { return group(Int(connection.destination)) }
        let service =
            connection.service.map { resolved.services[Int($0)] }
            ?? resolved.inventory.service(
                backedBy: addresses[record.server.address],
                port: record.server.port,
                transport: record.transport
            )
        guard let service else { return group(Int(connection.destination)) }
        let name = "\(service.namespace)/\(service.name)"
        var end = FlowEnd(name: name, kind: .service)
        end.namespace = service.namespace
        end.service = name
        return position(of: end)
    }

    private mutating func position(of end: FlowEnd) -> Int32 {
        if let known = groupPositions[end] { return known }
        ends.append(end)
        groupPositions[end] = Int32(ends.count - 1)
        return Int32(ends.count - 1)
    }
}
