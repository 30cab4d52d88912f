/// Work on the pieces of a file, done side by side on as many cores as there are and used in the pieces' order by one.
enum OrderedWork {
    /// How many pieces are worked on ahead of the one that is used: one for each core, and some that wait.
    private static let piecesAhead = max(4, Processors.count + 2)

    /// - Parameters:
    ///   - next: reads the next piece; nil at the end.
    ///   - work: what is made of a piece.
    ///   - take: uses the results, in the order of the pieces.
    static func run<Piece: Sendable, Result: Sendable>(
        next: () throws -> Piece?,
        work: @escaping @Sendable (Piece) -> Result,
        take: (Result) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (Int, Result).self) { group in
            var results: [Int: Result] = [:]
            var started = 0
            var taken = 0
            var isOver = false
            while true {
                while !isOver, started - taken < piecesAhead {
                    guard let piece = try next() else {
                        isOver = true
                        break
                    }
                    let number = started
                    group.addTask { (number, work(piece)) }
                    started += 1
                }
                if let result = results.removeValue(forKey: taken) {
                    try await take(result)
                    taken += 1
                } else if let (number, result) = try await group.next() {
                    results[number] = result
                } else {
                    break
                }
            }
        }
    }
}
