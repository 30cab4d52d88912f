import CollectorCore
import NetModel
import Testing

/// A window written as a test reads it: what the first dump showed, what events came, what the second dump showed.
private struct Window {
    private var table: WindowTable
    private(set) var told: [Told] = []
    private static let second: Int64 = 1_000_000_000

    init(limit: Int = 1000, tolerance: UInt64 = 100) { table = WindowTable(limit: limit, tolerance: tolerance) }

    var untracked: UInt64 { table.untracked }
    var countersWentDown: UInt64 { table.countersWentDown }

    mutating func first(_ entries: ConntrackEntry...) {
        for entry in entries { table.first(entry, at: 0) }
    }

    mutating func between(_ events: ConntrackEntry...) {
        table.endFirstDump()
        for event in events { self.event(event) }
    }

    mutating func event(_ event: ConntrackEntry) {
        var told: [Told] = []
        table.event(event, at: 2 * Self.second) { told.append(Told($0, $1)) }
        self.told += told
    }

    /// - Parameters:
    ///   - heardAll: whether events told of all that began within the window.
    ///   - uncertainty: of when the dump was made, in milliseconds.
    mutating func second(
        _ entries: ConntrackEntry..., heardAll: Bool = false, uncertainty: UInt64 = 0, tellsIdle: Bool = true
    ) {
        table.beginSecondDump(heardAll: heardAll)
        var told: [Told] = []
        for entry in entries {
            table.second(entry, at: 5 * Self.second, uncertainty: uncertainty, tellsIdle: tellsIdle) {
                told.append(Told($0, $1))
            }
        }
        self.told += told
    }

    /// The window breaks off: what was told before, and the ports of what is told without a fate.
    mutating func abandon() -> (told: [String], without: [UInt16]) {
        var ports: [UInt16] = []
        table.abandon { ports.append($0.original.sourcePort) }
        return (told.map(\.description), ports.sorted())
    }

    mutating func finish() -> [String] {
        var told: [Told] = []
        table.finish { told.append(Told($0, $1)) }
        return (self.told + told).map(\.description)
    }
}

@Suite("A window tells of every connection once")
struct WindowTableTests {
    @Test("that carried on: what it carried meanwhile")
    func carriedOn() {
        var window = Window()
        window.first(tcp(1, sent: 10, received: 20))
        window.between()
        window.second(tcp(1, sent: 13, received: 27, timeout: 100))
        #expect(window.finish() == ["1 first second refreshed 3/300 7/7000 was ESTABLISHED"])
    }

    @Test("that was idle: nothing carried, and its timeout ran on")
    func idle() {
        var window = Window()
        window.first(tcp(1, sent: 10, received: 20, timeout: 100))
        window.between()
        window.second(tcp(1, sent: 10, received: 20, timeout: 95))
        #expect(window.finish() == ["1 first second 0/0 0/0 was ESTABLISHED"])
    }

