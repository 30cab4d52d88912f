import FlowGraph
import Inventory
import JSONText
import NetModel

/// A flow as an object, with the fields of the flow's contract in their order. A value that is not known is left out.
enum FlowDocument {
    static func write(_ flow: Flow, to writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
        try writer.beginObject()
        try writer.field("source_pod", flow.source.pod)
        try writer.field("source_ip", flow.source.address?.description)
        try writer.field("source_port", flow.sourcePort)
        try writer.field("dest_pod", flow.destination.pod)
        try writer.field("dest_ip", flow.destination.address?.description)
        try writer.field("dest_port", flow.destinationPort)
        try writer.field("protocol", flow.transport.description)
        try writer.field("bytes_sent", flow.sent?.bytes)
        try writer.field("packets_sent", flow.sent?.packets)
        try writer.field("bytes_per_sec", flow.bytesPerSecond)
        try writer.field("packets_per_sec", flow.packetsPerSecond)
        try writer.field("direction", flow.direction?.rawValue)
        try writer.field("verdict", flow.verdict?.rawValue)
        try writer.field("timestamp", flow.timestamp.map { RFC3339.string(nanoseconds: $0.nanoseconds) })
        try writeSums(flow, to: &writer)
        try writeEnd("source", flow.source, to: &writer)
        try writeEnd("dest", flow.destination, to: &writer)
        try writer.field("service", flow.service)
        try writer.field("service_ip", flow.service == nil ? nil : flow.dialled?.description)
        try writer.field("state", flow.state?.name)
        try writer.field("outcome", flow.outcome?.rawValue)
        try writer.field("drop_reason", flow.evidence?.reason)
        try writer.field("policy", flow.evidence?.policy)
        try writer.field("duration_seconds", flow.durationSeconds)
        try writer.field("nodes", flow.observers)
        try writer.field("snat", endpoint(flow.translatedSource, flow.translatedSourcePort))
        if flow.isConnection { try writer.field("dnat", endpoint(flow.dialled, flow.dialledPort)) }
        try writer.field("leg", flow.leg?.rawValue)
        if flow.turnedRound { try writer.field("turned_round", true) }
        try writer.endObject()
    }

    private static func writeSums(
        _ flow: Flow,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("bytes_received", flow.received?.bytes)
        try writer.field("packets_received", flow.received?.packets)
        try writer.field("total_bytes_sent", flow.totalSent?.bytes)
        try writer.field("total_bytes_received", flow.totalReceived?.bytes)
        try writer.field("total_packets_sent", flow.totalSent?.packets)
        try writer.field("total_packets_received", flow.totalReceived?.packets)
        try writer.field("connection_count", flow.connections)
        try writer.field("counted_connections", flow.countedConnections)
        try writer.field("new_connections", flow.newConnections)
        try writer.field("failed_connections", flow.failedConnections)
    }

    private static func writeEnd(
        _ prefix: String,
        _ end: FlowEnd,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field(prefix + "_workload", end.workload)
        try writer.field(prefix + "_workload_kind", end.workloadKind)
        try writer.field(prefix + "_namespace", end.namespace)
        try writer.field(prefix + "_node", end.node)
        try writer.field(prefix + "_zone", end.zone)
        try writer.field(prefix + "_kind", end.kind.rawValue)
        try writer.field(prefix + "_service", end.service)
        try writer.field(prefix + "_prefix", end.prefix?.description)
        if !end.candidates.isEmpty { try writer.field(prefix + "_candidates", end.candidates) }
    }

    /// "address:port", IPv6 in brackets (RFC 3986 section 3.2.2); the address alone without a port.
    static func endpoint(_ address: IPAddress?, _ port: UInt16?) -> String? {
        guard let address else { return nil }
        guard let port else { return address.description }
        return address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
    }
}
