import Synchronization

/// Work on many things cut into parts that are done side by side.
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

    /// How many things a piece has, as a power of two: enough pieces that no worker waits long for the last one, and
    /// large enough that taking one costs nothing.
    static func pieceBits(of count: Int, workers: Int) -> Int {
        let wanted = max(1, count / (max(1, workers) * 8))
        return min(14, Int.bitWidth - 1 - wanted.leadingZeroBitCount)
    }

    /// Lets workers take the next piece of `0..<count` whenever they are free, until all pieces are done.
    ///
    /// - Parameters:
    ///   - bits: every piece but the last has `1 << bits` things.
    ///   - worker: what each of `workers` begins with.
    ///   - work: does one piece, whose number comes with its range. The pieces of a worker come in their order.
    /// - Returns: the workers. Which of them did which piece differs from run to run.
    static func share<Worker: Sendable>(
        _ count: Int,
        bits: Int,
        among workers: Int,
        from worker: Worker,
        _ work: @escaping @Sendable (inout Worker, Int, Range<Int>) -> Void
    ) async -> [Worker] {
        let pieces = (count + (1 << bits) - 1) >> bits
        let next = NextPiece()
        return await withTaskGroup(of: Worker.self) { group in
            for _ in 0..<max(1, min(workers, pieces)) {
                group.addTask {
                    var own = worker
                    while let piece = next.take(below: pieces) {
                        work(&own, piece, piece << bits..<min((piece + 1) << bits, count))
                    }
                    return own
                }
            }
            var done: [Worker] = []
            for await worker in group { done.append(worker) }
            return done
        }
    }

    /// The number of the next piece that nobody has taken.
    private final class NextPiece: Sendable {
        private let number = Atomic<Int>(0)

        func take(below count: Int) -> Int? {
            let taken = number.add(1, ordering: .relaxed).oldValue
            return taken < count ? taken : nil
        }
    }
}
