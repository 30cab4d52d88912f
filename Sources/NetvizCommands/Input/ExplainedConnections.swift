import Drops
import FlowGraph
import NetModel
import Rendering

/// Which unanswered connections places that drop explain.
struct ExplainedConnections: Sendable {
    /// By the node's name, and the place's position in its `drops`.
    private var byNode: [String: [Int: [ExplainedFlow]]] = [:]

    static let none = ExplainedConnections()

    private init() {}

    /// Looks for the place that explains each connection that was not answered, and notes it as the reason: the
    /// connection's verdict is then that of the rule.
    init(of connections: inout ResolvedConnections, by drops: [NodeDrops]) {
        guard drops.contains(where: { !$0.drops.isEmpty }) else { return }
        let attempts = connections.failedAttempts().filter { $0.wasActive != false }
        // The places are gone through only where there is something to explain.
        guard !attempts.isEmpty else { return }
        let finder = DropEvidence(drops)
        guard !finder.isEmpty else { return }
        let positions = Dictionary(drops.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let isOfNodes = drops.contains(where: \.isNode)
        var found: [Place: [FailedAttempt]] = [:]
        for attempt in attempts {
            // Rules and entries that are not said to be of a node can only be of the same one.
            let nodes = isOfNodes ? attempt.nodes.compactMap { positions[$0] } : Array(drops.indices)
            guard let explanation = finder.explanation(of: ConnectionAttempt(attempt), on: nodes) else { continue }
            // What drops sends no reset.
            let act = drops[explanation.node].drops[explanation.drop].point.act
            guard !attempt.wasReset || act == "REJECT" else { continue }
            found[Place(node: explanation.node, drop: explanation.drop), default: []].append(attempt)
        }
        for (place, attempts) in found {
            let node = drops[place.node]
            let point = node.drops[place.drop].point
            let reason = DropReason(
                act: point.act == "REJECT" ? .rejected : .dropped,
                reason: point.description(on: node.name),
                policy: point.policy
            )
            byNode[node.name, default: [:]][place.drop] = attempts.map { flow(of: $0, in: connections) }
            connections.note(reason, of: attempts.map(\.position))
        }
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
