import FirewallRules
import NetModel

/// Which connections a way to a dropping rule names, where it names few enough.
///
/// A rule that was hit tells that some packets ended there, not whose. It is evidence for one connection only if it
/// applies to that one for certain and to few others. So every condition on the way has to be one that a tuple decides,
/// and besides the way has to name
/// - a port (up to 256 of them; a range of half the ports names none) and a network of at least 24 bits in IPv4 and 64 in
///   IPv6: what a node's pods or a link commonly have, so that nothing wider than one node's pods stands for "this
///   service on that address"; or
/// - a protocol and single addresses: without a port only a host is as narrow as that.
///
/// Interfaces are not known of a connection: with one on the way the rule may not be for these packets at all.
struct Pins {
    /// What an address of the packet has to be within; of source and destination the one that fewer networks name.
    let networks: [IPPrefix]
    let isDestination: Bool
    /// The destination port, where there is but one.
    let port: UInt16?

    private static let mostPorts = 256
    /// A set with more elements is not gone through for every connection.
    static let mostElements = 1_024

    /// Nil where the way does not name few enough.
    init?(_ matches: [RuleMatch], sets: (String) -> [RuleSet.Element]?) {
        var conditions: [[RuleMatch]] = []
        for match in matches {
            guard match.others.isEmpty, match.inInterface == nil, match.outInterface == nil else { return nil }
            conditions.append([match])
            for name in match.sets {
                guard let elements = sets(name), !elements.isEmpty, elements.count <= Self.mostElements,
                    elements.allSatisfy(\.match.isDecidedByTuple)
                else { return nil }
                conditions.append(elements.map(\.match))
            }
        }

        let ports = Self.fewest(conditions, \.destinationPorts, Self.names)
        let hasPort = ports != nil || Self.fewest(conditions, \.sourcePorts, Self.names) != nil
        let hasProtocol = Self.fewest(conditions, \.transport) { _ in true } != nil
        guard hasPort || hasProtocol else { return nil }
        func isNarrow(_ prefixes: [IPPrefix]) -> Bool {
            prefixes.allSatisfy { $0.isNarrow(single: !hasPort) }
        }
        let destinations = Self.fewest(conditions, \.destination, isNarrow)
        let sources = Self.fewest(conditions, \.source, isNarrow)
        switch (destinations, sources) {
        case (let destinations?, let sources?):
            isDestination = destinations.count <= sources.count
            networks = isDestination ? destinations : sources
        case (let destinations?, nil): (networks, isDestination) = (destinations, true)
        case (nil, let sources?): (networks, isDestination) = (sources, false)
        case (nil, nil): return nil
        }
        port = ports.flatMap { $0.count == 1 && $0[0].count == 1 ? $0[0].lowerBound : nil }
    }

    /// What the conditions list of one kind, of the lists that pass the test the shortest; nil where none does.
    private static func fewest<Value>(
        _ conditions: [[RuleMatch]],
        _ part: KeyPath<RuleMatch, RuleMatch.Either<Value>?>,
        _ isNamed: ([Value]) -> Bool
    ) -> [Value]? {
        var found: [Value]?
        for alternatives in conditions {
            var values: [Value] = []
            var isListed = true
            for match in alternatives {
                guard let either = match[keyPath: part], !either.isNegated, !either.values.isEmpty else {
                    isListed = false
                    break
                }
                values += either.values
            }
            if isListed, isNamed(values), values.count < found?.count ?? .max { found = values }
        }
        return found
    }

    private static func names(_ ports: [ClosedRange<UInt16>]) -> Bool {
        ports.reduce(0) { min($0 + $1.count, mostPorts + 1) } <= mostPorts
    }
}

extension IPPrefix {
    /// Whether it holds a single address, or else no more than one node's pods.
    func isNarrow(single: Bool) -> Bool {
        let width = network.bitWidth
        return length >= (single ? width : network.isIPv4 ? 24 : 64)
    }
}
