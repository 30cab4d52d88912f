import FlowGraph
import JSONText
import NetModel

/// The metrics of a pair as fields of an object that is already open. A value that is not known is left out.
enum MetricDocument {
    /// The fields of the contract, in its order: an object of a pair holds these and no others.
    static func writeFields(
        _ metrics: PairMetrics,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("bytes_per_sec", metrics.bytesPerSecond)
        try writer.field("packets_per_sec", metrics.packetsPerSecond)
        try writer.field("connection_count", metrics.connections)
        // Not rounded: one failure among a million is not none.
        if let rate = metrics.errorRate {
            try writer.key("error_rate")
            try writer.double(rate)
        }
        try writer.field("protocol", metrics.transport.description)
        try writer.key("ports")
        try writer.beginArray()
        for port in metrics.ports { try writer.integer(UInt64(port)) }
        try writer.endArray()
        try writer.field("is_active", metrics.isActive)
        try writer.field("direction", metrics.direction?.rawValue)
    }

    /// What else is known, for lines that programs read one by one.
    static func writeFurtherFields(
        _ metrics: PairMetrics,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("active_connections", metrics.activeConnections)
        try writer.field("attempts", metrics.attempts)
        try writer.field("failed_attempts", metrics.failedAttempts)
        try writer.field("total_bytes_sent", metrics.totalSent?.bytes)
        try writer.field("total_bytes_received", metrics.totalReceived?.bytes)
        try writer.field("total_packets_sent", metrics.totalSent?.packets)
        try writer.field("total_packets_received", metrics.totalReceived?.packets)
        try writer.field("nodes", metrics.observers)
    }
}
