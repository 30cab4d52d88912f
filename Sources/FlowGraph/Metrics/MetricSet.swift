import Inventory
import NetModel

/// The metrics of all pairs of a source and a destination that connections were seen between.
///
/// A pair is known by the names of its two ends. Its flows, one a port, protocol and service, are summed when the pair
/// is asked for.
package struct MetricSet: Sendable {
    /// Whether a connection was seen within a window.
    package let hasWindow: Bool
    /// What was left out of the metrics; idle connections are a part of them.
    package let omitted: OmittedFlows
    let flows: FlowSet
    private let ends: [FlowEnd]
    /// The two ends of every pair.
    private var pairs = PairIndex()
    /// The positions of the pairs' flows, pair by pair, and where those of each pair begin.
    private let members: [UInt32]
    private let begins: [Int]
    private let counts: [AttemptTally.Counts]
    /// Of each observer, whether it could see refused connections.
    private let showsRefused: [Bool]

    /// Sums the connections that pass the filter, on as many cores as `parts` says. The metrics are the same whatever
    /// their number.
    ///
    /// - Parameters:
    ///   - grouping: what the ends of pairs are; single connections have no metrics of their own and count as `pod`.
    ///   - coverage: who could see refused connections.
    ///   - includesAll: also count kubelet probes and connections that carry others.
    @concurrent
    package static func sum(
        _ resolved: ResolvedConnections,
        by grouping: Grouping,
        coverage: Coverage,
        filter: FlowFilter,
        includesAll: Bool,
        parts: Int
    ) async -> MetricSet {
        let empty = FlowSetBuilder(
            resolved,
            grouping: grouping == .connection ? .pod : grouping,
            filter: filter,
            includesAll: includesAll,
            includesIdle: true,
            keepsPorts: true,
            tally: AttemptTally(resolved)
        )
        let builder = await empty.filled(parts: parts)
        return MetricSet(FlowSet(resolved, builder), builder.tally, coverage: coverage)
    }

    private init(_ flows: FlowSet, _ tally: AttemptTally, coverage: Coverage) {
        self.flows = flows
        hasWindow = flows.resolved.hasWindows
        omitted = flows.omitted
        let named = NamedEnds(flows.ends)
        ends = named.ends
        var pairOfFlow: [UInt32] = []
        pairOfFlow.reserveCapacity(flows.keys.count)
        for key in flows.keys {
            let source = named.positions[Int(key.source)]
            let destination = named.positions[Int(key.destination)]
            pairOfFlow.append(UInt32(pairs.insert(UInt64(source), UInt64(destination))))
        }
        (members, begins) = Self.sorted(pairOfFlow, count: pairs.count)
        counts = tally.counts(ofPairs: pairOfFlow, count: pairs.count)
        let seeing = Set(
            coverage.sources.filter(\.showsRefused).map { Observer(name: $0.name, isNode: $0.isNode) })
        showsRefused = flows.resolved.table.observers.map(seeing.contains)
    }

    /// The positions of flows in the order of their pairs, and where each pair's begin, with the end of the last.
    private static func sorted(_ pairOfFlow: [UInt32], count: Int) -> (members: [UInt32], begins: [Int]) {
        var begins = [Int](repeating: 0, count: count + 1)
        for pair in pairOfFlow { begins[Int(pair) + 1] += 1 }
        for pair in 0..<count { begins[pair + 1] += begins[pair] }
        var next = begins
        var members = [UInt32](repeating: 0, count: pairOfFlow.count)
        for (flow, pair) in pairOfFlow.enumerated() {
            members[next[Int(pair)]] = UInt32(flow)
            next[Int(pair)] += 1
        }
        return (members, begins)
    }

    /// How many pairs there are; their positions are `0..<count`.
    package var count: Int { pairs.count }

    /// The metrics of the pair at a position.
    package subscript(position: Int) -> PairMetrics {
        let members = members(position)
        let sums = sums(position)
        let observers = observers(position)
        var metrics = PairMetrics(
            source: ends[ends(position).source],
            destination: ends[ends(position).destination],
            transport: largestTransport(members)
        )
        if let (carried, seconds) = flows.carried(sums, seenBy: observers) {
            metrics.bytesPerSecond = Double(carried.bytes) / seconds
            metrics.packetsPerSecond = Double(carried.packets) / seconds
        }
        metrics.connections = Int(sums.connections)
        metrics.ports = ports(members)
        if sums.hasWindow { metrics.activeConnections = Int(counts[position].active) }
        metrics.isActive = isActive(position, sums)
        metrics.direction = direction(position, sums)
        metrics.attempts = attempts(position, observers)
        metrics.failedAttempts = failedAttempts(position, observers)
        metrics.totalSent = sums.sent
        metrics.totalReceived = sums.received
        metrics.observers = observers.map { flows.resolved.table.observers[Int($0)].name }.sorted()
        return metrics
    }

    /// The positions of the two ends of a pair.
    func ends(_ position: Int) -> (source: Int, destination: Int) {
        (Int(pairs.pairs[position].first), Int(pairs.pairs[position].second))
    }

    /// The place of every end's name in alphabetical order.
    func nameRanks() -> [Int] {
        var ranks = [Int](repeating: 0, count: ends.count)
        for (rank, end) in ends.indices.sorted(by: { ends[$0].name < ends[$1].name }).enumerated() { ranks[end] = rank }
        return ranks
    }

    private func members(_ position: Int) -> ArraySlice<UInt32> {
        members[begins[position]..<begins[position + 1]]
    }

    /// The sums of all flows of a pair.
    func sums(_ position: Int) -> FlowSums {
        let members = members(position)
        var sums = flows.sums[Int(members[members.startIndex])]
        for member in members.dropFirst() { sums.merge(flows.sums[Int(member)]) }
        return sums
    }

    /// Those that saw any connection of a pair.
    func observers(_ position: Int) -> [UInt16] {
        let members = members(position)
        let first = flows.sums[Int(members[members.startIndex])].observers
        // Nearly always all of a pair were seen by the same.
        guard members.contains(where: { flows.sums[Int($0)].observers != first }) else {
            return flows.observerSets[first]
        }
        let sets = Set(members.lazy.map { flows.sums[Int($0)].observers })
        return Set(sets.flatMap { flows.observerSets[$0] }).sorted()
    }

    private func attempts(_ position: Int, _ observers: [UInt16]) -> Int? {
        observers.allSatisfy { showsRefused[Int($0)] } ? Int(counts[position].attempts) : nil
    }

    private func failedAttempts(_ position: Int, _ observers: [UInt16]) -> Int? {
        guard attempts(position, observers) != nil else { return nil }
        let counts = counts[position]
        return counts.failed == 0 && counts.undecided > 0 ? nil : Int(counts.failed)
    }

    /// The share of failed attempts of a pair; nil where it is not known.
    func errorRate(_ position: Int) -> Double? {
        let observers = observers(position)
        guard let attempts = attempts(position, observers), let failed = failedAttempts(position, observers),
            attempts > 0
        else { return nil }
        return Double(failed) / Double(attempts)
    }

    private func isActive(_ position: Int, _ sums: FlowSums) -> Bool? {
        let counts = counts[position]
        if counts.active > 0 { return true }
        return counts.inactive == sums.connections ? false : nil
    }

    /// That of all dials; bidirectional when each end dialled the other, or both directions carried payload.
    private func direction(_ position: Int, _ sums: FlowSums) -> FlowDirection? {
        guard !sums.directions.isEmpty else { return nil }
        let pair = pairs.pairs[position]
        let isOpposed = pair.first != pair.second && pairs[pair.second, pair.first] != nil
        return sums.carriedPayloadBothWays || isOpposed ? .bidirectional : sums.directions.only
    }

    private func ports(_ members: ArraySlice<UInt32>) -> [UInt16] {
        var ports = members.map { flows.keys[Int($0)].port }.filter { $0 < FlowKey.noPort }.map { UInt16($0) }
        guard ports.count > 1 else { return ports }
        ports.sort()
        var different: [UInt16] = []
        for port in ports where port != different.last { different.append(port) }
        return different
    }

    private func largestTransport(_ members: ArraySlice<UInt32>) -> TransportProtocol {
        let first = flows.keys[Int(members[members.startIndex])].transport
        guard members.contains(where: { flows.keys[Int($0)].transport != first }) else { return first }
        var sizes: [UInt8: (bytes: UInt64, connections: UInt64)] = [:]
        for member in members {
            let sums = flows.sums[Int(member)]
            let carried = (sums.sentShown ?? .zero) + (sums.receivedShown ?? .zero)
            let known = sizes[flows.keys[Int(member)].transport.rawValue] ?? (0, 0)
            let (bytes, overflow) = known.bytes.addingReportingOverflow(carried.bytes)
            sizes[flows.keys[Int(member)].transport.rawValue] = (
                overflow ? .max : bytes, known.connections + UInt64(sums.connections)
            )
        }
        let largest = sizes.max { left, right in
            let one = (left.value.bytes, left.value.connections, right.key)
            return one < (right.value.bytes, right.value.connections, left.key)
        }
        return largest.map { TransportProtocol(rawValue: $0.key) } ?? first
    }
}
