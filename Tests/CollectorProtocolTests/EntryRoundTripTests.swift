import CollectorProtocol
import NetModel
import TestSupport
import Testing

@Suite("Entries")
struct EntryRoundTripTests {
    /// IPv4 first, as blocks of the two families are written apart.
    private func byFamily<Value>(_ values: [Value], _ entries: [ConntrackEntry]) -> [Value] {
        let isIPv4 = entries.map { entry in
            [entry.original, entry.reply].allSatisfy { $0.source.isIPv4 && $0.destination.isIPv4 }
        }
        return zip(values, isIPv4).filter(\.1).map(\.0) + zip(values, isIPv4).filter { !$0.1 }.map(\.0)
    }

    private func byFamily(_ reading: Reading) -> Reading {
        var sorted = reading
        let entries = reading.entries
        let windows = reading.windows
        let sortedWindows = windows.isEmpty ? [] : byFamily(windows, entries)
        sorted.messages = [.entries(EntryBlock(entries: byFamily(entries, entries), windows: sortedWindows))]
        return sorted
    }

    @Test("of any form come back as they were", arguments: 0..<60 as Range<UInt64>)
    func anyEntries(seed: UInt64) {
        var any = AnyEntry(seed: seed)
        any.manyKinds = seed % 2 == 0
        let entries = (0..<600).map { _ in any.entry() }
        let reading = Reading(snapshot(entries))
        #expect(reading.error == nil)
        #expect(reading.isComplete)
        #expect(byFamily(reading).entries == byFamily(entries, entries))
        #expect(reading.windows.isEmpty)
    }

    @Test("of any form come back with what was seen of them in the window", arguments: 100..<160 as Range<UInt64>)
    func anyWindows(seed: UInt64) {
        var any = AnyEntry(seed: seed)
        any.manyKinds = seed % 2 == 0
        let entries = (0..<600).map { _ in any.entry() }
        let windows = entries.map { any.window(of: $0) }
        let reading = Reading(
            stream { writer in
                for (entry, window) in zip(entries, windows) { writer.add(entry, window: window) }
                writer.finish(End())
            })
        #expect(reading.isComplete)
        #expect(byFamily(reading).entries == byFamily(entries, entries))
        #expect(byFamily(reading).windows == byFamily(windows, entries))
    }

    @Test("come back the same however the stream is cut")
    func pieces() {
        let stream = sampleStream()
        let whole = Reading(stream)
        for length in [1, 2, 3, 4, 5, 7, 64, 1000] {
            let cut = Reading(stream, pieceLength: length)
            #expect(cut.messages == whole.messages)
            #expect(cut.isComplete)
        }
    }

    @Test("lose their id, which only the node itself can use")
    func identifier() {
        var entry = FullNode.entry(1)
        entry.id = 4711
        let reading = Reading(snapshot([entry]))
        #expect(reading.entries.map(\.id) == [nil])
        entry.id = nil
        #expect(reading.entries == [entry])
    }

    @Test("keep what was not measured apart from zero")
    func absentOrZero() {
        let bare = FullNode.entry(1, counters: nil)
        var reply = bare
        reply.replyCounters = .zero
        reply.timeout = 0
        reply.ageSeconds = 0
        reply.mark = nil
        var marked = bare
        marked.mark = 0
        let entries = [bare, reply, marked]
        #expect(Reading(snapshot(entries)).entries == entries)
        let total = FullNode.entry(1, counters: Counters(packets: 3, bytes: 180))
        let windows = [
            WindowObservation(marks: []),
            WindowObservation(
                marks: .refreshed, original: .zero, reply: total.replyCounters, stateBefore: ConntrackState.none),
            WindowObservation(marks: .newEvent, original: Counters(packets: 1, bytes: 60)),
        ]
        let reading = Reading(
            stream { writer in
                for window in windows { writer.add(total, window: window) }; writer.finish(End())
            })
        #expect(reading.windows == windows)
    }

    @Test("fill a block of 4096, and the last one is shorter")
    func fullBlocks() {
        let entries = (0..<9000).map { FullNode.entry($0) }
        let reading = Reading(snapshot(entries))
        #expect(reading.blocks.map(\.entries.count) == [4096, 4096, 808])
        #expect(reading.entries == entries)
    }

