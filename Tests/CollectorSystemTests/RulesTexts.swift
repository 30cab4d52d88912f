import CollectorProtocol

/// The text of each program at each moment, and whether its last piece came.
struct RulesTexts {
    var texts: [RulesPiece.Moment: [RulesPiece.Program: String]] = [:]
    var complete: Set<String> = []

    init(_ messages: [CollectorMessage]) {
        for piece in messages.compactMap(\.rules) {
            texts[piece.moment, default: [:]][piece.program, default: ""] += String(
                decoding: piece.text, as: UTF8.self)
            if piece.isLast { complete.insert("\(piece.moment) \(piece.program)") }
        }
    }

    subscript(moment: RulesPiece.Moment, program: RulesPiece.Program) -> String? { texts[moment]?[program] }

    /// The packets that the rule with a comment has counted, as `[3:252] -A …` says.
    func packets(_ moment: RulesPiece.Moment, _ program: RulesPiece.Program, comment: String) -> Int? {
        let line = self[moment, program]?.split(separator: "\n").first { $0.contains(comment) }
        return line?.dropFirst().prefix { $0 != ":" }.split(separator: " ").first.flatMap { Int($0) }
    }
}
