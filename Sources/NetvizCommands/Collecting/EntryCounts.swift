import CollectorProtocol
import FlowGraph
import NetModel

/// How many entries there were, and which of the facts that a node may leave out they held.
struct EntryCounts: Sendable {
    private(set) var entries = 0
    private var events = 0
    /// Entries of a text that could carry counters: those of dumps and of DESTROY events.
    private var countable = 0
    private var withCounters = 0
    private var withOriginalCounters = 0
    private var withAge = 0
    private var withStart = 0
    private var endedUnheard: UInt64 = 0

    init() {}

    init(_ block: EntryBlock) {
        for entry in block.entries { add(entry) }
        for window in block.windows where window.endedUnheard { endedUnheard += 1 }
    }

    private mutating func add(_ entry: ConntrackEntry) {
        entries += 1
        if entry.event != nil { events += 1 }
        if entry.event == nil || entry.event == .destroy { countable += 1 }
        if entry.originalCounters != nil { withOriginalCounters += 1 }
        if entry.originalCounters != nil || entry.replyCounters != nil { withCounters += 1 }
        if entry.ageSeconds != nil { withAge += 1 }
        if entry.start != nil { withStart += 1 }
    }

    mutating func add(_ other: EntryCounts) {
        entries += other.entries
        events += other.events
        countable += other.countable
        withCounters += other.withCounters
        withOriginalCounters += other.withOriginalCounters
        withAge += other.withAge
        withStart += other.withStart
        endedUnheard += other.endedUnheard
    }

    /// What they say of a source of text.
    func describe(text source: inout Coverage.Source) {
        source.entries = entries
        source.countedEntries = withCounters
        source.countableEntries = countable
        source.hasTimestamps = withAge > 0
        source.hasEvents = events > 0
        source.hasDump = events < entries
    }

    /// What they say of a source that a collector read.
    func describe(collected source: inout Coverage.Source) {
        source.entries = entries
        source.countedEntries = withOriginalCounters
        source.countableEntries = entries
        source.hasTimestamps = withStart > 0 || withAge > 0
        source.collector?.endedUnheard = endedUnheard
    }
}
