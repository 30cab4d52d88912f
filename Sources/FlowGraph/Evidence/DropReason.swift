/// What a component said of packets that it dropped or rejected: why a connection was not answered.
package struct DropReason: Hashable, Sendable {
    /// What became of the packets.
    package enum Act: Sendable { case dropped, rejected }

    package var act: Act
    /// In one line: who dropped, where and why.
    package var reason: String
    /// The policy that asked for it, "NetworkPolicy shop/deny-db"; nil where none is known.
    package var policy: String?

    package init(act: Act, reason: String, policy: String? = nil) {
        self.act = act
        self.reason = reason
        self.policy = policy
    }
}

/// Connections that evidence was found for, by position.
struct EvidenceStore: Sendable {
    private(set) var all: [DropReason] = []
    private var numbers: [DropReason: Int] = [:]
    private var byConnection: [UInt32: Int] = [:]

    var isEmpty: Bool { byConnection.isEmpty }

    mutating func note(_ evidence: DropReason, of position: Int) {
        let number =
            numbers[evidence]
            ?? {
                all.append(evidence)
                return all.count - 1
            }()
        numbers[evidence] = number
        byConnection[UInt32(position)] = number
    }

    /// The number of the evidence for a connection; nil without any.
    func number(of position: Int) -> Int? { byConnection[UInt32(position)] }
}

/// The evidence for the connections of one sum: only what all of them share is told of it.
struct SharedEvidence: Sendable {
    /// Nil where they differ.
    private(set) var number: Int?

    init(_ number: Int?) { self.number = number }

    mutating func take(_ other: SharedEvidence) {
        if other.number != number { number = nil }
    }
}
