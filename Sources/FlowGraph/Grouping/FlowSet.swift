import Inventory
import NetModel

/// Connections summed by a grouping, ready to be sorted and shown.
///
/// A flow is made when it is asked for: a million connections need a million small sums, not a million flows.
package struct FlowSet: Sendable {
    package let grouping: Grouping
    package let resolved: ResolvedConnections
    let aggregates: [Aggregate]
    let ends: [FlowEnd]
    let observerSets: ObserverSets
    private let oppositeDials: Set<UInt64>

    /// What was left out of the flows.
    package let omitted: OmittedFlows

    /// Sums the connections that pass the filter.
    ///
    /// - Parameter includesAll: also list kubelet probes and connections that carry others.
    package init(_ resolved: ResolvedConnections, by grouping: Grouping, filter: FlowFilter, includesAll: Bool) {
        var builder = FlowSetBuilder(resolved, grouping: grouping, filter: filter, includesAll: includesAll)
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
        let empty = FlowSetBuilder(resolved, grouping: grouping, filter: filter, includesAll: includesAll)
        let ranges = Partition.ranges(of: resolved.connections.count, parts: parts)
        let builders = await Partition.map(ranges) { range in
            var builder = empty
            builder.add(range)
            return builder
        }
        var whole = builders.first ?? empty
        for builder in builders.dropFirst() { whole.merge(builder) }
        return FlowSet(resolved, whole)
    }

    private init(_ resolved: ResolvedConnections, _ builder: FlowSetBuilder) {
        grouping = builder.grouping
        self.resolved = resolved
        omitted = builder.omitted
        aggregates = builder.aggregates
        ends = builder.ends
        observerSets = builder.observerSets
        oppositeDials = builder.oppositeDials()
    }

    /// How many flows there are; their positions are `0..<count`.
    package var count: Int { aggregates.count }

    /// The flow at a position.
    package subscript(position: Int) -> Flow {
        let aggregate = aggregates[position]
        return grouping == .connection ? connectionFlow(aggregate) : sumFlow(aggregate)
    }

    private func sumFlow(_ aggregate: Aggregate) -> Flow {
        let key = aggregate.key
        var flow = Flow(
            source: ends[Int(key.source)],
            destination: ends[Int(key.destination)],
            transport: key.transport
        )
        if key.port < AggregateKey.noPort { flow.destinationPort = UInt16(key.port) }
        tellSums(aggregate, in: &flow)
        if key.service > 0, let dialled = aggregate.dialled {
            flow.dialled = resolved.table.addresses[dialled.address]
        }
        let isBothWays =
            aggregate.payloadBothWays
            || oppositeDials.contains(FlowSetBuilder.pair(key.source, key.destination))
        flow.direction =
            isBothWays && !aggregate.directions.isEmpty ? .bidirectional : aggregate.directions.only
        return flow
    }

    private func connectionFlow(_ aggregate: Aggregate) -> Flow {
        let record = record(aggregate)
        let addresses = resolved.table.addresses
        let connection = resolved.connections[aggregate.first]
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
        tellSums(aggregate, in: &flow)
        flow.direction = aggregate.directions.only
        flow.turnedRound = record.flags.contains(.turnedRound)
        return flow
    }

    private func tellSums(_ aggregate: Aggregate, in flow: inout Flow) {
        flow.leg = aggregate.key.leg
        if aggregate.key.service > 0 { flow.service = resolved.services[Int(aggregate.key.service) - 1].description }
        flow.verdict = aggregate.verdicts.only
        flow.outcome = aggregate.outcomes.only
        flow.state = aggregate.states.only
        flow.connections = aggregate.connections
        flow.countedConnections = aggregate.counted
        flow.newConnections = resolved.table.hasEvents ? aggregate.opened : nil
        flow.failedConnections = aggregate.failed
        flow.totalSent = aggregate.sent
        flow.totalReceived = aggregate.received
        flow.durationSeconds = aggregate.longest
        if let longest = aggregate.longest, longest > 0, aggregate.sent != nil || aggregate.received != nil {
            flow.bytesPerSecond = Double(aggregate.timed.bytes) / longest
            flow.packetsPerSecond = Double(aggregate.timed.packets) / longest
        }
        flow.timestamp = aggregate.latest.map(Timestamp.init(nanoseconds:))
        flow.observers = observerSets[aggregate.observers].map { resolved.table.observers[Int($0)].name }.sorted()
    }

    private func record(_ aggregate: Aggregate) -> ConnectionRecord {
        resolved.table.records[Int(resolved.connections[aggregate.first].record)]
    }
}

/// What a list of flows does not show, for its footer.
package struct OmittedFlows: Hashable, Sendable {
    /// The kubelet's probes of containers on its own node.
    package var probes = 0
    /// Connections that carry others in the same table: overlays' outer flows, legs to a proxy in the same pod.
    package var carriers = 0

    package init() {}
}
