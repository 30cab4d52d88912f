import TerminalText

/// Columns of text as kubectl lays them out: three spaces between, nothing after the last, widths in characters.
struct TextTable {
    /// What stands in one place of the table, made safe for a terminal.
    struct Cell: Sendable {
        fileprivate let text: String
        /// In characters.
        fileprivate let width: Int

        init(_ text: String) {
            self.text = PrintableText.escaped(text)
            // In ASCII, which most cells are, those are the bytes.
            let bytes = self.text.utf8
            width = bytes.allSatisfy { $0 < 0x80 } ? bytes.count : self.text.unicodeScalars.count
        }
    }

    private static let gap = 3
    private let headers: [Cell]
    private var rows: [[Cell]] = []

    /// - Parameter headers: one a column.
    init(headers: [String]) {
        self.headers = headers.map(Cell.init)
    }

    /// Adds rows of as many cells as there are columns.
    mutating func add(_ rows: [[Cell]]) {
        self.rows += rows
    }

    /// Writes the lines of the table.
    func write(showsHeaders: Bool, to output: inout BufferedText) throws {
        var widths = headers.map { showsHeaders ? $0.width : 0 }
        for row in rows {
            for column in row.indices { widths[column] = max(widths[column], row[column].width) }
        }
        if showsHeaders { try write(headers, widths, to: &output) }
        for row in rows { try write(row, widths, to: &output) }
    }

    private func write(_ row: [Cell], _ widths: [Int], to output: inout BufferedText) throws {
        for column in row.indices {
            try output.write(row[column].text)
            if column < row.count - 1 { output.writeSpaces(widths[column] - row[column].width + Self.gap) }
        }
        try output.write("\n")
    }
}
