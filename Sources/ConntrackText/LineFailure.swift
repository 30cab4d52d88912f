/// What the parts of the line parser throw: two words, so that the ways out of the hot functions cost nothing.
/// `ConntrackLine` makes a `ConntrackTextError` of it.
struct LineFailure: Error {
    let code: ConntrackTextError.Code
    /// Index of the first byte of the token that is wrong.
    let position: Int

    /// What is missing at the end of a line.
    static func incomplete(_ line: Span<UInt8>) -> LineFailure {
        LineFailure(code: .incomplete, position: line.count)
    }

    /// The error that is told: the token reaches to the next blank, so that a bad value is shown with its key. Of a line
    /// that is no entry more is shown: it may be what a tool said instead.
    func error(in line: Span<UInt8>) -> ConntrackTextError {
        let end =
            code == .notAnEntry
            ? min(line.count, position + 90) : min(line.endOfWord(from: position), position + 40)
        var token: [UInt8] = []
        for index in position..<max(position, end) { token.append(line[index]) }
        return ConntrackTextError(code: code, column: position + 1, token: token)
    }
}
