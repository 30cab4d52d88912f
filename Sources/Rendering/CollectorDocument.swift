import FlowGraph
import JSONText
import NetModel

/// What a collector said of its node as fields of an object that is already open. What is not known is left out.
enum CollectorDocument {
    static func writeFields(
        _ collector: CollectorCoverage,
        of source: Coverage.Source,
        isCovered: Bool,
        to writer: inout some DocumentWriter & ~Copyable
    ) throws(DocumentWriterError) {
        try writer.field("covered", isCovered)
        try writer.field("window_seconds", collector.window?.seconds)
        try writer.field(
            "window_begin", collector.window.map { RFC3339.string(nanoseconds: $0.begin.nanoseconds) })
        try writer.field("clock_offset_ms", collector.clockOffsetMilliseconds)
        try writer.field("entries", source.entries)
        try writer.field("entries_with_counters", source.countedEntries)
        try writer.field("accounting", source.accounting ?? collector.accounting.map { $0 ? "on" : "off" })
        try writer.field("timestamps", collector.timestamps)
        try writer.field("events_mode", collector.eventsMode)
        try writer.field("events_seen", collector.events)
        try writer.field("event_overruns", collector.eventOverruns)
        try writer.field("refused_connections_observable", collector.showsRefused)
        try writer.field("table_count", collector.tableCount)
        try writer.field("table_max", collector.tableMaximum)
        try writer.field("insert_failed", collector.insertFailed)
        try writer.field("drop", collector.drop)
        try writer.field("early_drop", collector.earlyDrop)
        try writer.field("ended_without_counters", collector.endedUnheard)
        try writer.field("counters_went_down", collector.countersWentDown)
        try writer.field("untracked", collector.untracked)
        try writer.field("undecodable", collector.undecodable)
        try writer.field("interrupted_dumps", collector.interruptedDumps)
        if !collector.bypassSigns.isEmpty { try writer.field("bypass_signs", collector.bypassSigns) }
        try writer.field("host_name", collector.hostName)
        try writer.field("kernel_release", collector.kernelRelease)
    }
}
