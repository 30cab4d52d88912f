/// Finds the place that drops an unanswered connection's packets.
package struct DropEvidence: Sendable {
    /// A place, and which of the connection's packets it drops.
    package struct Explanation: Sendable {
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

    package init(_ nodes: [NodeDrops]) {
    }

    /// Whether no place can explain anything.
    package var isEmpty: Bool { true }

    /// The place that explains why an attempt stayed without an answer, nil where none surely does.
    ///
    /// - Parameter nodes: the positions of the nodes that its packets may have passed.
    package func explanation(of attempt: ConnectionAttempt, on nodes: some Sequence<Int>) -> Explanation? {
        nil
    }
}
