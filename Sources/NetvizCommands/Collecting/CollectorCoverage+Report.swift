import CollectorClient
import CollectorProtocol
import FlowGraph
import NetModel

extension CollectorCoverage {
    /// What a collector said of its node, its window and its losses.
    init(_ report: CollectorFleet.Report) {
        let facts = report.hello?.facts
        self.init(hostName: facts?.hostName ?? "", kernelRelease: facts?.kernelRelease ?? "")
        hasConntrack = facts?.hasConntrack ?? true
        accounting = facts?.accounting
        timestamps = facts?.timestamps
        eventsMode = facts?.eventsMode ?? report.end?.eventsMode
        isText = facts?.textSource != nil
        hearsEvents = facts?.textSource != .procFile
        bypassSigns = facts?.bypassSigns ?? []
        // Of text the times are the client's: what was measured is not the node's clock.
        clockOffsetMilliseconds = isText ? nil : report.clockOffset.map { Double($0.nanoseconds) / 1e6 }
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
