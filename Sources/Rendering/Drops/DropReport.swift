package import Drops
package import FlowGraph
package import JSONText

/// What nodes drop, with what their tables lost and how they were observed: one answer to print.
package struct DropReport: Sendable {
    /// In order.
    package let lines: [DropLine]
    /// Those of which anything is to be told.
    package let losses: [TableLosses]
    package let coverage: Coverage
    /// Whether each line is of one node.
    package let isByNode: Bool
    /// Lines that are not listed because nothing was dropped there.
    package let hitless: Int
    /// Lines that are not listed because others are more.
    package let beyondTop: Int

    /// - Parameters:
    ///   - lines: all that are wanted, in order.
    ///   - includesAll: also list places that dropped nothing, and tables that lost nothing.
    ///   - top: how many lines are listed at the most; nil for all.
    ///   - isWanted: whether a node's table is wanted.
    package init(
        lines: [DropLine],
        coverage: Coverage,
        isByNode: Bool,
        includesAll: Bool,
        top: Int?,
        isWanted: (_ node: String) -> Bool = { _ in true }
    ) {
        let wanted = includesAll ? lines : lines.filter { !$0.droppedNothing }
        let listed = top.map { Array(wanted.prefix($0)) } ?? wanted
        self.lines = listed
        hitless = lines.count - wanted.count
        beyondTop = wanted.count - listed.count
        self.coverage = coverage
        self.isByNode = isByNode
        losses = coverage.sources.compactMap(TableLosses.init).filter {
            isWanted($0.node) && (includesAll || $0.isLosing)
        }
    }

    /// Writes the report in a format; the coverage of table, wide and csv is not part of it.
    ///
    /// - Parameter parts: on how many cores lines are made; the text is the same whatever their number.
    package func write(_ format: OutputFormat, showsHeaders: Bool, parts: Int, to sink: @escaping ByteSink) async throws
    {
        try await writeReport(format, showsHeaders: showsHeaders, parts: parts, to: sink)
    }
}

extension DropReport: Report {
    func writeTables(
        isWide: Bool,
        showsHeaders: Bool,
        parts: Int,
        to output: inout BufferedText
    ) async throws {
        if !lines.isEmpty {
            let columns = DropColumns(isWide: isWide, isByNode: isByNode)
            var table = TextTable(headers: columns.headers)
            let rows = await Partition.map(Partition.ranges(of: lines.count, parts: parts)) { range in
                lines[range].map { columns.cells($0).map(TextTable.Cell.init) }
            }
            for part in rows { table.add(part) }
            try table.write(showsHeaders: showsHeaders, to: &output)
        }
        if !losses.isEmpty {
            if !lines.isEmpty { try output.write("\n") }
            var table = TextTable(headers: TableLosses.headers)
            table.add(losses.map { $0.cells.map(TextTable.Cell.init) })
            try table.write(showsHeaders: showsHeaders, to: &output)
        }
    }

    func writeCSV(showsHeaders: Bool, parts: Int, to output: inout BufferedText) async throws {
        if showsHeaders { try output.write(DropCSV.header) }
        let texts = await Partition.map(Partition.ranges(of: lines.count, parts: parts)) { range in
            lines[range].map(DropCSV.line)
        }
        for text in texts.joined() { try output.write(text) }
    }

    func writeList(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        try writer.beginObject()
        try writer.field("apiVersion", CoverageDocument.apiVersion)
        try writer.field("kind", "DropList")
        try writer.key("coverage")
        try writer.beginObject()
        try writeCoverage(to: &writer)
        try writer.endObject()
        try writer.key("items")
        try writer.beginArray()
        for line in lines { try DropDocument.write(line, to: &writer) }
        try writer.endArray()
        try writer.key("table_losses")
        try writer.beginArray()
        for table in losses {
            try writer.beginObject()
            try table.write(to: &writer)
            try writer.endObject()
        }
        try writer.endArray()
        try writer.endObject()
        try writer.endDocument()
    }

    func writeLines(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        for line in lines {
            try DropDocument.write(line, to: &writer)
            try writer.endDocument()
        }
        for table in losses {
            try writer.beginObject()
            try writer.field("apiVersion", CoverageDocument.apiVersion)
            try writer.field("kind", "TableLosses")
            try table.write(to: &writer)
            try writer.endObject()
            try writer.endDocument()
        }
        try writer.beginObject()
        try writer.field("apiVersion", CoverageDocument.apiVersion)
        try writer.field("kind", "Coverage")
        try writeCoverage(to: &writer)
        try writer.endObject()
        try writer.endDocument()
    }

    private func writeCoverage(to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        try CoverageDocument.writeFields(coverage, to: &writer)
        try writer.field("drops_listed", lines.count)
        try writer.field("drops_not_listed", beyondTop)
        try writer.field("places_without_drops_not_listed", hitless)
    }
}
