import Drops
import FirewallRules
import FlowGraph
import NetModel
import Rendering

/// Which unanswered connections places that drop explain.
struct ExplainedConnections: Sendable {
    /// By the node's name, and the place's position in its `drops`.
    private var byNode: [String: [Int: [ExplainedFlow]]] = [:]

    /// How many unanswered connections were not compared with all rules, because that would have taken too long.
    private(set) var unexamined = 0

    static let none = ExplainedConnections()

    private init() {}

    /// Looks for the place that explains each connection that was not answered, and notes it as the reason: the
    /// connection's verdict is then that of the rule.
    init(of connections: inout ResolvedConnections, by drops: [NodeDrops]) {
        guard drops.contains(where: { !$0.drops.isEmpty }) else { return }
        let attempts = connections.failedAttempts().filter { $0.wasActive != false }
        // The places are gone through only where there is something to explain.
        guard !attempts.isEmpty else { return }
        var finder = DropEvidence(drops)
        guard !finder.isEmpty else { return }
        let positions = Dictionary(drops.enumerated().filter(\.element.isNode).map { ($1.name, $0) }) { first, _ in
            first
        }
        var found: [Place: [FailedAttempt]] = [:]
        for attempt in attempts {
            let passages = Self.passages(of: attempt, at: positions)
            guard let explanation = finder.explanation(of: ConnectionAttempt(attempt), at: passages) else { continue }
            guard drops[explanation.node].drops[explanation.drop].point.fits(attempt) else { continue }
            found[Place(node: explanation.node, drop: explanation.drop), default: []].append(attempt)
        }
        unexamined = finder.unexamined
        for (place, attempts) in found {
            let node = drops[place.node]
            let drop = node.drops[place.drop]
            // Each of them sent a packet at least: with fewer dropped, nobody knows whose they were.
            let hits = drop.counts.window ?? drop.counts.total
            guard let hits, hits.packets >= UInt64(attempts.count) else { continue }
            let reason = DropReason(
                act: drop.point.act == "REJECT" ? .rejected : .dropped,
                reason: drop.point.description(on: node.name),
                policy: drop.point.policy
            )
            byNode[node.name, default: [:]][place.drop] = attempts.map { flow(of: $0, in: connections) }
            connections.note(reason, of: attempts.map(\.position))
        }
    }

    /// How the attempt's packets passed the nodes that it is known to have passed.
    private static func passages(of attempt: FailedAttempt, at positions: [String: Int]) -> [Passage] {
        let isOnOneHost = attempt.client.address == attempt.server.address
        var passages = attempt.observers.compactMap { name in
            positions[name].map { Passage(node: $0, role: isOnOneHost ? .loopsBack : .tracks) }
        }
        if let name = attempt.serverNode, let node = positions[name], !attempt.observers.contains(name) {
            passages.append(Passage(node: node, role: attempt.isServerOnNodeNetwork ? .delivers : .forwards))
        }
        return passages
    }

    private struct Place: Hashable {
        var node: Int
        var drop: Int
    }

    /// Of some of the nodes, by their position among these.
    func flows(of nodes: [NodeDrops]) -> DropLines.Explained {
        var flows: DropLines.Explained = [:]
        for (position, node) in nodes.enumerated() { flows[position] = byNode[node.name] }
        return flows
    }

    private func flow(of attempt: FailedAttempt, in connections: ResolvedConnections) -> ExplainedFlow {
        let (source, destination) = connections.ends(of: attempt.position, grouping: .workload)
        return ExplainedFlow(
            source: source.name,
            destination: destination.name,
            port: attempt.transport.hasPorts ? attempt.server.port : nil,
            transport: attempt.transport,
            namespaces: Set([source.namespace, destination.namespace].compactMap(\.self)),
            connections: 1
        )
    }
}

extension ConnectionAttempt {
    fileprivate init(_ attempt: FailedAttempt) {
        self.init(
            client: attempt.client.address,
            clientPort: attempt.client.port,
            dialled: attempt.dialled.address,
            dialledPort: attempt.dialled.port,
            seenClient: attempt.seenClient.address,
            seenClientPort: attempt.seenClient.port,
            server: attempt.server.address,
            serverPort: attempt.server.port,
            transport: attempt.transport
        )
    }
}

extension DropPoint {
    /// Whether what came of an attempt can have come of the place: a reset comes of nothing else than a rejection by one.
    fileprivate func fits(_ attempt: FailedAttempt) -> Bool {
        var resets = false
        if case .reject(with: let answer) = verdict { resets = answer == "tcp-reset" && attempt.transport == .tcp }
        return resets == attempt.wasReset
    }
}
