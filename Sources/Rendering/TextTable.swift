/// Columns of text as kubectl lays them out: three spaces between, nothing after the last, widths in characters.
struct TextTable {
    private let headers: [String]
    private var rows: [[String]] = []

    /// - Parameter headers: one a column.
    init(headers: [String]) {
        self.headers = headers
    }

    /// Adds rows of as many cells as there are columns, which must be printable.
    mutating func add(_ rows: [[String]]) {
        self.rows += rows
    }

    /// The lines of the table, each with its newline.
    func lines(showsHeaders: Bool) -> some Sequence<String> {
        let all = showsHeaders ? [headers] + rows : rows
        var widths = headers.map { _ in 0 }
        for row in all {
            for (column, cell) in row.enumerated() { widths[column] = max(widths[column], Self.width(cell)) }
        }
        let final = widths
        return all.lazy.map { row in line(row, widths: final) }
    }

    private func line(_ row: [String], widths: [Int]) -> String {
        var line = ""
        for (column, cell) in row.enumerated() {
            let padding = String(repeating: " ", count: widths[column] - Self.width(cell))
            let isLast = column == row.count - 1
            line += cell
            if !isLast { line += padding + "   " }
        }
        return line + "\n"
    }

    /// In characters; most cells are ASCII, where those are the bytes.
    private static func width(_ cell: String) -> Int {
        cell.utf8.allSatisfy { $0 < 0x80 } ? cell.utf8.count : cell.unicodeScalars.count
    }
}
