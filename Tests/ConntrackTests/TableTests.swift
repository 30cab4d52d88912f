import CNetfilterConntrack
import Conntrack
import Glibc
import NetModel
import Testing

@Suite("The table of a namespace with real traffic")
struct TableTests {
    @Test("has what was sent, to the byte")
    func counters() throws {
        let entries = try inNewNamespace {
            try track()
            try talk("udp4", "udp6", "unanswered", "unknown")
            try shell("ping -q -c 3 -i 0.01 10.1.0.2 && ping -q -c 2 -i 0.01 -s 16 ::1")
            return try table()
        }
        #expect(entries.count == 6)
        // 20 bytes of IPv4 header, 40 of IPv6, 8 of UDP or ICMP.
        let udp = try #require(entry(entries, .udp, 5000))
        #expect(udp.originalCounters == Counters(packets: 3, bytes: 384))
        #expect(udp.replyCounters == Counters(packets: 3, bytes: 384))
        #expect(udp.original.source == IPAddress("10.1.0.1"))
        #expect(udp.original.sourcePort == 40001)
        #expect(udp.reply == udp.original.inverted)
        #expect(udp.status.contains(.seenReply))
        let udp6 = try #require(entry(entries, .udp, 5000, at: "::1"))
        #expect(udp6.originalCounters == Counters(packets: 2, bytes: 196))
        let unanswered = try #require(entry(entries, .udp, 5001))
        #expect(unanswered.originalCounters == Counters(packets: 2, bytes: 76))
        #expect(unanswered.replyCounters == .zero)
        #expect(!unanswered.status.contains(.seenReply))
        let unknown = try #require(entry(entries, TransportProtocol(rawValue: 253), 0))
        #expect(unknown.originalCounters == Counters(packets: 1, bytes: 120))
        #expect(unknown.original.sourcePort == 0)
        // Type 8 and code 0, where the destination port would be; answered with type 0.
        let ping = try #require(entry(entries, .icmp, 8 << 8))
        #expect(ping.originalCounters == Counters(packets: 3, bytes: 252))
        #expect(ping.reply.icmpType == (0, 0))
        #expect(ping.reply.sourcePort == ping.original.sourcePort)
        let ping6 = try #require(entry(entries, .icmpv6, 128 << 8, at: "::1"))
        #expect(ping6.originalCounters == Counters(packets: 2, bytes: 128))
        #expect(ping6.reply.icmpType == (129, 0))
    }

    @Test("has the translated ends, the marks and the zones of both directions or of one")
    func translations() throws {
        let entries = try inNewNamespace {
            try track()
            try talk("marked", "zone", "zone-original", "zone-reply", "dnat", "snat")
            return try table()
        }
        #expect(entries.count == 6)
        #expect(entry(entries, .udp, 5002)?.mark == 1234)
        #expect(entry(entries, .udp, 5002)?.zone == 0)
        #expect(entry(entries, .udp, 5003)?.zone == 7)
        #expect(entry(entries, .udp, 5003)?.mark == 0)
        #expect(entry(entries, .udp, 5004)?.zone == 8)
        #expect(entry(entries, .udp, 5005)?.zone == 9)
        let dialled = try #require(entry(entries, .udp, 53, at: "10.1.0.99"))
        #expect(dialled.reply.source == IPAddress("10.1.0.2"))
        #expect(dialled.reply.sourcePort == 5006)
        #expect(dialled.reply.destination == IPAddress("10.1.0.1"))
        let masqueraded = try #require(entry(entries, .udp, 5007))
        #expect(masqueraded.original.source == IPAddress("10.1.0.1"))
        #expect(masqueraded.reply.destination == IPAddress("10.1.0.77"))
    }

    @Test("has the state, age and remaining time of a closed TCP connection, and nothing of a refused one")
    func states() throws {
        let before = now()
        let entries = try inNewNamespace {
            try track()
            try talk("tcp", "refused")
            return try table()
        }
        let after = now()
        #expect(entries.count == 1)
        let closed = try #require(entry(entries, .tcp, 5008))
        #expect(closed.state == .timeWait)
        #expect(closed.status.contains([.seenReply, .assured]))
        #expect((110...120).contains(try #require(closed.timeout)))
        let start = try #require(closed.start)
        #expect(before <= start && start <= after)
        #expect(closed.stop == nil)
        #expect(closed.ageSeconds == nil)
        #expect(closed.event == nil)
        #expect(closed.id != nil)
        // 1000 bytes and 10 in packets whose headers are 40 to 60 bytes long.
        let sent = try #require(closed.originalCounters)
        #expect(sent.bytes >= 1000 + 40 * sent.packets && sent.bytes <= 1000 + 60 * sent.packets)
        let received = try #require(closed.replyCounters)
        #expect(received.bytes >= 10 + 40 * received.packets && received.bytes <= 10 + 60 * received.packets)
    }

    @Test("says nothing of what the kernel does not count or time")
    func withoutAccounting() throws {
        let entries = try inNewNamespace {
            try track(accounting: false, timestamps: false)
            try talk("udp4")
            return try table()
        }
        let udp = try #require(entry(entries, .udp, 5000))
        #expect(udp.originalCounters == nil)
        #expect(udp.replyCounters == nil)
        #expect(udp.start == nil)
        #expect(udp.status.contains(.seenReply))
    }

    @Test("is empty where nothing was tracked")
    func empty() throws {
        #expect(try inNewNamespace { try table() } == [])
    }

    @Test("of thousands of entries comes whole, with a pause between two receives")
    func large() throws {
        let (entries, pauses) = try inNewNamespace {
            let library = try LibraryHandle()
            for port in 1...UInt16(3000) {
                try library.create(17, sourcePort: port, destinationPort: 53)
            }
            var ports: Set<UInt16> = []
            var pauses = 0
            let summary = try ConntrackTable().dump(
                entry: { ports.insert($0.original.sourcePort) },
                between: {
                    pauses += 1
                    return true
                }
            )
            #expect(summary.entries == 3000)
            #expect(summary.isComplete)
            #expect(!summary.wasInterrupted)
            return (ports, pauses)
        }
        #expect(entries == Set(1...3000))
        #expect(pauses > 10)
    }

    @Test("is not read to its end when the caller says so, and can be read again")
    func stopped() throws {
        let (stopped, whole) = try inNewNamespace {
            let library = try LibraryHandle()
            for port in 1...UInt16(1000) {
                try library.create(17, sourcePort: port, destinationPort: 53)
            }
            let reader = ConntrackTable()
            return (try reader.dump(entry: { _ in }, between: { false }), try reader.dump(entry: { _ in }))
        }
        #expect(!stopped.isComplete)
        #expect(stopped.entries > 0 && stopped.entries < 1000)
        #expect(whole.isComplete)
        #expect(whole.entries == 1000)
    }

    private func now() -> Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
