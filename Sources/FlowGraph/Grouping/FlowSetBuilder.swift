import Inventory
import NetModel

/// Adds connections up, one sum a key.
struct FlowSetBuilder<Tally: ConnectionTally> {
    /// The positions of the wanted connections, where each is a flow of its own.
    private(set) var single: [UInt32] = []
    /// The keys of the flows that sum connections, and their sums.
    private(set) var keys: [FlowKey] = []
    private(set) var sums: [FlowSums] = []
    private(set) var ends: [FlowEnd] = []
    private(set) var observerSets: ObserverSets
    private(set) var omitted = OmittedFlows()
    /// Of sums with connections that a component dropped what it said of them.
    private(set) var evidence: [Int: SharedEvidence] = [:]
    /// What is kept beside the sums.
    private(set) var tally: Tally
    let grouping: Grouping
    private let resolved: ResolvedConnections
    private let addresses: AddressTable
    private let records: RecordStore
    private let hasWindows: Bool
    private let matcher: FlowMatcher
    private let includesAll: Bool
    /// Whether connections that were idle throughout their window are only counted: where nobody asks for them.
    private let leavesOutIdle: Bool
    private let keepsPorts: Bool
    /// The kind of every identity: an identity is large, and this is all that every connection needs of it.
    private let kinds: [Identity.Kind]
    /// Position of the group of every identity, -1 where not yet known.
    private var groups: [Int32]
    private var groupPositions: [FlowEnd.Group: Int32] = [:]
    private var positions = PairIndex()

    /// A connection that is being added, and the observers of its sums when they were looked at.
    private struct Target {
        let position: Int
        let key: FlowKey
        let result: ConnectionResult
        let direction: FlowDirection?
        var sum = 0
        var observers: UInt32 = 0
    }

    /// What is being added, and where its keys may be; kept for their memory.
    private var block: [Target] = []
    private var glimpsed: [UInt32] = []
    private static var blockSize: Int { 256 }

    /// - Parameters:
    ///   - includesIdle: also add connections that were idle throughout their window.
    ///   - keepsPorts: tell flows apart by server port and by the service dialled.
    init(
        _ resolved: ResolvedConnections,
        grouping: Grouping,
        filter: FlowFilter,
        includesAll: Bool,
        includesIdle: Bool,
        keepsPorts: Bool,
        tally: Tally
    ) {
        self.resolved = resolved
        addresses = resolved.table.addresses
        records = resolved.table.records
        hasWindows = resolved.hasWindows
        self.grouping = grouping
        self.includesAll = includesAll
        self.keepsPorts = keepsPorts
        self.tally = tally
        leavesOutIdle = hasWindows && !includesAll && !includesIdle && !filter.outcomes.wanted.contains(.idle)
        matcher = FlowMatcher(filter, resolved: resolved)
        observerSets = resolved.table.observerSets
        kinds = resolved.identities.map(\.kind)
        groups = [Int32](repeating: -1, count: resolved.identities.count)
    }

    /// The builder with all connections added, on as many cores as `parts` says.
    func filled(parts: Int) async -> FlowSetBuilder {
        let count = resolved.connections.count
        let bits = Partition.pieceBits(of: count, workers: parts)
        let builders = await Partition.share(count, bits: bits, among: parts, from: self) { builder, _, range in
            builder.add(range)
        }
        var whole = builders[0]
        for builder in builders.dropFirst() { whole.merge(builder) }
        return whole
    }

