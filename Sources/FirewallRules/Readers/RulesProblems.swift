/// The problems of one text, of which a bounded number is kept.
struct RulesProblems {
    /// Of a text that is not rules at all every line is a problem.
    private static let limit = 100

    private var kept: [RulesProblem] = []
    private var leftOut = 0

    mutating func add(line: Int?, _ message: String) {
        if kept.count < Self.limit {
            kept.append(RulesProblem(line: line, message: message))
        } else {
            leftOut += 1
        }
    }

    /// What was kept, and how many more there are.
    var all: [RulesProblem] {
        guard leftOut > 0 else { return kept }
        return kept + [RulesProblem(line: nil, message: "\(leftOut) more could not be read and were left out")]
    }
}
