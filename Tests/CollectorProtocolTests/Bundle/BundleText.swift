import CollectorProtocol
import NetModel

/// All that a bundle holds, in lines for a golden file.
struct BundleText {
    private(set) var text = ""

    init(_ reading: BundleReading) {
        for item in reading.items {
            let source = item.source.map { "\($0) " } ?? ""
            switch item.message {
            case .bundle(let head):
                line(
                    "BUNDLE version \(head.version) release \(head.release) recorded at \(head.recordedAt) identity \(head.identity)"
                )
            case .source(let begun):
                line("\(source)SOURCE \(begun.name) node \(begun.isNode) \(begun.mode) own clock \(begun.hasOwnClock)")
            case .turn(let number): line("TURN \(number)")
            case .offset(let offset): line("\(source)OFFSET \(offset.nanoseconds) +- \(offset.uncertainty)")
            case .stream(let message): add(message, source)
            case .rulesText(let rules):
                line("\(source)RULES TEXT \(rules.form) last \(rules.isLast) \(Self.text(rules.text))")
            case .sourceEnd(let end):
                line(
                    "\(source)SOURCE END \(end.entries) entries, \(end.malformedLines) malformed, \(end.noticesLeftOut) notices left out, failure \(end.failure ?? "-")"
                )
            case .inventory(let piece):
                line("INVENTORY last \(piece.isLast) end \(piece.isEnd) \(Self.text(piece.text))")
            case .warning(let warning): line("WARNING \(warning.subject) \(warning.line)")
            case .end(let frames, let checksum): line("BUNDLE END \(frames) frames \(checksum)")
            }
        }
        line(reading.failure.map { "failed: \($0)" } ?? "ended")
    }

    private mutating func line(_ line: String) {
        text += line + "\n"
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\\n")
    }

    private mutating func add(_ message: CollectorMessage, _ source: String) {
        switch message {
        case .hello(let hello):
            let facts = hello.facts
            line("\(source)HELLO \(hello.version) \(hello.release) \(hello.clock.wall) \(hello.clock.monotonic)")
            line(
                "    \(facts.hostName) \(facts.kernelRelease) conntrack \(facts.hasConntrack) administrate \(facts.mayAdministrate) accounting \(Self.known(facts.accounting)) timestamps \(Self.known(facts.timestamps)) events \(Self.known(facts.eventsMode)) bridge \(Self.known(facts.bridgeNetfilter)) table \(Self.known(facts.tableCount)) of \(Self.known(facts.tableMaximum)) bypass \(facts.bypassSigns)"
            )
        case .clock(let clock): line("\(source)CLOCK \(clock.wall) \(clock.monotonic)")
        case .entries(let block):
            line("\(source)ENTRIES")
            for (index, entry) in block.entries.enumerated() {
                line("    " + Self.text(entry))
                guard index < block.windows.count else { continue }
                let window = block.windows[index]
                line(
                    "        window marks \(window.marks.rawValue) \(Self.text(window.original)) \(Self.text(window.reply)) before \(Self.known(window.stateBefore))"
                )
            }
        case .rules(let piece):
            line("\(source)RULES \(piece.program) \(piece.moment) last \(piece.isLast) \(Self.text(piece.text))")
        case .notice(let notice): line("\(source)NOTICE \(notice.topic) \(notice.text)")
        case .end(let end): add(end, source)
        case .failure(let notice): line("\(source)FAILURE \(notice.topic) \(notice.text)")
        case .clockRequest, .start, .acknowledgement: line("\(source)of a client")
        }
    }

    private mutating func add(_ end: End, _ source: String) {
        line(
            "\(source)END \(end.entries) entries \(end.frames) frames \(end.checksum) began \(end.began) ended \(end.ended) window \(end.window) table \(Self.known(end.tableCount)) of \(Self.known(end.tableMaximum))"
        )
        let losses = end.losses
        line(
            "    losses \(losses.events) \(losses.eventOverruns) \(losses.interruptedDumps) \(losses.untracked) \(losses.countersWentDown) \(losses.undecodable)"
        )
        for statistics in [end.statistics, end.statisticsOfWindow] {
            guard let statistics else { continue }
            line(
                "    statistics \(statistics.found) \(statistics.invalid) \(statistics.insertFailed) \(statistics.drop) \(statistics.earlyDrop)"
            )
        }
    }

    private static func text(_ entry: ConntrackEntry) -> String {
        let parts = [
            text(entry.original), text(entry.reply), "event \(known(entry.event))", "state \(known(entry.state))",
            "status \(entry.status.rawValue)", text(entry.originalCounters), text(entry.replyCounters),
            "timeout \(known(entry.timeout))", "mark \(known(entry.mark))", "zone \(entry.zone)",
            "age \(known(entry.ageSeconds))", "start \(known(entry.start?.nanoseconds))",
            "stop \(known(entry.stop?.nanoseconds))", "at \(known(entry.eventTime?.nanoseconds))",
        ]
        return parts.joined(separator: " ")
    }

    private static func text(_ tuple: Tuple) -> String {
        "\(tuple.transport) \(tuple.source) \(tuple.sourcePort) > \(tuple.destination) \(tuple.destinationPort)"
    }

    private static func text(_ counters: Counters?) -> String {
        counters.map { "\($0.packets)/\($0.bytes)" } ?? "-"
    }

    private static func known<Value>(_ value: Value?) -> String {
        value.map { "\($0)" } ?? "-"
    }
}
