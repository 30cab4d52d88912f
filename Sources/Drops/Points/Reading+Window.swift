import FirewallRules
import NetModel

extension Reading {
    /// The places of the end with what they counted within the window, and behind them those that were gone.
    ///
    /// A place is the same at both moments where nft's handle is the same, else where table, chain and text are; equal
    /// ones are taken in their order. One that only the end has was written within the window, so that all it counted
    /// belongs there.
    static func drops(begin: Reading, end: Reading, pods: PodInterfaces) -> [NodeDrop] {
        let earlier = begin.drops(pods: pods)
        let later = end.drops(pods: pods)
        let pairs = DropPairs(earlier, later)
        var drops: [NodeDrop] = []
        drops.reserveCapacity(later.count + pairs.rest.count)
        for (drop, partner) in zip(later, pairs.partners) {
            drops.append(
                NodeDrop(
                    point: drop.point,
                    counts: counts(
                        drop, after: partner.map { earlier[$0] }, wasRead: begin.scopes[end.scope(of: drop)]),
                    isReachable: drop.isReachable, location: drop.location))
        }
        for position in pairs.rest {
            let drop = earlier[position]
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
    private static func counts(_ drop: ReadDrop, after earlier: ReadDrop?, wasRead: @autoclosure () -> Bool?)
        -> DropCounts
    {
        guard let total = drop.counters else { return DropCounts(total: nil, window: nil, reason: .notCounted) }
        guard let earlier else {
            return wasRead() == true
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
