import FirewallRules
import NetModel

/// Finds the place that drops an unanswered connection's packets.
///
/// It is evidence, not proof: the packet filter counts packets, not connections. A place is named only if it was hit, if
/// packets of the connection come to its hook on that node (`Passage`), are certain to meet its conditions on every way
/// that leads there (`Pins`), and if no earlier rule may take them elsewhere (`PassageCheck`). What can still mislead:
/// - The hits may be another connection's that has the same addresses and port, while this one was lost elsewhere.
/// - The caller says how a connection may have passed which nodes; where it did not pass, nothing is evidence.
/// - On which node a Service's address was translated is not known, so that a rule that stands before the translation is
///   compared with the packets of both sides.
/// - Where the rules were read once, and where a counter was set back, hits may be older than the connection.
/// - A rule that was written after the connection began.
package struct DropEvidence: Sendable {
    /// A place, and which of the connection's packets it drops.
    package struct Explanation: Hashable, Sendable {
        /// The node's position among those that the evidence was made of.
        package let node: Int
        /// The drop's position in the node's `drops`.
        package let drop: Int
        package let direction: Direction
    }

    /// Which of a connection's packets end at a place.
    package enum Direction: String, Sendable {
        /// What the client sends.
        case original
        /// What the server answers.
        case reply
    }

    private var indexes: [PinnedDrops]
    private var visitsLeft: Int
    /// How many attempts were not compared with all rules, because that would have taken too long.
    package private(set) var unexamined = 0

    /// - Parameter mostVisits: how many rules are looked at in all; so many take a second or two.
    package init(_ nodes: [NodeDrops], mostVisits: Int = 5_000_000) {
        visitsLeft = mostVisits
        indexes = nodes.map { PinnedDrops($0) }
    }

    /// Whether no place can explain anything.
    package var isEmpty: Bool { indexes.allSatisfy(\.isEmpty) }

    /// The place that explains why an attempt stayed without an answer, nil where none surely does. Places that drop what
    /// the client sends are named before those that drop the answer, and the first of several.
    ///
    /// - Parameter passages: how its packets may have passed nodes; nodes that do not exist are left alone.
    package mutating func explanation(
        of attempt: ConnectionAttempt,
        at passages: some Sequence<Passage>
    ) -> Explanation? {
        var reply: Explanation?
        for passage in passages where indexes.indices.contains(passage.node) && !indexes[passage.node].isEmpty {
            guard visitsLeft > 0 else {
                unexamined += 1
                return nil
            }
            let found = indexes[passage.node].explanation(of: attempt, at: passage, &visitsLeft)
            guard let (drop, direction) = found else { continue }
            let explanation = Explanation(node: passage.node, drop: drop, direction: direction)
            if direction == .original { return explanation }
            reply = reply ?? explanation
        }
        return reply
    }
}