    @Test("of more kinds than a block can name begin the next one")
    func fullDictionary() {
        let entries = (0..<1000).map { index in
            var entry = FullNode.entry(index)
            entry.mark = UInt32(index)
            return entry
        }
        let reading = Reading(snapshot(entries))
        #expect(reading.blocks.map(\.entries.count) == [256, 256, 256, 232])
        #expect(reading.entries == entries)
    }

    @Test("with and without a window never share a block")
    func mixedWindows() {
        let window = WindowObservation(marks: .inFirstDump)
        let reading = Reading(
            stream { writer in
                for index in 0..<4 { writer.add(FullNode.entry(index), window: index < 2 ? nil : window) }
                writer.finish(End())
            })
        #expect(reading.blocks.map(\.windows) == [[], [window, window]])
        #expect(reading.entries == (0..<4).map { FullNode.entry($0) })
    }

    @Test("of a full block, each as long as an entry can be, fit a frame")
    func longestBlock() {
        var random = SplitMix(seed: 3)
        var entries: [ConntrackEntry] = []
        var windows: [WindowObservation] = []
        for _ in 0..<StreamFormat.blockEntries {
            func address() -> IPAddress { IPAddress(high: random.next(), low: random.next()) }
            func tuple() -> Tuple {
                Tuple(
                    source: address(), sourcePort: UInt16(truncatingIfNeeded: random.next()), destination: address(),
                    destinationPort: UInt16(truncatingIfNeeded: random.next()), transport: .tcp)
            }
            func counters() -> Counters { Counters(packets: .max, bytes: random.next() | 1 << 63) }
            let time = Timestamp(nanoseconds: entries.count % 2 == 0 ? .min : -1)
            entries.append(
                ConntrackEntry(
                    original: tuple(), reply: tuple(), originalCounters: counters(), replyCounters: counters(),
                    timeout: entries.count % 2 == 0 ? 0 : .max, ageSeconds: .max, start: time, stop: time,
                    eventTime: time))
            windows.append(WindowObservation(marks: [], original: counters(), reply: counters()))
        }
        let reading = Reading(
            stream { writer in
                for (entry, window) in zip(entries, windows) { writer.add(entry, window: window) }
                writer.finish(End())
            })
        #expect(reading.error == nil)
        #expect(reading.entries == entries)
        #expect(reading.windows == windows)
        #expect(reading.blocks.count == 1)
    }

    @Test("before a failure are written all the same")
    func failure() {
        let notice = Notice(topic: .deadline, text: "too late")
        let reading = Reading(
            stream { writer in
                writer.add(FullNode.entry(1))
                writer.writeFailure(notice)
            })
        #expect(reading.messages == [.entries(EntryBlock(entries: [FullNode.entry(1)])), .failure(notice)])
        #expect(reading.error == nil)
        #expect(!reading.isComplete)
    }

    @Test("are counted anew for each START")
    func totalsPerStart() {
        let reading = Reading(
            stream { writer in
                for count in [3, 0, 2] {
                    for index in 0..<count { writer.add(FullNode.entry(index)) }
                    writer.finish(End())
                }
            })
        let ends = reading.messages.compactMap { message in
            guard case .end(let end) = message else { return End?.none }
            return end
        }
        #expect(reading.error == nil)
        #expect(ends.map(\.entries) == [3, 0, 2])
        #expect(ends.map(\.frames) == [1, 0, 1])
    }

    @Test("have numbers for states and events that never change, as files keep them")
    func numbersOfStates() {
        let states = ConntrackState.allCases.map { "\($0.rawValue) \($0.name)" }
        #expect(
            states == [
                "0 NONE", "1 SYN_SENT", "2 SYN_RECV", "3 ESTABLISHED", "4 FIN_WAIT", "5 CLOSE_WAIT", "6 LAST_ACK",
                "7 TIME_WAIT", "8 CLOSE", "9 LISTEN", "10 SYN_SENT2", "11 CLOSED", "12 COOKIE_WAIT",
                "13 COOKIE_ECHOED", "14 SHUTDOWN_SENT", "15 SHUTDOWN_RECD", "16 SHUTDOWN_ACK_SENT",
                "17 HEARTBEAT_SENT", "18 HEARTBEAT_ACKED", "19 REQUEST", "20 RESPOND", "21 PARTOPEN", "22 OPEN",
                "23 CLOSEREQ", "24 CLOSING", "25 IGNORE", "26 INVALID",
            ])
        let events: [ConntrackEntry.Event] = [.new, .update, .destroy]
        #expect(events.map(\.rawValue) == [0, 1, 2])
    }
}