    @Test("without accounting by its timeout alone")
    func withoutAccounting() {
        var window = Window()
        window.first(tcp(1, timeout: 100), tcp(2, timeout: 100))
        window.between()
        window.second(tcp(1, timeout: 95), tcp(2, timeout: 99))
        #expect(
            window.finish() == ["1 first second was ESTABLISHED", "2 first second refreshed was ESTABLISHED"]
        )
    }

    @Test("without accounting by its timeout alone, and the less exactly the less is known of when it was read")
    func tolerance() {
        var window = Window(tolerance: 500)
        window.first(tcp(1, timeout: 100), tcp(2, timeout: 100))
        window.between()
        // The time from reading to reading is five seconds: six have run down of the one, three of the other.
        window.second(tcp(1, timeout: 94), tcp(2, timeout: 97))
        #expect(
            window.finish() == ["1 first second was ESTABLISHED", "2 first second refreshed was ESTABLISHED"]
        )
    }

    @Test("without accounting and with answers of an uncertain time: idle only where a packet would be known of")
    func uncertainty() {
        var window = Window()
        window.first(tcp(1, timeout: 100), tcp(2, timeout: 100), tcp(3, sent: 1, received: 1, timeout: 100))
        window.between()
        window.second(
            tcp(1, timeout: 97), tcp(2, timeout: 99), tcp(3, sent: 1, received: 1, timeout: 95), uncertainty: 1500,
            tellsIdle: false)
        #expect(
            window.finish() == [
                "1 was ESTABLISHED", "2 first second refreshed was ESTABLISHED",
                "3 first second 0/0 0/0 was ESTABLISHED",
            ])
    }

    @Test("whose counters are larger than any that are kept: no differences")
    func hugeCounters() {
        var window = Window()
        let huge: UInt64 = 1 << 42
        window.first(tcp(1, sent: huge, received: 1), tcp(2, sent: (1 << 40) - 1, received: 1))
        window.between()
        window.second(
            tcp(1, sent: huge + 1, received: 2, timeout: 95), tcp(2, sent: (1 << 40) + 1, received: 2, timeout: 95))
        #expect(
            window.finish() == ["1 first second was ESTABLISHED", "2 first second 2/200 1/1000 was ESTABLISHED"])
    }

    @Test("that is there when the window breaks off: without what became of it, unless that was told already")
    func brokenOff() {
        var window = Window()
        window.first(tcp(1, sent: 10, received: 20), tcp(2, sent: 10, received: 20), tcp(4, isIPv6: true))
        window.between(tcp(3, event: .new))
        window.second(tcp(1, sent: 13, received: 27, timeout: 95))
        let (told, without) = window.abandon()
        #expect(told == ["1 first second 3/300 7/7000 was ESTABLISHED"])
        #expect(without == [2, 3, 4])
        #expect(window.finish() == told)
    }

    @Test("that was opened inside: all that it carried, whether its event or only the dump told of it")
    func opened() {
        var window = Window()
        window.first()
        window.between(tcp(1, event: .new, state: .synSent))
        window.second(tcp(1, sent: 3, received: 4), tcp(2, sent: 5, received: 6))
        #expect(window.finish() == ["1 second new refreshed 3/300 4/4000", "2 second 5/500 6/6000"])
    }

    @Test("that was opened while the first dump ran, which shows it too: all that it carried")
    func openedWhileDumping() {
        for eventComesFirst in [true, false] {
            var window = Window()
            if eventComesFirst { window.event(tcp(1, event: .new)) }
            window.first(tcp(1, sent: 1, received: 1))
            if !eventComesFirst { window.event(tcp(1, event: .new)) }
            window.between()
            window.second(tcp(1, sent: 5, received: 6))
            let told = window.finish()
            #expect(told.count == 1)
            #expect(told.first?.hasPrefix("1 first second new") == true)
            #expect(told.first?.contains("5/500 6/6000") == true)
        }
    }

    @Test("that was opened before and closed inside, as its event tells it")
    func closed() {
        var window = Window()
        window.first(tcp(1, sent: 10, received: 20))
        window.between(tcp(1, event: .destroy, state: .timeWait, sent: 12, received: 25, timeout: nil))
        window.second()
        #expect(window.finish() == ["1 first destroy 2/200 5/5000 was ESTABLISHED"])
    }

    @Test("that was opened and closed inside: all of it")
    func openedAndClosed() {
        var window = Window()
        window.first()
        window.between(
            tcp(1, event: .new, state: .synSent),
            tcp(1, event: .destroy, state: .close, sent: 1, received: 1, timeout: nil)
        )
        window.second()
        #expect(window.finish() == ["1 new destroy 1/100 1/1000"])
    }

    @Test("that vanished without an event: no differences")
    func vanished() {
        var window = Window()
        window.first(tcp(1, sent: 10, received: 20))
        window.between()
        window.second()
        #expect(window.finish() == ["1 first was ESTABLISHED"])
    }

    @Test("whose counters went down: no differences, and it is counted")
    func countersWentDown() {
        var window = Window()
        window.first(tcp(1, sent: 10, received: 20))
        window.between()
        window.second(tcp(1, sent: 12, received: 3, timeout: 95))
        #expect(window.finish() == ["1 first second down was ESTABLISHED"])
        #expect(window.countersWentDown == 1)
    }

    @Test("and of two that had one tuple one after the other, twice")
    func reused() {
        var window = Window()
        window.first(tcp(1, id: 7, sent: 10, received: 20))
        window.between(
            tcp(1, id: 7, event: .destroy, sent: 11, received: 20, timeout: nil),
            tcp(1, id: 8, event: .new)
        )
        window.second(tcp(1, id: 8, sent: 2, received: 2))
        #expect(
            window.finish() == ["1 first destroy 1/100 0/0 was ESTABLISHED", "1 second new refreshed 2/200 2/2000"]
        )
    }

    @Test("and of one tuple in two zones, and of IPv4 and IPv6, apart")
    func zonesAndFamilies() {
        var window = Window()
        window.first(
            tcp(1, sent: 1, received: 1),
            tcp(1, sent: 2, received: 2, zone: 5),
            tcp(1, sent: 3, received: 3, isIPv6: true)
        )
        window.between()
        window.second(
            tcp(1, sent: 11, received: 1, timeout: 95),
            tcp(1, sent: 22, received: 2, timeout: 95, zone: 5),
            tcp(1, sent: 33, received: 3, timeout: 95, isIPv6: true)
        )
        #expect(
            window.finish() == [
                "1 first second 10/1000 0/0 was ESTABLISHED", "1 first second 20/2000 0/0 was ESTABLISHED",
                "1 first second 30/3000 0/0 was ESTABLISHED",
            ]
        )
    }

    @Test("though a dump that the kernel filled ahead shows one that was destroyed already")
    func staleDump() {
        var window = Window()
        window.event(tcp(1, event: .destroy, sent: 5, received: 5, timeout: nil))
        window.first(tcp(1, sent: 4, received: 4), tcp(2, sent: 1, received: 1))
        window.between()
        window.second(tcp(2, sent: 1, received: 1, timeout: 95), tcp(3, sent: 1, received: 1))
        window.event(tcp(3, event: .destroy, sent: 1, received: 1, timeout: nil))
        window.event(tcp(2, event: .destroy, sent: 9, received: 9, timeout: nil))
        #expect(
            window.finish() == ["1 destroy", "2 first second 0/0 0/0 was ESTABLISHED", "3 second 1/100 1/1000"]
        )
    }

    @Test("and again though a dump shows it twice")
    func shownTwice() {
        var window = Window()
        window.first(tcp(1, sent: 4, received: 4), tcp(1, sent: 4, received: 4))
        window.between()
        window.second(tcp(1, sent: 5, received: 4, timeout: 95), tcp(1, sent: 6, received: 4, timeout: 95))
        #expect(window.finish() == ["1 first second 1/100 0/0 was ESTABLISHED"])
    }

    @Test("and of those that had one tuple and one id, one after the other, each")
    func reusedID() {
        var window = Window()
        window.event(tcp(1, event: .destroy, sent: 1, received: 1, timeout: nil))
        window.event(tcp(1, event: .new))
        window.first(tcp(1, sent: 1, received: 1))
        window.event(tcp(1, event: .destroy, sent: 2, received: 2, timeout: nil))
        window.event(tcp(1, event: .new))
        window.between(
            tcp(1, event: .destroy, sent: 3, received: 3, timeout: nil),
            tcp(1, event: .new),
            tcp(1, event: .destroy, sent: 4, received: 4, timeout: nil),
            tcp(1, event: .new)
        )
        window.second(tcp(1, sent: 5, received: 5))
        window.event(tcp(1, event: .destroy, sent: 6, received: 6, timeout: nil))
        window.event(tcp(1, event: .new))
        #expect(
            window.finish() == [
                "1 destroy", "1 first new destroy 2/200 2/2000 was SYN_SENT", "1 new destroy 3/300 3/3000",
                "1 new destroy 4/400 4/4000", "1 second new refreshed 5/500 5/5000",
            ]
        )
    }

    @Test("but not of one that began after it, while the second dump ran")
    func beganLater() {
        var window = Window()
        window.first(tcp(1, sent: 1, received: 1))
        window.between(tcp(2, event: .new))
        window.second(tcp(1, sent: 2, received: 1, timeout: 95), tcp(3, sent: 9, received: 9), heardAll: true)
        window.event(tcp(3, event: .new))
        window.event(tcp(4, event: .new))
        window.event(tcp(4, event: .destroy, sent: 1, received: 1, timeout: nil))
        window.event(tcp(4, event: .new))
        #expect(window.finish() == ["1 first second 1/100 0/0 was ESTABLISHED", "2 new"])
    }

    @Test("and of an old one whose end no event told, when another of its tuple and id begins")
    func reusedWithoutAnEnd() {
        var window = Window()
        window.first(tcp(1, sent: 9, received: 9))
        window.between(tcp(1, event: .new))
        window.second(tcp(1, sent: 2, received: 2))
        #expect(window.finish() == ["1 first was ESTABLISHED", "1 second new refreshed 2/200 2/2000"])
    }

    @Test("and tells two of one tuple and id apart by when they began")
    func otherStart() {
        var old = tcp(1, sent: 9, received: 9)
        old.start = Timestamp(nanoseconds: 5)
        var later = tcp(1, sent: 12, received: 12)
        later.start = Timestamp(nanoseconds: 6)
        var window = Window()
        window.first(old)
        window.between()
        window.second(later)
        #expect(window.finish() == ["1 first was ESTABLISHED", "1 second 12/1200 12/12000"])
    }

    @Test("and tells one whose first packet was no SYN from one that began")
    func pickedUp() {
        var window = Window()
        window.first()
        window.between(tcp(1, event: .new, state: .established), tcp(2, event: .new, state: .synSent))
        window.second(tcp(1, sent: 2, received: 2), tcp(2, sent: 3, received: 3))
        #expect(
            window.finish() == [
                "1 second new refreshed picked-up 2/200 2/2000", "2 second new refreshed 3/300 3/3000",
            ]
        )
    }

    @Test("without accounting sees a timeout that was set anew to less as well")
    func shorterTimeout() {
        var window = Window()
        window.first(tcp(1, timeout: 431_999))
        window.between()
        window.second(tcp(1, timeout: 299))
        #expect(window.finish() == ["1 first second refreshed was ESTABLISHED"])
    }

    @Test("without differences beyond as many as may be kept, which are counted")
    func limit() {
        var window = Window(limit: 2)
        window.first(tcp(1, sent: 1, received: 1), tcp(2, sent: 1, received: 1), tcp(3, sent: 1, received: 1))
        window.between()
        window.second(
            tcp(1, sent: 2, received: 1, timeout: 95),
            tcp(2, sent: 2, received: 1, timeout: 95),
            tcp(3, sent: 2, received: 1, timeout: 95)
        )
        #expect(
            window.finish() == [
                "1 first second 1/100 0/0 was ESTABLISHED", "2 first second 1/100 0/0 was ESTABLISHED", "3",
            ]
        )
        #expect(window.untracked == 1)
    }

    @Test("of a hundred thousand that come and go within, in the memory of those that are there")
    func churn() {
        var window = Window(limit: 500)
        window.first()
        window.between()
        for number in 0..<100_000 {
            let port = UInt16(truncatingIfNeeded: number % 60000 + 1)
            window.event(tcp(port, id: UInt32(number), event: .new))
            if number >= 400 {
                let old = number - 400
                let event = tcp(
                    UInt16(truncatingIfNeeded: old % 60000 + 1),
                    id: UInt32(old),
                    event: .destroy,
                    sent: 2,
                    received: 1,
                    timeout: nil
                )
                window.event(event)
            }
        }
        window.second()
        let told = window.finish()
        #expect(told.count == 100_000)
        #expect(told.filter { $0.hasSuffix(" new destroy 2/200 1/1000") }.count == 99_600)
        #expect(told.filter { $0.hasSuffix(" new") }.count == 400)
        #expect(window.untracked == 0)
    }
}