    /// Adds those of a range of connections that are wanted.
    mutating func add(_ range: Range<Int>) {
        // These are large, and would be copied for every call of what changes the builder.
        let (resolved, matcher, addresses) = (resolved, matcher, addresses)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.blockSize) {
            addBlock(start..<min(start + Self.blockSize, range.upperBound), resolved, matcher, addresses)
        }
    }

    private mutating func addBlock(
        _ range: Range<Int>,
        _ resolved: ResolvedConnections,
        _ matcher: FlowMatcher,
        _ addresses: AddressTable
    ) {
        let acceptsAll = matcher.acceptsAll
        block.removeAll(keepingCapacity: true)
        for position in range {
            let connection = resolved.connections[position]
            guard !connection.marks.contains(.absorbed), acceptsAll || matcher.accepts(position) else { continue }
            if !includesAll, connection.marks.contains(.probe) {
                omitted.probes += 1
            } else if !includesAll, connection.marks.contains(.carriesOthers) {
                omitted.carriers += 1
            } else if grouping == .connection, !leavesOutIdle {
                single.append(UInt32(position))
            } else {
                let record = records[position]
                let window = hasWindows ? resolved.table.window(of: position) : nil
                addToBlock(connection, record, at: position, ConnectionResult(of: record, window, in: addresses))
            }
        }
        findSums()
        for target in block {
            add(target, hasWindows ? resolved.table.window(of: target.position) : nil, addresses)
        }
    }

    @inline(__always)
    private mutating func addToBlock(
        _ connection: ResolvedConnection,
        _ record: ConnectionRecord,
        at position: Int,
        _ result: ConnectionResult
    ) {
        if leavesOutIdle, result.isIdle {
            omitted.idle += 1
        } else if grouping == .connection {
            single.append(UInt32(position))
        } else {
            let direction = FlowDirection.ofDial(
                from: kinds[Int(connection.source)],
                to: kinds[Int(connection.destination)]
            )
            block.append(
                Target(position: position, key: key(connection, record), result: result, direction: direction))
        }
    }

    /// Finds the sums of each connection of the block.
    private mutating func findSums() {
        // Keys and sums are far away in memory. Looking at those of all connections first, nothing waiting for anything,
        // lets the processor fetch many at once.
        positions.glimpse(block.count, into: &glimpsed) { number in
            let words = block[number].key.words
            return PairIndex.Pair(first: words.0, second: words.1)
        }
        for number in block.indices {
            let words = block[number].key.words
            let isKnown = positions.isNumber(glimpsed[number], of: words.0, words.1)
            let sum =
                isKnown
                ? Int(glimpsed[number]) - 1
                : position(of: block[number].key, observers: records[block[number].position].observers)
            block[number].sum = sum
            block[number].observers = sums[sum].observers
        }
    }

    /// Adds what another builder of the same connections added up.
    mutating func merge(_ other: FlowSetBuilder) {
        omitted.probes += other.omitted.probes
        omitted.carriers += other.omitted.carriers
        omitted.idle += other.omitted.idle
        single += other.single
        let moved = other.ends.map { position(of: $0) }
        var movedFlows: [Int] = []
        for (number, sums) in other.sums.enumerated() {
            var key = other.keys[number]
            key.source = UInt32(moved[Int(key.source)])
            key.destination = UInt32(moved[Int(key.destination)])
            let observers = observerSets.number(of: other.observerSets[sums.observers])
            let position = position(of: key, observers: observers)
            if let evidence = other.evidence[number] { note(evidence, of: position) }
            self.sums[position].merge(sums)
            self.sums[position].observers = observerSets.union(self.sums[position].observers, observers)
            movedFlows.append(position)
        }
        tally.merge(other.tally, moved: movedFlows)
    }

    @inline(__always)
    private mutating func add(
        _ target: Target,
        _ window: ConnectionWindow?,
        _ addresses: AddressTable
    ) {
        let record = records[target.position]
        sums[target.sum].add(record, window, target.result, direction: target.direction, in: addresses)
        if !record.flags.isDisjoint(with: .dropsTold) {
            note(SharedEvidence(resolved.evidence.number(of: target.position)), of: target.sum)
        }
        // A set only grows: what it held when it was looked at it still holds.
        if target.observers != record.observers {
            sums[target.sum].observers = observerSets.union(sums[target.sum].observers, record.observers)
        }
        tally.add(record, at: target.position, window, target.result, to: target.sum)
    }

    private mutating func note(_ evidence: SharedEvidence, of sum: Int) {
        self.evidence[sum, default: evidence].take(evidence)
    }

    /// Pairs of groups of which each side dialled the other.
    func oppositeDials() -> Set<UInt64> {
        var dials = Set<UInt64>()
        for key in keys { dials.insert(key.pair) }
        return dials.filter { pair in
            pair >> 32 != pair & 0xFFFF_FFFF && dials.contains((pair >> 32) | (pair << 32))
        }
    }

    private mutating func key(_ connection: ResolvedConnection, _ record: ConnectionRecord) -> FlowKey {
        FlowKey(
            source: UInt32(group(Int(connection.source))),
            destination: UInt32(destinationGroup(connection, record)),
            service: (keepsPorts ? connection.service : nil).map { $0 + 1 } ?? 0,
            port: port(record),
            transport: record.transport,
            leg: connection.leg
        )
    }

    /// The position of the sums of a key, new ones where there are none yet.
    private mutating func position(of key: FlowKey, observers: UInt32) -> Int {
        let words = key.words
        let position = positions.insert(words.0, words.1)
        if position == sums.count {
            keys.append(key)
            sums.append(FlowSums(observers: observers))
        }
        return position
    }

    private func port(_ record: ConnectionRecord) -> UInt32 {
        guard keepsPorts, record.transport.hasPorts else { return FlowKey.noPort }
        return resolved.highPorts.isEphemeral(record) ? FlowKey.ephemeralPort : UInt32(record.server.port)
    }

    private mutating func group(_ identity: Int) -> Int32 {
        if groups[identity] >= 0 { return groups[identity] }
        let group = position(of: Self.end(identity, of: resolved.identities, grouping: grouping))
        groups[identity] = group
        return group
    }

    /// The end that an identity is. Not of the builder, which may be changed at the same time for all that the compiler
    /// knows: it would copy the identity, and count a reference to each of its texts.
    private static func end(_ identity: Int, of identities: [Identity], grouping: Grouping) -> FlowEnd {
        FlowEnd(identities[identity], grouping: grouping)
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
        if let known = groupPositions[end.group] {
            ends[Int(known)].keepCommon(with: end)
            return known
        }
        ends.append(end)
        groupPositions[end.group] = Int32(ends.count - 1)
        return Int32(ends.count - 1)
    }
}
