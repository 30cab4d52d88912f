import FlowGraph

/// How packet filters were read, in words.
enum RulesCoverageText {
    static func texts(_ coverage: Coverage) -> [String] {
        let read = coverage.sources.filter { $0.rules?.isRead ?? false }
        guard !read.isEmpty else { return [] }
        let rules = read.reduce(0) { $0 + ($1.rules?.rules ?? 0) }
        let filters = Set(read.flatMap { $0.rules?.filters ?? [] }).sorted()
        var parts = ["\(CoverageText.counted(rules, "rule")) of \(filters.joined(separator: ", "))"]
        let once = read.filter { !($0.rules?.isOverWindow ?? false) }
        if !once.isEmpty {
            let which = once.count == coverage.sources.count ? "" : "\(CoverageText.names(once.map(\.name))): "
            parts.append("\(which)rules read once: packets since their counters were last set back")
        }
        // Of those that showed nothing else it is said with the node.
        for source in read {
            parts += (source.rules?.failures ?? []).map { "\(source.name): \($0)" }
        }
        return parts
    }
}
