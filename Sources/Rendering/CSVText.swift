import TerminalText

/// Comma-separated values (RFC 4180, lines ending in LF as Unix tools expect).
enum CSVText {
    /// A line of cells, with its end.
    static func line(_ cells: [String]) -> String {
        cells.map(quoted).joined(separator: ",") + "\n"
    }

    /// Rounded to a thousandth: beyond that a rate is noise.
    static func number(_ value: Double) -> String { String((value * 1000).rounded() / 1000) }

    private static func quoted(_ cell: String) -> String {
        let text = PrintableText.escaped(cell)
        guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
