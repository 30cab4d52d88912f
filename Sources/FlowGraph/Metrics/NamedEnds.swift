import Inventory

/// The ends of flows, one a name. A Deployment and a StatefulSet of one name are two ends of flows; in metrics, whose
/// pairs are known by the two names, they are one.
struct NamedEnds: Sendable {
    private(set) var ends: [FlowEnd] = []
    /// Of each end of the flows the position of its name's end.
    private(set) var positions: [UInt32] = []

    init(_ flowEnds: [FlowEnd]) {
        var known: [String: Int] = [:]
        for end in flowEnds {
            if let position = known[end.name] {
                ends[position].keepCommonOfName(with: end)
                positions.append(UInt32(position))
            } else {
                known[end.name] = ends.count
                positions.append(UInt32(ends.count))
                ends.append(end)
            }
        }
    }
}

extension FlowEnd {
    /// Forgets what another end of the same name has otherwise, its kind included: which of the two is meant is then
    /// not known.
    fileprivate mutating func keepCommonOfName(with other: FlowEnd) {
        keepCommon(with: other)
        if kind != other.kind { kind = .unknown }
        if pod != other.pod { pod = nil }
        if namespace != other.namespace { namespace = nil }
        if workload != other.workload { workload = nil }
        if workloadKind != other.workloadKind { workloadKind = nil }
        if service != other.service { service = nil }
        if prefix != other.prefix { prefix = nil }
    }
}
