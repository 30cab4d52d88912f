import FirewallRules
import NetModel

extension Reading {
    /// The places of the end with what they counted within the window, and behind them those that were gone.
    ///
    /// A place is the same at both moments where nft's handle is the same, else where table, chain and text are; equal
    /// ones are taken in their order. One that only the end has was written within the window, so that all it counted
    /// belongs there.
    static func drops(begin: Reading, end: Reading, pods: PodInterfaces) -> [NodeDrop] {
        var earlier = EarlierDrops(begin.drops(pods: pods))
        let later = end.drops(pods: pods)
        // Handles are looked up for all before texts are for any: a rule may stand beside a new one of the same text.
        var partners = later.map { earlier.take(handleOf: $0) }
        for position in later.indices where partners[position] == nil {
            partners[position] = earlier.take(textOf: later[position])
        }
        var drops = zip(later, partners).map { drop, partner in
            NodeDrop(
                point: drop.point, counts: counts(drop, after: partner, wasRead: begin.scopes[end.scope(of: drop)]),
                isReachable: drop.isReachable, location: drop.location)
        }
        for drop in earlier.rest {
            let isGone = end.scopes[begin.scope(of: drop)] ?? false
            let reason: DropCounts.Unmeasured = drop.counters == nil ? .notCounted : isGone ? .removed : .readOnce
            drops.append(
                NodeDrop(
                    point: drop.point, counts: DropCounts(total: drop.counters, window: nil, reason: reason),
                    isReachable: drop.isReachable, location: nil))
        }
        return drops
    }

    /// - Parameter wasRead: whether the beginning was read completely; nil where it was not read.
    private static func counts(_ drop: ReadDrop, after earlier: ReadDrop?, wasRead: Bool?) -> DropCounts {
        guard let total = drop.counters else { return DropCounts(total: nil, window: nil, reason: .notCounted) }
        guard let earlier else {
            return wasRead == true
                ? DropCounts(total: total, window: total) : DropCounts(total: total, window: nil, reason: .readOnce)
        }
        guard let before = earlier.counters else { return DropCounts(total: total, window: nil, reason: .notCounted) }
        guard earlier.handle == drop.handle, before.packets <= total.packets, before.bytes <= total.bytes else {
            return DropCounts(total: total, window: nil, reason: .setBack)
        }
        return DropCounts(
            total: total,
            window: Counters(packets: total.packets - before.packets, bytes: total.bytes - before.bytes))
    }
}

/// The places of the beginning, until those of the end have taken theirs.
private struct EarlierDrops {
    private let drops: [ReadDrop]
    private var isTaken: [Bool]
    private var byHandle: [Key: Int] = [:]
    /// The positions of equal places, the last first.
    private var byText: [Key: [Int]] = [:]

    private struct Key: Hashable {
        let filter: PacketFilter
        let family: RuleFamily
        let table: String?
        let chain: String
        let kind: DropPoint.Kind
        let verdict: RuleVerdict
        let text: String
        let handle: UInt64?

        init(_ drop: ReadDrop, handle: UInt64?) {
            filter = drop.point.filter
            family = drop.point.family
            table = drop.point.table
            chain = drop.point.chain
            kind = drop.point.kind
            verdict = drop.point.verdict
            text = drop.point.text
            self.handle = handle
        }
    }

    init(_ drops: [ReadDrop]) {
        self.drops = drops
        isTaken = Array(repeating: false, count: drops.count)
        for position in drops.indices.reversed() {
            let drop = drops[position]
            if let handle = drop.handle { byHandle[Key(drop, handle: handle)] = position }
            byText[Key(drop, handle: nil), default: []].append(position)
        }
    }

    /// The place with the same handle, if its text is still the same: handles are counted anew in a new table.
    mutating func take(handleOf drop: ReadDrop) -> ReadDrop? {
        guard let handle = drop.handle, let position = byHandle[Key(drop, handle: handle)], !isTaken[position] else {
            return nil
        }
        isTaken[position] = true
        return drops[position]
    }

    mutating func take(textOf drop: ReadDrop) -> ReadDrop? {
        let key = Key(drop, handle: nil)
        while let position = byText[key]?.popLast() {
            guard !isTaken[position] else { continue }
            isTaken[position] = true
            return drops[position]
        }
        return nil
    }

    /// What nobody took.
    var rest: [ReadDrop] {
        drops.indices.lazy.filter { !isTaken[$0] }.map { drops[$0] }
    }
}
