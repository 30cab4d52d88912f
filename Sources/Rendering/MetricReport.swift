package import FlowGraph
package import JSONText

/// Metrics in an order, of which the first so many are listed, with their coverage: one answer to print.
package struct MetricReport: Sendable {
    package let metrics: MetricSet
    /// Positions of the pairs to list, in order.
    package let positions: [Int]
    package let coverage: Coverage

    /// - Parameter top: how many pairs are listed at the most; nil for all.
    package init(metrics: MetricSet, coverage: Coverage, order: MetricOrder, top: Int?) {
        self.metrics = metrics
        self.coverage = coverage
        let ordered = metrics.positions(by: order)
        positions = top.map { Array(ordered.prefix($0)) } ?? ordered
    }

    /// How much of what was observed is listed.
    package var listing: Listing {
        Listing(of: .pairs, listed: positions.count, total: metrics.count, omitted: metrics.omitted)
    }

    /// Writes the report in a format; the coverage of table, wide, json, yaml and csv is not part of it.
    ///
    /// - Parameter parts: on how many cores rows are made; the text is the same whatever their number.
    package func write(_ format: MetricFormat, showsHeaders: Bool, parts: Int, to sink: @escaping ByteSink) async throws
    {
        if let common = OutputFormat(rawValue: format.rawValue) {
            try await writeReport(common, showsHeaders: showsHeaders, parts: parts, to: sink)
        } else {
            try await writeExposition(parts: parts, to: sink)
        }
    }
}

extension MetricReport: Report {
    func writeTables(
        isWide: Bool,
        showsHeaders: Bool,
        parts: Int,
        to output: inout BufferedText
    ) async throws {
        guard !positions.isEmpty else { return }
        let columns = MetricColumns(isWide: isWide)
        var table = TextTable(headers: columns.headers)
        for part in await rows(parts: parts, { columns.cells($0).map(TextTable.Cell.init) }) { table.add(part) }
        try table.write(showsHeaders: showsHeaders, to: &output)
    }

    func writeCSV(showsHeaders: Bool, parts: Int, to output: inout BufferedText) throws {
        if showsHeaders { try output.write(MetricCSV.header) }
        for position in positions { try output.write(MetricCSV.line(metrics[position])) }
    }

    func writeList(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        try writer.beginObject()
        for position in positions {
            let pair = metrics[position]
            try writer.key(MetricKey.text(pair))
            try writer.beginObject()
            try MetricDocument.writeFields(pair, to: &writer)
            try writer.endObject()
        }
        try writer.endObject()
        try writer.endDocument()
    }

    func writeLines(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        for position in positions {
            let pair = metrics[position]
            try writer.beginObject()
            try writer.field("key", MetricKey.text(pair))
            try writer.field("source", pair.source.name)
            try writer.field("destination", pair.destination.name)
            try MetricDocument.writeFields(pair, to: &writer)
            try MetricDocument.writeFurtherFields(pair, to: &writer)
            try writer.endObject()
            try writer.endDocument()
        }
        try CoverageDocument.writeLine(coverage, listing, to: &writer)
    }
}

extension MetricReport {
    private func writeExposition(parts: Int, to sink: @escaping ByteSink) async throws {
        let rows = await rows(parts: parts, MetricExposition.Row.init).flatMap(\.self)
        var text = ExpositionText(output: BufferedText(sink: sink))
        try MetricExposition.write(rows, to: &text)
        try CoverageExposition.write(coverage, listing, to: &text)
        try text.flush()
    }

    /// What is made of every pair that is listed, part by part.
    private func rows<Row: Sendable>(
        parts: Int,
        _ make: @escaping @Sendable (PairMetrics) -> Row
    ) async -> [[Row]] {
        await Partition.map(Partition.ranges(of: positions.count, parts: parts)) { range in
            positions[range].map { make(metrics[$0]) }
        }
    }
}
