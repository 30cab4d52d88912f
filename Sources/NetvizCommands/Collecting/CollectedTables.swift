package import CollectorClient
package import CollectorProtocol
package import FlowGraph
import NetModel

/// What collectors report becomes a table of connections.
package actor CollectedTables {
    private var table = ConnectionTable()
    private var members: [Member]

    /// What came from one collector.
    private struct Member {
        var observer: UInt16
        var entries = 0
        var countedEntries = 0
        var countableEntries = 0
        var hasTimestamps = false
        var endedUnheard: UInt64 = 0

        mutating func count(_ entry: ConntrackEntry) {
            entries += 1
            countableEntries += 1
            if entry.originalCounters != nil { countedEntries += 1 }
            if entry.start != nil { hasTimestamps = true }
        }
    }

    /// - Parameter names: of the nodes, in the order of the collectors.
    package init(names: [String]) {
        var table = ConnectionTable()
        members = names.map { Member(observer: table.register(Observer(name: $0, isNode: true))) }
        self.table = table
    }

    /// Takes a block of entries.
    ///
    /// - Parameter offset: how far the node's clock is ahead of ours, in nanoseconds: times of several nodes are compared.
    package func take(_ block: EntryBlock, from position: Int, clockOffset offset: Int64) {
        var member = members[position]
        var entries = block.entries
        for index in entries.indices {
            entries[index].shiftTimes(by: offset)
            member.count(entries[index])
        }
        for window in block.windows where window.endedUnheard { member.endedUnheard += 1 }
        members[position] = member
        table.add(entries, windows: block.windows, observer: member.observer)
    }

    /// The table, and what is known of each collector's node.
    package func finish(_ reports: [CollectorFleet.Report], names: [String]) -> (ConnectionTable, [Coverage.Source]) {
        var sources: [Coverage.Source] = []
        for (position, report) in reports.enumerated() {
            guard report.hello != nil, report.end != nil || members[position].entries > 0 else { continue }
            var collector = CollectorCoverage(report)
            collector.endedUnheard = members[position].endedUnheard
            if let window = collector.window { table.setWindow(window, of: members[position].observer) }
            var source = Coverage.Source(name: names[position], isNode: true)
            source.entries = members[position].entries
            source.countedEntries = members[position].countedEntries
            source.countableEntries = members[position].countableEntries
            source.hasTimestamps = members[position].hasTimestamps
            source.hasEvents = collector.window != nil && collector.eventsMode != 0
            source.hasDump = true
            source.collector = collector
            sources.append(source)
        }
        return (table, sources)
    }
}

extension ConntrackEntry {
    /// Sets the times to what a clock would have shown that is behind by so many nanoseconds.
    fileprivate mutating func shiftTimes(by offset: Int64) {
        guard offset != 0 else { return }
        start = start.map { $0 - offset }
        stop = stop.map { $0 - offset }
        eventTime = eventTime.map { $0 - offset }
    }
}

extension CollectorCoverage {
    /// What a collector said of its node, its window and its losses.
    fileprivate init(_ report: CollectorFleet.Report) {
        let facts = report.hello?.facts
        self.init(hostName: facts?.hostName ?? "", kernelRelease: facts?.kernelRelease ?? "")
        hasConntrack = facts?.hasConntrack ?? true
        accounting = facts?.accounting
        timestamps = facts?.timestamps
        eventsMode = facts?.eventsMode
        bypassSigns = facts?.bypassSigns ?? []
        clockOffsetMilliseconds = report.clockOffset.map { Double($0.nanoseconds) / 1e6 }
        emptyReason = report.notices.first { $0.topic == .emptyTable }?.text
        failure = report.failure.map { CollectorTrouble.reason($0) }
        guard let end = report.end else { return }
        let offset = report.clockOffset?.nanoseconds ?? 0
        window = ObservationWindow(begin: Timestamp(nanoseconds: end.began) - offset, nanoseconds: end.window)
        events = end.losses.events
        eventOverruns = end.losses.eventOverruns
        countersWentDown = end.losses.countersWentDown
        untracked = end.losses.untracked
        undecodable = end.losses.undecodable
        interruptedDumps = end.losses.interruptedDumps
        insertFailed = end.statisticsOfWindow?.insertFailed
        drop = end.statisticsOfWindow?.drop
        earlyDrop = end.statisticsOfWindow?.earlyDrop
        tableCount = end.tableCount
        tableMaximum = end.tableMaximum
    }
}
