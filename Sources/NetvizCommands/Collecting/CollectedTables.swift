package import CollectorClient
package import CollectorProtocol
package import Drops
import FirewallRules
package import FlowGraph
import NetModel
import Rendering
import TerminalText

/// What sources tell, live or recorded, becomes one table of connections, its coverage, and a recording where one is
/// wanted. Whoever reads a source says what it holds in the order in which it comes, and the recording is of that order.
package actor CollectedTables {
    /// Who is listened to: a node's collector, or a file.
    package struct Source: Sendable {
        /// The node's name, or the file's.
        package var name: String
        /// Whether `name` names a node.
        package var isNode: Bool
        package var mode: BundleSource.Mode
        /// Whether the collector runs on this machine, or ran on the one that recorded it: its clock needs no shift.
        package var hasOwnClock: Bool

        package init(name: String, isNode: Bool, mode: BundleSource.Mode, hasOwnClock: Bool = false) {
            self.name = name
            self.isNode = isNode
            self.mode = mode
            self.hasOwnClock = hasOwnClock
        }
    }

    /// What was observed, whoever observed it.
    package struct Collected: Sendable {
        package var table: ConnectionTable
        package var sources: [Coverage.Source]
        /// Nodes of which nothing could be read, and why.
        package var failed: [Coverage.Skipped]
        /// What was read of packet filters, one a node or file.
        package var rules: [NodeRules] = []
    }

    private var table = ConnectionTable()
    private var members: [Member] = []
    /// What was read of packet filters, one a name, in the order in which they came.
    private var rules: [CollectedRules] = []
    /// Texts of rules that are being read, the oldest first.
    private var readings: [Task<Ruleset, Never>] = []
    /// How many texts may wait to be read: with more of them, whoever brings the next one waits.
    private static let mostReadings = Processors.count
    private let recording: BundleRecording?
    private let tellUser: @Sendable (String) -> Void
    /// Lines about the inventory, which are told after the tables were read.
    private var linesAboutInventory: [String] = []

    /// What came from one source.
    private struct Member {
        let source: Source
        let observer: UInt16
        /// Its number in the recording.
        let number: Int
        var counts = EntryCounts()
        var clockOffset: ClockOffset?
        var report: CollectorFleet.Report?
        var malformedLines = 0
        var failure: String?
    }

    /// - Parameters:
    ///   - recording: where all of it is written; nil where nothing is recorded.
    ///   - tell: tells the user a line.
    package init(recording: BundleRecording? = nil, tell: @escaping @Sendable (String) -> Void = { _ in }) {
        self.recording = recording
        tellUser = tell
    }

    /// Whether the bytes of what is received are wanted.
    package nonisolated var isRecorded: Bool { recording != nil }

    // MARK: What sources tell

    /// A source begins.
    ///
    /// - Returns: its position, for the calls that follow.
    package func begin(_ source: Source) -> Int {
        // Rules observe no connection.
        let observer = source.mode == .rules ? 0 : table.register(Observer(name: source.name, isNode: source.isNode))
        let number = recording?.begin(source) ?? members.count
        members.append(Member(source: source, observer: observer, number: number))
        return members.count - 1
    }

    /// Takes what was received of a collector.
    package func take(_ reception: CollectorFleet.Reception, from position: Int) async {
        await take(reception, counts: reception.events.map(\.counts), from: position)
    }

    /// The same, with the counts of each event, which are empty for all but entries.
    func take(_ reception: CollectorFleet.Reception, counts: [EntryCounts], from position: Int) async {
        record(reception, from: position)
        let source = members[position].source
        let offset = source.hasOwnClock ? 0 : reception.clockOffset?.nanoseconds ?? 0
        for (event, counts) in zip(reception.events, counts) {
            switch event {
            case .entries(let block):
                members[position].counts.add(counts)
                table.add(
                    block.entries,
                    windows: block.windows,
                    observer: members[position].observer,
                    clockOffset: offset
                )
            case .rules(let piece):
                let number = rules(of: position)
                if let reading = rules[number].take(piece) { readings.append(reading) }
            case .ready, .notice, .ended: break
            }
        }
        // Only when all of it is taken: others may be taken meanwhile.
        await waitForReadings()
    }

    /// Takes entries of a text.
    ///
    /// - Parameter frames: what `EntryFrames` makes of them, where a recording is wanted.
    func take(_ entries: [ConntrackEntry], counts: EntryCounts, frames: ArraySlice<UInt8>, from position: Int) {
        recording?.write(frames, of: members[position].number)
        members[position].counts.add(counts)
        table.add(entries, observer: members[position].observer)
    }

    /// Takes a piece of a packet filter's rules, or of the table's statistics, that were given as a file.
    func take(_ text: BundleRulesText, from position: Int) async {
        recording?.write(text, of: members[position].number)
        let number = rules(of: position)
        if let reading = rules[number].take(text) { readings.append(reading) }
        await waitForReadings()
    }

    /// Lets texts be read while the next ones come, unless too many wait already: they are large.
    private func waitForReadings() async {
        while readings.count > Self.mostReadings { _ = await readings.removeFirst().value }
    }

    /// The position of the rules of a source: several files may be of one node.
    private func rules(of position: Int) -> Int {
        let source = members[position].source
        if let known = rules.firstIndex(where: { $0.name == source.name && $0.isNode == source.isNode }) {
            return known
        }
        rules.append(CollectedRules(name: source.name, isNode: source.isNode))
        return rules.count - 1
    }

    /// Nothing follows of a collector.
    package func end(_ report: CollectorFleet.Report, of position: Int) {
        members[position].report = report
        if report.notices.contains(where: { $0.topic == .rules }) {
            let number = rules(of: position)
            for notice in report.notices { rules[number].take(notice) }
        }
        write(report.clockOffset, of: position)
        recording?.end(
            members[position].number,
            BundleSourceEnd(
                failure: report.failure.map { CollectorTrouble.reason($0) },
                noticesLeftOut: UInt64(report.noticesLeftOut),
                entries: UInt64(members[position].counts.entries)
            )
        )
    }

    /// Nothing follows of a file.
    ///
    /// - Parameters:
    ///   - malformedLines: how many of its lines could not be read.
    ///   - failure: why it is not all of the file; nil where it is.
    func end(malformedLines: Int, failure: String? = nil, of position: Int) {
        members[position].malformedLines = malformedLines
        members[position].failure = failure
        recording?.end(
            members[position].number,
            BundleSourceEnd(
                failure: failure,
                malformedLines: UInt64(malformedLines),
                entries: UInt64(members[position].counts.entries)
            )
        )
    }

    // MARK: What is told, and recorded, beside

    /// Tells the user a line about what is read: one that what is recorded does not say by itself.
    func tell(_ line: String) {
        tellUser(line)
        recording?.write(BundleWarning(.tables, line))
    }

    /// Keeps a line about the inventory for `tellOfInventory`.
    func keep(lineAboutInventory line: String) {
        linesAboutInventory.append(line)
    }

    /// Tells the lines about the inventory that were kept, then `lines`.
    func tellOfInventory(_ lines: [String]) {
        for line in linesAboutInventory + lines {
            tellUser(line)
            recording?.write(BundleWarning(.inventory, line))
        }
        linesAboutInventory = []
    }

    /// Records a document of the inventory.
    func record(inventory document: [UInt8], isEnd: Bool) {
        recording?.write(BundleInventoryPiece(text: document, isLast: true, isEnd: isEnd))
    }

    private func record(_ reception: CollectorFleet.Reception, from position: Int) {
        guard let recording else { return }
        if !reception.events.isEmpty { write(reception.clockOffset, of: position) }
        recording.write(reception.frames[...], of: members[position].number)
    }

    /// Records how far a node's clock is ahead, when that is known, and again when another measurement was better.
    private func write(_ offset: ClockOffset?, of position: Int) {
        guard let offset, members[position].clockOffset != offset else { return }
        members[position].clockOffset = offset
        recording?.write(
            BundleOffset(nanoseconds: offset.nanoseconds, uncertainty: offset.uncertainty),
            of: members[position].number
        )
    }

    // MARK: The result

    /// Tells the collectors' notices, and gives what was collected; nothing can be taken afterwards.
    package func finish() async -> Collected {
        // Moved rather than shared: whoever gets it changes it.
        var collected = Collected(table: ConnectionTable(), sources: [], failed: [])
        swap(&collected.table, &table)
        for member in members {
            if let report = member.report { tellNotices(of: report, node: member.source.name) }
            if let source = coverage(of: member, in: &collected) { collected.add(source) }
        }
        for var content in rules {
            let (rules, source, lines) = await content.finish()
            // What replay finds by itself is not recorded.
            for line in lines { tellUser(PrintableText.escaped(line)) }
            collected.rules.append(rules)
            collected.add(source)
        }
        return collected
    }

    private func tellNotices(of report: CollectorFleet.Report, node: String) {
        for notice in report.notices where notice.topic != .emptyTable {
            tellUser(CollectorTrouble.warning(notice, node: node))
        }
        if report.noticesLeftOut > 0 {
            tellUser(CollectorTrouble.warning(noticesLeftOut: report.noticesLeftOut, node: node))
        }
    }

    /// What is known of a source; nil where that is nothing.
    private func coverage(of member: Member, in collected: inout Collected) -> Coverage.Source? {
        var source = Coverage.Source(name: member.source.name, isNode: member.source.isNode)
        switch member.source.mode {
        case .rules: return nil
        case .text:
            member.counts.describe(text: &source)
            source.malformedLines = member.malformedLines
            source.failure = member.failure
        case .collector:
            guard let report = member.report else { return nil }
            if let failure = report.failure {
                collected.failed.append(
                    Coverage.Skipped(node: source.name, reason: CollectorTrouble.reason(failure)))
            }
            guard report.hello != nil, report.end != nil || member.counts.entries > 0 else { return nil }
            source.statistics = report.end?.statistics
            let collector = CollectorCoverage(report)
            if let window = collector.window { collected.table.setWindow(window, of: member.observer) }
            source.collector = collector
            member.counts.describe(collected: &source)
            source.hasEvents = collector.window != nil && collector.eventsMode != 0 && collector.hearsEvents
            source.hasDump = true
        }
        return source
    }
}

extension CollectedTables.Collected {
    /// Adds what is known of a source; several may be of one node.
    fileprivate mutating func add(_ source: Coverage.Source) {
        if let known = sources.firstIndex(where: { $0.name == source.name && $0.isNode == source.isNode }) {
            sources[known].add(source)
        } else {
            sources.append(source)
        }
    }
}

extension CollectorConversation.Event {
    /// The counts of a block of entries; of anything else none.
    var counts: EntryCounts {
        if case .entries(let block) = self { EntryCounts(block) } else { EntryCounts() }
    }
}
