import Inventory
import NetModel

/// Connections summed by a grouping, ready to be sorted and shown.
///
/// A flow is made when it is asked for: a million connections need a million small sums, not a million flows.
package struct FlowSet: Sendable {
    package let grouping: Grouping
    package let resolved: ResolvedConnections
    /// The positions of the connections, where each is a flow of its own.
    let single: [UInt32]
    /// The keys of the flows that sum connections, and their sums.
    let keys: [FlowKey]
    let sums: [FlowSums]
    let ends: [FlowEnd]
    let observerSets: ObserverSets
    private let oppositeDials: Set<UInt64>
    private let evidence: [Int: SharedEvidence]

    /// What was left out of the flows.
    package let omitted: OmittedFlows

    /// Sums the connections that pass the filter.
    ///
    /// - Parameter includesAll: also list kubelet probes and connections that carry others.
    package init(_ resolved: ResolvedConnections, by grouping: Grouping, filter: FlowFilter, includesAll: Bool) {
        var builder = FlowSetBuilder(
            resolved,
            grouping: grouping,
            filter: filter,
            includesAll: includesAll,
            includesIdle: false,
            keepsPorts: grouping.keepsPorts,
            tally: NoTally()
        )
        builder.add(resolved.connections.indices)
        self.init(resolved, builder)
    }

    /// The same, on as many cores as `parts` says. The flows are the same whatever their number.
    @concurrent
    package static func sum(
        _ resolved: ResolvedConnections,
        by grouping: Grouping,
        filter: FlowFilter,
        includesAll: Bool,
        parts: Int
    ) async -> FlowSet {
        let empty = FlowSetBuilder(
            resolved,
            grouping: grouping,
            filter: filter,
            includesAll: includesAll,
            includesIdle: false,
            keepsPorts: grouping.keepsPorts,
            tally: NoTally()
        )
        return FlowSet(resolved, await empty.filled(parts: parts))
    }

    init(_ resolved: ResolvedConnections, _ builder: FlowSetBuilder<some ConnectionTally>) {
        grouping = builder.grouping
        self.resolved = resolved
        omitted = builder.omitted
        single = builder.single
        keys = builder.keys
        sums = builder.sums
        ends = builder.ends
        observerSets = builder.observerSets
        oppositeDials = builder.oppositeDials()
        evidence = builder.evidence
    }

    /// How many flows there are; their positions are `0..<count`.
    package var count: Int { grouping == .connection ? single.count : sums.count }

    /// The flow at a position.
    package subscript(position: Int) -> Flow {
        grouping == .connection ? connectionFlow(position) : sumFlow(position)
    }

    /// The sums of the flow at a position, made on the spot for a single connection.
    func sums(_ position: Int) -> FlowSums {
        guard grouping == .connection else { return sums[position] }
        let connection = resolved.connections[Int(single[position])]
        let record = resolved.table.records[Int(single[position])]
        var sums = FlowSums(observers: record.observers)
        let direction = FlowDirection.ofDial(
            from: resolved.identities[Int(connection.source)].kind,
            to: resolved.identities[Int(connection.destination)].kind
        )
        let window = resolved.table.window(of: Int(single[position]))
        let result = ConnectionResult(of: record, window, in: resolved.table.addresses)
        sums.add(record, window, result, direction: direction, in: resolved.table.addresses)
        return sums
    }

    private func sumFlow(_ position: Int) -> Flow {
        let key = keys[position]
        let sums = sums[position]
        var flow = Flow(
            source: ends[Int(key.source)],
            destination: ends[Int(key.destination)],
            transport: key.transport
        )
        if key.port < FlowKey.noPort { flow.destinationPort = UInt16(key.port) }
        tell(sums, in: &flow)
        flow.evidence = evidence[position]?.number.map { resolved.evidence.all[$0] }
        flow.leg = key.leg
        if key.service > 0 {
            flow.service = resolved.services[Int(key.service) - 1].description
            flow.dialled = sums.dialled.map { resolved.table.addresses[$0.address] }
        }
        let isBothWays =
            sums.carriedPayloadBothWays || oppositeDials.contains(key.pair)
        if isBothWays, !sums.directions.isEmpty { flow.direction = .bidirectional }
        return flow
    }

    private func connectionFlow(_ position: Int) -> Flow {
        let connection = resolved.connections[Int(single[position])]
        let record = resolved.table.records[Int(single[position])]
        let addresses = resolved.table.addresses
        var source = FlowEnd(resolved.identities[Int(connection.source)], grouping: .connection)
        var destination = FlowEnd(resolved.identities[Int(connection.destination)], grouping: .connection)
        source.address = addresses[record.client.address]
        destination.address = addresses[record.server.address]
        var flow = Flow(source: source, destination: destination, transport: record.transport)
        flow.isConnection = true
        if record.transport.hasPorts {
            flow.sourcePort = record.client.port
            flow.destinationPort = record.server.port
        }
        if record.dialled != record.server {
            flow.dialled = addresses[record.dialled.address]
            if record.transport.hasPorts { flow.dialledPort = record.dialled.port }
        }
        if record.client != record.seenClient {
            flow.translatedSource = addresses[record.seenClient.address]
            if record.transport.hasPorts { flow.translatedSourcePort = record.seenClient.port }
        }
        tell(sums(position), in: &flow)
        flow.evidence = resolved.evidence.number(of: Int(single[position])).map { resolved.evidence.all[$0] }
        flow.leg = connection.leg
        flow.service = connection.service.map { resolved.services[Int($0)].description }
        flow.turnedRound = record.flags.contains(.turnedRound)
        return flow
    }

    /// The names of a set of observers, in alphabetical order.
    func observerNames(_ set: UInt32) -> [String] {
        observerSets[set].map { resolved.table.observers[Int($0)].name }.sorted()
    }

    /// How many connections are new; nil where no observer of theirs reported events or had a window.
    func newConnections(_ sums: FlowSums) -> Int? {
        resolved.table.tellsNew(anyOf: observerSets[sums.observers]) ? Int(sums.opened) : nil
    }

    /// How many failed; nil when none is known to have, but of some nobody knows.
    func failedConnections(_ sums: FlowSums) -> Int? {
        sums.failed == 0 && sums.verdicts.contains(.unknown) ? nil : Int(sums.failed)
    }

    /// What both directions carried, and over how many seconds: over the window where there is one, else over the time
    /// from the first beginning on. Nil where either is not known.
    func carried(_ sums: FlowSums) -> (carried: Counters, seconds: Double)? {
        carried(sums, seenBy: observerSets[sums.observers])
    }

    /// The same of sums whose observers are known otherwise.
    func carried(_ sums: FlowSums, seenBy observers: [UInt16]) -> (carried: Counters, seconds: Double)? {
        guard sums.hasWindow else { return sums.timedSeconds.map { (sums.timed, $0) } }
        guard sums.sentWithin != nil || sums.receivedWithin != nil,
            let window = resolved.table.window(ofAny: observers)
        else { return nil }
        return ((sums.sentWithin ?? .zero) + (sums.receivedWithin ?? .zero), window.seconds)
    }

    private func tell(_ sums: FlowSums, in flow: inout Flow) {
        flow.direction = sums.directions.only
        flow.verdict = sums.verdicts.only
        flow.outcome = sums.outcomes.only
        flow.state = sums.states.only
        flow.connections = Int(sums.connections)
        flow.countedConnections = Int(sums.counted)
        flow.newConnections = newConnections(sums)
        flow.failedConnections = failedConnections(sums)
        flow.totalSent = sums.sent
        flow.totalReceived = sums.received
        flow.durationSeconds = sums.longest
        flow.hasWindow = sums.hasWindow
        flow.sent = sums.sentWithin
        flow.received = sums.receivedWithin
        if let (carried, seconds) = carried(sums) {
            flow.bytesPerSecond = Double(carried.bytes) / seconds
            flow.packetsPerSecond = Double(carried.packets) / seconds
        }
        flow.timestamp = sums.latest.map(Timestamp.init(nanoseconds:))
        flow.observers = observerNames(sums.observers)
    }
}

/// What a list of flows does not show, for its footer.
package struct OmittedFlows: Hashable, Sendable {
    /// The kubelet's probes of containers on its own node.
    package var probes = 0
    /// Connections that carry others in the same table: overlays' outer flows, legs to a proxy in the same pod.
    package var carriers = 0
    /// Connections that carried nothing throughout their window.
    package var idle = 0

    package init() {}
}
