import Drops
import FirewallRules
import JSONText
import NetModel

/// A place that drops as an object. A value that is not known is left out.
enum DropDocument {
    static func write(_ line: DropLine, to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        let point = line.point
        try writer.beginObject()
        try writer.field("verdict", point.act)
        if case .reject(let answer) = point.verdict { try writer.field("reject_with", answer) }
        try writer.field("writer", point.attribution.writer.rawValue)
        try writer.field("for_kind", point.attribution.subject?.kind)
        try writer.field("for_namespace", point.attribution.subject?.namespace)
        try writer.field("for_name", point.attribution.subject?.name)
        try writer.field("for_port", point.attribution.subject?.port)
        try writer.field("direction", point.attribution.direction?.rawValue)
        try writer.field("reason", point.attribution.reason)
        try writePlace(line, to: &writer)
        try writeCounts(line.counts, to: &writer)
        if line.unmeasuredNodes > 0, line.counts.window != nil {
            try writer.field("nodes_not_measured", line.unmeasuredNodes)
        }
        try writer.key("nodes")
        try writer.beginArray()
        for node in line.nodes {
            try writer.beginObject()
            try writer.field("node", node.name)
            try writeCounts(node.counts, to: &writer)
            try writer.endObject()
        }
        try writer.endArray()
        try writer.key("explains")
        try writer.beginArray()
        for flow in line.explains { try write(flow, to: &writer) }
        try writer.endArray()
        try writer.endObject()
    }

    private static func writePlace(
        _ line: DropLine,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        let point = line.point
        try writer.field("packet_filter", point.filter.rawValue)
        try writer.field("family", point.family.rawValue)
        try writer.field("table", point.table)
        try writer.field("chain", point.chain)
        switch point.kind {
        case .rule:
            try writer.field("place", "rule")
            try writer.field("rule", point.text)
        case .policy: try writer.field("place", "policy")
        case .element(let set):
            try writer.field("place", "element")
            try writer.field("set", set)
            try writer.field("element", point.text)
        }
        try writer.field("reachable", line.isReachable)
    }

    private static func writeCounts(
        _ counts: DropCounts,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("packets", counts.window?.packets)
        try writer.field("bytes", counts.window?.bytes)
        try writer.field("window_not_measured", counts.reason?.rawValue)
        try writer.field("total_packets", counts.total?.packets)
        try writer.field("total_bytes", counts.total?.bytes)
    }

    private static func write(
        _ flow: ExplainedFlow,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.beginObject()
        try writer.field("source", flow.source)
        try writer.field("dest", flow.destination)
        try writer.field("dest_port", flow.port)
        try writer.field("protocol", flow.transport.description)
        try writer.field("connection_count", flow.connections)
        try writer.endObject()
    }
}
