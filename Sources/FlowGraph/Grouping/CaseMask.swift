import NetModel

/// A case with a small number of its own, its bit in a `CaseMask`.
protocol MaskableCase: CaseIterable {
    /// 0 to 30.
    var bit: UInt32 { get }
}

/// Which cases occurred among the connections of a flow, and whether some had none.
struct CaseMask<Case: MaskableCase>: Sendable {
    private var bits: UInt32 = 0
    private static var none: UInt32 { 1 << 31 }

    @inline(__always)
    mutating func insert(_ value: Case?) {
        bits |= value.map { 1 << $0.bit } ?? Self.none
    }

    /// Adds what occurred among other connections.
    mutating func merge(_ other: CaseMask) {
        bits |= other.bits
    }

    /// Whether a case occurred.
    func contains(_ value: Case) -> Bool { bits & (1 << value.bit) != 0 }

    /// Whether nothing was inserted.
    var isEmpty: Bool { bits == 0 }

    /// The case that all connections had; nil when they differ or one had none.
    var only: Case? {
        guard bits.nonzeroBitCount == 1 else { return nil }
        return Case.allCases.first { bits == 1 << $0.bit }
    }
}

extension Verdict: MaskableCase {
    var bit: UInt32 {
        switch self {
        case .accept: 0
        case .drop: 1
        case .reject: 2
        case .noReply: 3
        case .refused: 4
        case .unknown: 5
        }
    }
}

extension Outcome: MaskableCase {
    var bit: UInt32 {
        switch self {
        case .carried: 0
        case .opened: 1
        case .closed: 2
        case .refused: 3
        case .unanswered: 4
        case .idle: 5
        }
    }
}

extension FlowDirection: MaskableCase {
    var bit: UInt32 {
        switch self {
        case .egress: 0
        case .ingress: 1
        case .bidirectional: 2
        }
    }
}

extension ConntrackState: MaskableCase {
    var bit: UInt32 { UInt32(rawValue) }
}
