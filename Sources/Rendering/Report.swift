import JSONText
import YAMLText

/// An answer that can be printed in every form.
protocol Report: Sendable {
    /// - Parameter parts: on how many cores rows are made; the text is the same whatever their number.
    func writeTables(isWide: Bool, showsHeaders: Bool, parts: Int, to output: inout BufferedText) async throws
    func writeCSV(showsHeaders: Bool, parts: Int, to output: inout BufferedText) async throws
    /// All of it as one document.
    func writeList(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError)
    /// A document for each item, and the coverage as the last.
    func writeLines(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError)
}

extension Report {
    /// Writes the report in a format.
    ///
    /// - Parameter parts: on how many cores rows are made; the text is the same whatever their number.
    func writeReport(_ format: OutputFormat, showsHeaders: Bool, parts: Int, to sink: @escaping ByteSink) async throws {
        switch format {
        case .table, .wide, .csv:
            var output = BufferedText(sink: sink)
            if format == .csv {
                try await writeCSV(showsHeaders: showsHeaders, parts: parts, to: &output)
            } else {
                let isWide = format == .wide
                try await writeTables(isWide: isWide, showsHeaders: showsHeaders, parts: parts, to: &output)
            }
            try output.flush()
        case .json:
            var writer = JSONWriter(style: .pretty, sink: sink)
            try writeList(to: &writer)
        case .yaml:
            var writer = try YAMLWriter(sink: sink)
            try writeList(to: &writer)
        case .ndjson:
            var writer = JSONWriter(style: .compact, sink: sink)
            try writeLines(to: &writer)
        }
    }
}
