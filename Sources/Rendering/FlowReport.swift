package import FlowGraph
package import JSONText

/// Flows in an order, of which the first so many are listed, with their coverage: one answer to print.
package struct FlowReport: Sendable {
    package let flows: FlowSet
    /// Positions of the flows to list, in order.
    package let positions: [Int]
    package let coverage: Coverage

    /// - Parameter top: how many flows are listed at the most; nil for all.
    package init(flows: FlowSet, coverage: Coverage, order: FlowOrder, top: Int?) {
        self.flows = flows
        self.coverage = coverage
        let ordered = flows.positions(by: order)
        positions = top.map { Array(ordered.prefix($0)) } ?? ordered
    }

    /// How much of what was observed is listed.
    package var listing: Listing {
        Listing(of: .flows, listed: positions.count, total: flows.count, omitted: flows.omitted)
    }

    /// Writes the report in a format; the coverage of table, wide and csv is not part of it.
    ///
    /// - Parameter parts: on how many cores rows are made; the text is the same whatever their number.
    package func write(_ format: OutputFormat, showsHeaders: Bool, parts: Int, to sink: @escaping ByteSink) async throws
    {
        try await writeReport(format, showsHeaders: showsHeaders, parts: parts, to: sink)
    }
}

extension FlowReport: Report {
    func writeTables(
        isWide: Bool,
        showsHeaders: Bool,
        parts: Int,
        to output: inout BufferedText
    ) async throws {
        guard !positions.isEmpty else { return }
        let columns = FlowColumns(
            isWide: isWide,
            grouping: flows.grouping,
            hasWindow: flows.resolved.hasWindows,
            hasEvidence: flows.resolved.hasEvidence
        )
        var table = TextTable(headers: columns.headers)
        let rows = await Partition.map(Partition.ranges(of: positions.count, parts: parts)) { range in
            positions[range].map { columns.cells(flows[$0]).map(TextTable.Cell.init) }
        }
        for part in rows { table.add(part) }
        try table.write(showsHeaders: showsHeaders, to: &output)
    }

    func writeCSV(showsHeaders: Bool, parts: Int, to output: inout BufferedText) throws {
        let csv = FlowCSV(hasWindow: flows.resolved.hasWindows, hasEvidence: flows.resolved.hasEvidence)
        if showsHeaders { try output.write(csv.header) }
        for position in positions { try output.write(csv.line(flows[position])) }
    }

    func writeList(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        try writer.beginObject()
        try writer.field("apiVersion", CoverageDocument.apiVersion)
        try writer.field("kind", "FlowList")
        try writer.key("coverage")
        try writer.beginObject()
        try CoverageDocument.writeFields(coverage, to: &writer)
        try CoverageDocument.writeListing(listing, of: coverage, to: &writer)
        try writer.endObject()
        try writer.key("items")
        try writer.beginArray()
        for position in positions { try FlowDocument.write(flows[position], to: &writer) }
        try writer.endArray()
        try writer.endObject()
        try writer.endDocument()
    }

    func writeLines(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        for position in positions {
            try FlowDocument.write(flows[position], to: &writer)
            try writer.endDocument()
        }
        try CoverageDocument.writeLine(coverage, listing, to: &writer)
    }
}
