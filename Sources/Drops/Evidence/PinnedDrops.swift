import FirewallRules
import NetModel

/// The places of one node that can be evidence, found by the addresses that they name.
struct PinnedDrops: Sendable {
    private struct Pinned: Sendable {
        let drop: Int
        let graph: Int
        let way: DropWay
    }

    private struct Key: Hashable {
        let network: IPPrefix
        let isDestination: Bool
        let port: UInt16?
    }

    /// Whether a packet comes as far as a place whose conditions it meets.
    private struct Question: Hashable {
        let candidate: Int
        var packet: ObservedPacket
    }

    private var pinned: [Pinned] = []
    private var answers: [Question: Bool] = [:]
    private static let mostAnswers = 100_000
    private var positions: [Key: [Int]] = [:]
    /// The lengths of the networks named, each once.
    private var lengths4: [Int] = []
    private var lengths6: [Int] = []
    private var namesSources = false
    private var checks: [Int: PassageCheck] = [:]

    /// More places than these that name one address and port are not gone through.
    private static let mostCandidates = 64

    var isEmpty: Bool { pinned.isEmpty }

    init(_ node: NodeDrops) {
        for (position, drop) in node.drops.enumerated() where drop.isReachable && drop.counts.isHit {
            guard let location = drop.location, location.rule != nil else { continue }
            let graph = node.graphs[location.graph]
            if checks[location.graph] == nil { checks[location.graph] = PassageCheck(graph) }
            guard let check = checks[location.graph], let ways = node.ways(to: position), !ways.isEmpty else {
                continue
            }
            // One way that is not decided by tuples is enough for the hits to be others'.
            let pins = ways.compactMap { Pins($0.matches, sets: check.elements) }
            guard pins.count == ways.count else { continue }
            for (way, pins) in zip(ways, pins) {
                add(Pinned(drop: position, graph: location.graph, way: way), pins)
            }
        }
    }

    private mutating func add(_ entry: Pinned, _ pins: Pins) {
        for network in pins.networks {
            let key = Key(network: network, isDestination: pins.isDestination, port: pins.port)
            // A list may name a network twice.
            guard positions[key]?.last != pinned.count else { continue }
            positions[key, default: []].append(pinned.count)
            if network.network.isIPv4 {
                if !lengths4.contains(network.length) { lengths4.append(network.length) }
            } else if !lengths6.contains(network.length) {
                lengths6.append(network.length)
            }
        }
        namesSources = namesSources || !pins.isDestination
        pinned.append(entry)
    }

    /// The first drop that surely takes packets of the attempt, and which packets.
    ///
    /// - Parameter visitsLeft: how many rules may still be looked at.
    mutating func explanation(
        of attempt: ConnectionAttempt,
        at passage: Passage,
        _ visitsLeft: inout Int
    ) -> (drop: Int, direction: DropEvidence.Direction)? {
        let after = attempt.packets(at: ChainHook(place: .forward, priority: 0))
        let before = attempt.packets(at: ChainHook(place: .prerouting, priority: -300))
        var found: [Int] = []
        for packet in after { find(packet, &found) }
        for packet in before where !after.contains(packet) { find(packet, &found) }
        guard !found.isEmpty else { return nil }
        found.sort()
        for direction in [DropEvidence.Direction.original, .reply] {
            for candidate in found where passage.comes(to: pinned[candidate].way.hook, direction) {
                let packets = pinned[candidate].way.hook.isBeforeTranslation ? before : after
                for packet in packets where packet.direction == direction {
                    if isDropped(packet, at: candidate, &visitsLeft) { return (pinned[candidate].drop, direction) }
                }
            }
        }
        return nil
    }

    private func find(_ packet: ObservedPacket, _ found: inout [Int]) {
        find(packet.destination, port: packet.destinationPort, isDestination: true, &found)
        if namesSources { find(packet.source, port: packet.destinationPort, isDestination: false, &found) }
    }

    private func find(_ address: IPAddress, port: UInt16, isDestination: Bool, _ found: inout [Int]) {
        for length in address.isIPv4 ? lengths4 : lengths6 {
            let network = IPPrefix(address, length: length)
            for port in [port, nil] {
                let key = Key(network: network, isDestination: isDestination, port: port)
                guard let candidates = positions[key] else { continue }
                for candidate in candidates.prefix(Self.mostCandidates) where !found.contains(candidate) {
                    found.append(candidate)
                }
            }
        }
    }

    private mutating func isDropped(_ packet: ObservedPacket, at candidate: Int, _ visitsLeft: inout Int) -> Bool {
        let entry = pinned[candidate]
        guard let check = checks[entry.graph],
            entry.way.matches.allSatisfy({ $0.applies(to: packet, sets: check.elements) == .yes })
        else { return false }
        var question = Question(candidate: candidate, packet: packet)
        // Most attempts differ by nothing but the client's port.
        if !check.asksForSourcePorts { question.packet.sourcePort = 0 }
        if let known = answers[question] { return known }
        let answer = check.passes(packet, along: entry.way, &visitsLeft)
        if answers.count < Self.mostAnswers { answers[question] = answer }
        return answer
    }
}
