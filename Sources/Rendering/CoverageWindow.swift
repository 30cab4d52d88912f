import FlowGraph

/// Over which time was observed, in words.
enum CoverageWindow {
    /// "5.0 s window", "4.0 s to 5.0 s windows" or, for conntrack's text, "dumps and events". Nil where there is nothing
    /// to be said: rules that were read once are told of elsewhere.
    static func text(_ coverage: Coverage) -> String? {
        let windows = coverage.sources.compactMap { $0.collector?.window?.seconds }
        guard let shortest = windows.min(), let longest = windows.max() else {
            return coverage.subject == .connections ? textOnly(coverage.sources) : nil
        }
        let (first, last) = (Quantity.seconds(shortest), Quantity.seconds(longest))
        let length = first == last ? "\(first) window" : "\(first) to \(last) windows"
        let without = coverage.sources.filter { coverage.covers($0) && $0.collector?.window == nil }.map(\.name)
        return without.isEmpty || coverage.subject != .connections
            ? length : "\(length) (\(CoverageText.names(without)): no window: totals over each connection's life)"
    }

    private static func textOnly(_ sources: [Coverage.Source]) -> String {
        switch (sources.contains(where: \.hasDump), sources.contains(where: \.hasEvents)) {
        case (true, true): "dumps and events"
        case (false, true): "events only"
        default: "no window: totals over each connection's life"
        }
    }
}
