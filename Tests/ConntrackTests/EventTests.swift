import Conntrack
import Glibc
import NetModel
import Testing

@Suite("Events")
struct EventTests {
    /// What a listener hears of a connection from before it subscribed, one from after, and a flush of both.
    private func heard(mode: Int) throws -> [String] {
        try inNewNamespace {
            try track(events: mode)
            let library = try LibraryHandle()
            try library.create(17, sourcePort: 1, destinationPort: 1)
            var events = try ConntrackEvents(bufferSize: 1 << 20)
            try library.create(17, sourcePort: 2, destinationPort: 2)
            try shell("conntrack -F 2>&1")
            var heard: [String] = []
            let reception = try events.receive { entry in
                heard.append("\(entry.event.map(String.init(describing:)) ?? "none") \(entry.original.sourcePort)")
            }
            #expect(reception.events == heard.count)
            #expect(reception.undecodable == 0)
            #expect(reception.overruns == 0)
            #expect(reception.isDrained)
            return heard
        }
    }

    @Test("in mode 2 surely come of connections born under the subscription")
    func automatic() throws {
        let heard = try heard(mode: 2)
        // Of an older one only where somebody listened already, in whatever namespace of the machine: the kernel asks
        // no more exactly.
        #expect(heard.filter { $0 != "destroy 1" } == ["new 2", "destroy 2"])
    }

    @Test("in mode 1 come of the end of every connection")
    func always() throws {
        let heard = try heard(mode: 1)
        #expect(heard.first == "new 2")
        #expect(Set(heard) == ["new 2", "destroy 1", "destroy 2"])
        #expect(heard.count == 3)
    }

    @Test("in mode 0 do not come")
    func never() throws {
        #expect(try heard(mode: 0) == [])
    }

    @Test("of changes are not subscribed to")
    func updates() throws {
        let kinds = try inNewNamespace {
            try track()
            var events = try ConntrackEvents(bufferSize: 1 << 20)
            // Answered, closed and marked, each of which is an UPDATE.
            try talk("tcp", "marked")
            var kinds: [ConntrackEntry.Event?] = []
            _ = try events.receive { kinds.append($0.event) }
            return kinds
        }
        #expect(kinds == [.new, .new])
    }

    @Test("of a refused dial tell its beginning and its end at once")
    func refused() throws {
        let entries = try inNewNamespace {
            try track()
            var events = try ConntrackEvents(bufferSize: 1 << 20)
            try talk("refused")
            var entries: [ConntrackEntry] = []
            _ = try events.receive { entries.append($0) }
            return entries
        }
        #expect(entries.map(\.event) == [.new, .destroy])
        let end = try #require(entries.last)
        #expect(end.original.destinationPort == 5010)
        // One SYN of 60 bytes, one RST of 40.
        #expect(end.originalCounters == Counters(packets: 1, bytes: 60))
        #expect(end.replyCounters == Counters(packets: 1, bytes: 40))
        let start = try #require(end.start)
        let stop = try #require(end.stop)
        #expect(start < stop)
        #expect(end.state == .close)
        // Kernels from 6.14 send it.
        if let eventTime = end.eventTime { #expect(stop <= eventTime) }
    }

    @Test("have the time that the kernel sends with them, and none where it sends none")
    func times() {
        let sent = Message.entry(flags: 0x600, Message.attribute(27, Message.big(UInt64(1_795_446_000_000_000_001))))
        let silent = Message.entry(type: 0x102)
        let decoded = DecodedEvents([sent, silent])
        #expect(decoded.entries.map(\.eventTime) == [Timestamp(nanoseconds: 1_795_446_000_000_000_001), nil])
    }

    @Test("that do not fit the buffer are known to be lost, and later ones come again")
    func overrun() throws {
        try inNewNamespace {
            let library = try LibraryHandle()
            var events = try ConntrackEvents(bufferSize: 1)
            #expect(events.bufferSize < 10_000)
            for port in 1...UInt16(1000) { try library.create(17, sourcePort: port, destinationPort: 1) }
            let first = try events.receive { _ in }
            #expect(first.overruns == 1)
            #expect(first.events > 0 && first.events < 1000)
            #expect(first.isDrained)
            try library.create(17, sourcePort: 1001, destinationPort: 1)
            var ports: [UInt16] = []
            let second = try events.receive { ports.append($0.original.sourcePort) }
            #expect(ports == [1001])
            #expect(second.overruns == 0)
        }
    }

    @Test("of a burst fit a buffer that was made for it")
    func burst() throws {
        try inNewNamespace {
            let library = try LibraryHandle()
            var events = try ConntrackEvents(bufferSize: 8 << 20)
            // Twice what was asked for: the kernel counts its own bookkeeping (socket(7)).
            #expect(events.bufferSize == 16 << 20)
            for port in 1...UInt16(5000) { try library.create(17, sourcePort: port, destinationPort: 1) }
            var ports: Set<UInt16> = []
            let reception = try events.receive(limit: 10_000) { ports.insert($0.original.sourcePort) }
            #expect(reception.events == 5000)
            #expect(reception.overruns == 0)
            #expect(ports == Set(1...5000))
        }
    }

    @Test("are taken a few at a time, and waited for by the file descriptor")
    func limit() throws {
        try inNewNamespace {
            let library = try LibraryHandle()
            var events = try ConntrackEvents(bufferSize: 1 << 20)
            #expect(!isReadable(events.fileDescriptor))
            for port in 1...UInt16(10) { try library.create(17, sourcePort: port, destinationPort: 1) }
            #expect(isReadable(events.fileDescriptor))
            let first = try events.receive(limit: 4) { _ in }
            #expect(first.events == 4)
            #expect(!first.isDrained)
            let second = try events.receive { _ in }
            #expect(second.events == 6)
            #expect(second.isDrained)
            #expect(!isReadable(events.fileDescriptor))
        }
    }

    private func isReadable(_ descriptor: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe Glibc.poll(&poll, 1, 0) == 1
    }
}
