import FlowGraph
import JSONText

/// The coverage as fields of an object that is already open.
enum CoverageDocument {
    /// That of every document.
    static let apiVersion = "netviz.dev/v1"

    /// Writes the coverage as a document of its own, the last line of several.
    static func writeLine(
        _ coverage: Coverage,
        _ listing: Listing,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.beginObject()
        try writer.field("apiVersion", apiVersion)
        try writer.field("kind", "Coverage")
        try writeFields(coverage, to: &writer)
        try writeListing(listing, of: coverage, to: &writer)
        try writer.endObject()
        try writer.endDocument()
    }

    static func writeFields(
        _ coverage: Coverage,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("nodes_total", coverage.nodesTotal)
        try writer.field("nodes_covered", coverage.nodesCovered)
        try writer.key("nodes_skipped")
        try writer.beginArray()
        for skipped in coverage.skipped {
            try writer.beginObject()
            try writer.field("node", skipped.node)
            try writer.field("reason", skipped.reason)
            try writer.endObject()
        }
        try writer.endArray()
        try writer.key("nodes")
        try writer.beginArray()
        for source in coverage.sources { try write(source, isCovered: coverage.covers(source), to: &writer) }
        try writer.endArray()
        if coverage.subject == .connections {
            try writer.field("refused_connections_observable", coverage.showsRefused)
        }
    }

    /// How much there is, how much of it is listed, and what is not.
    static func writeListing(
        _ listing: Listing,
        of coverage: Coverage,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("\(listing.subject.noun)s", listing.total)
        try writer.field("\(listing.subject.noun)s_listed", listing.listed)
        try writer.field("probes_not_\(listing.subject.participle)", listing.omitted.probes)
        try writer.field("carriers_not_\(listing.subject.participle)", listing.omitted.carriers)
        if coverage.hasWindow, listing.subject == .flows { try writer.field("idle_not_listed", listing.omitted.idle) }
    }

    private static func write(
        _ source: Coverage.Source,
        isCovered: Bool,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.beginObject()
        try writer.field(source.isNode ? "node" : "file", source.name)
        try writer.field("mode", source.mode.rawValue)
        if let collector = source.collector {
            try CollectorDocument.writeFields(collector, of: source, isCovered: isCovered, to: &writer)
        } else {
            try writer.field("dump", source.hasDump)
            try writer.field("events", source.hasEvents)
            try writer.field("entries", source.entries)
            try writer.field("entries_with_counters", source.countedEntries)
            try writer.field("accounting", source.accounting)
            try writer.field("timestamps", source.hasTimestamps)
            try writer.field("malformed_lines", source.malformedLines)
        }
        if let rules = source.rules { try write(rules, to: &writer) }
        try writer.endObject()
    }
}

extension CoverageDocument {
    private static func write(
        _ rules: RulesCoverage,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("packet_filters", rules.filters)
        try writer.field("rules", rules.rules)
        try writer.field("rules_read_at_both_ends", rules.isOverWindow)
        if !rules.failures.isEmpty { try writer.field("rules_not_read", rules.failures) }
    }
}

extension Coverage.Source {
    /// "on", "off" or "partial", as entries show it; nil where none could.
    var accounting: String? {
        guard countableEntries > 0 else { return nil }
        if countedEntries == 0 { return "off" }
        return countedEntries == countableEntries ? "on" : "partial"
    }
}
