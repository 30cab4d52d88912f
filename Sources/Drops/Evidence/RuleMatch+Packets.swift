import FirewallRules
import NetModel

/// Whether a rule applies to a packet, as far as a connection's tuple tells.
enum Applicability {
    case yes, no, unknown

    static func && (left: Applicability, right: @autoclosure () -> Applicability) -> Applicability {
        if left == .no { return .no }
        let right = right()
        return right == .no ? .no : left == .yes ? right : .unknown
    }
}

extension RuleMatch {
    /// - Parameter sets: the elements of a set by its name; nil for one that is not known.
    func applies(to packet: ObservedPacket, sets: (String) -> [RuleSet.Element]?) -> Applicability {
        guard appliesByTuple(to: packet) else { return .no }
        var result: Applicability =
            others.isEmpty && inInterface == nil && outInterface == nil ? .yes : .unknown
        if let states { result = result && Self.applies(states, negated: statesAreNegated, to: packet) }
        for name in self.sets {
            guard result != .no else { return .no }
            guard let elements = sets(name) else {
                result = .unknown
                continue
            }
            // Nothing but the elements' tuples is looked at: what only they hold besides makes them unknown.
            var found = Applicability.no
            for element in elements where element.match.appliesByTuple(to: packet) {
                if element.match.isDecidedByTuple {
                    found = .yes
                    break
                }
                found = .unknown
            }
            // A lookup that the elements do not decide stands among `others`, too.
            if found == .no, !others.isEmpty { found = .unknown }
            result = result && found
        }
        return result
    }

    /// Whether addresses, protocol and ports alone decide it.
    var isDecidedByTuple: Bool {
        others.isEmpty && sets.isEmpty && states == nil && inInterface == nil && outInterface == nil
    }

    func appliesByTuple(to packet: ObservedPacket) -> Bool {
        if let transport, !transport.holds({ $0 == packet.transport }) { return false }
        if let destination, !destination.holds({ $0.contains(packet.destination) }) { return false }
        if let source, !source.holds({ $0.contains(packet.source) }) { return false }
        if destinationPorts == nil, sourcePorts == nil { return true }
        guard packet.transport.hasPorts else { return false }
        if let destinationPorts, !destinationPorts.holds({ $0.contains(packet.destinationPort) }) { return false }
        if let sourcePorts, !sourcePorts.holds({ $0.contains(packet.sourcePort) }) { return false }
        return true
    }

    /// The first packets of an attempt that nobody answers are NEW, however often they are sent; what the server answers
    /// is ESTABLISHED. Whether the translation was made on this node, and so whether the packet counts as DNAT here, is
    /// not known.
    private static func applies(_ states: States, negated: Bool, to packet: ObservedPacket) -> Applicability {
        let isListed: Applicability =
            if states.contains(packet.direction == .original ? .new : .established) {
                .yes
            } else if states.contains(.dnat) && packet.isTranslated || states.contains(.snat) && packet.isMasqueraded {
                .unknown
            } else {
                .no
            }
        guard negated else { return isListed }
        return isListed == .yes ? .no : isListed == .no ? .yes : .unknown
    }
}

extension RuleMatch.Either {
    func holds(_ test: (Value) -> Bool) -> Bool {
        values.contains(where: test) != isNegated
    }
}
