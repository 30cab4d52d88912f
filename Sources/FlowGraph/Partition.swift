/// Work on many connections cut into parts that are done side by side.
package enum Partition {
    /// Consecutive ranges of about equal size that together are `0..<count`; one at least.
    package static func ranges(of count: Int, parts: Int) -> [Range<Int>] {
        let parts = max(1, min(parts, count))
        return (0..<parts).map { part in count * part / parts..<count * (part + 1) / parts }
    }

    /// The results for all ranges, in their order.
    package static func map<Result: Sendable>(
        _ ranges: [Range<Int>],
        _ work: @escaping @Sendable (Range<Int>) -> Result
    ) async -> [Result] {
        await withTaskGroup(of: (Int, Result).self) { group in
            for (number, range) in ranges.enumerated() {
                group.addTask { (number, work(range)) }
            }
            var results: [Int: Result] = [:]
            for await (number, result) in group { results[number] = result }
            return ranges.indices.compactMap { results[$0] }
        }
    }
}
