import CNetfilterConntrack
import Conntrack
import ConntrackText
import NetModel
import Testing

@Suite("What is decoded is what libnetfilter_conntrack reads")
struct ReferenceTests {
    @Test("in each entry of a table", arguments: [true, false])
    func entries(accounting: Bool) throws {
        let datagrams = try inNewNamespace {
            try fill(accounting: accounting)
            return try LibraryHandle().dump()
        }
        let messages = datagrams.flatMap(libraryMessages).filter { $0.type != UInt16(NLMSG_DONE) }
        let decoded = DecodedDump(datagrams)
        #expect(messages.count == 42)
        #expect(decoded.summary.isComplete)
        #expect(decoded.summary.undecodable == 0)
        #expect(decoded.entries.count == messages.count)
        for (entry, message) in zip(decoded.entries, messages) {
            #expect(entry == libraryEntry(message.bytes))
            // An entry that was made by hand has no timestamp; those of packets have all or nothing.
            #expect((entry.originalCounters != nil) == accounting)
        }
        #expect(Set(decoded.entries.compactMap(\.state)).count == 16)
    }

    @Test("in each event")
    func events() throws {
        let (datagrams, received) = try inNewNamespace {
            let library = try LibraryHandle(groups: UInt32(NF_NETLINK_CONNTRACK_NEW | NF_NETLINK_CONNTRACK_DESTROY))
            var events = try ConntrackEvents(bufferSize: 1 << 20)
            try fill(accounting: true)
            try shell("conntrack -F 2>&1")
            var received: [ConntrackEntry] = []
            _ = try events.receive { received.append($0) }
            return (library.received(), received)
        }
        let decoded = DecodedEvents(datagrams)
        #expect(decoded.undecodable == 0)
        #expect(decoded.entries == received)
        // The 42 of the table and the refused connection, each with its NEW and its DESTROY.
        #expect(decoded.entries.count == 86)
        #expect(decoded.entries.count { $0.event == .new } == 43)
        for (entry, message) in zip(decoded.entries, datagrams.flatMap(libraryMessages)) {
            // The library's version does not know the event's own time.
            var known = entry
            known.eventTime = nil
            #expect(known == libraryEntry(message.bytes, event: entry.event))
        }
        for entry in decoded.entries where entry.event == .destroy {
            #expect(entry.originalCounters != nil)
        }
    }

    @Test("and what `conntrack -L -o id,extended` prints", arguments: [true, false])
    func text(accounting: Bool) throws {
        let (entries, text) = try inNewNamespace {
            try fill(accounting: accounting)
            let ipv4 = try shell("conntrack -L -o id,extended -f ipv4 2>/dev/null")
            let ipv6 = try shell("conntrack -L -o id,extended -f ipv6 2>/dev/null")
            return (try table(), ipv4 + ipv6)
        }
        var reader = ConntrackTextReader()
        var printed: [UInt32: ConntrackEntry] = [:]
        reader.read(
            text.span,
            entry: { entry in
                if let id = entry.id { printed[id] = entry }
            },
            malformed: { Issue.record("not read: \($0)") }
        )
        #expect(printed.count == 42)
        #expect(entries.count == 42)
        for entry in entries {
            let line = try #require(entry.id.flatMap { printed[$0] })
            #expect(line.original == entry.original)
            #expect(line.reply == entry.reply)
            // The program has the state by its old name.
            #expect((line.state == .listen ? .synSent2 : line.state) == entry.state)
            #expect(line.status == entry.status.intersection([.seenReply, .assured, .offload, .hardwareOffload]))
            #expect(line.originalCounters == entry.originalCounters)
            #expect(line.replyCounters == entry.replyCounters)
            #expect(line.mark == entry.mark)
            #expect(line.zone == entry.zone)
            let remaining = try #require(entry.timeout)
            #expect(try #require(line.timeout) >= remaining && remaining + 5 >= (line.timeout ?? 0))
        }
    }

    /// Real traffic of every kind, and every protocol and state that can be made by hand.
    private func fill(accounting: Bool) throws {
        try track(accounting: accounting, timestamps: accounting)
        try talk(
            "udp4", "udp6", "unanswered", "marked", "zone", "zone-original", "zone-reply", "dnat", "snat", "tcp",
            "refused", "unknown"
        )
        try shell("ping -q -c 1 10.1.0.2 && ping -q -c 1 ::1")
        let library = try LibraryHandle()
        for state in 1...UInt8(9) {
            try library.create(6, sourcePort: UInt16(state), destinationPort: 80, state: (ATTR_TCP_STATE, state))
        }
        for state in 1...UInt8(8) {
            try library.create(132, sourcePort: UInt16(state), destinationPort: 80, state: (ATTR_SCTP_STATE, state))
        }
        for (index, transport) in [17, 47, 136].enumerated() {
            let mark = UInt32.max - UInt32(index)
            try library.create(Int32(transport), sourcePort: 0xFFFF, destinationPort: 0x0102, mark: mark)
        }
        for transport in [2, 4, 50, 51, 89, 103, 254] { try library.create(Int32(transport)) }
        try library.create(17, sourcePort: 1, destinationPort: 1, zone: 0xFFFE)
        try library.create(17, sourcePort: 1, destinationPort: 1, zone: 1)
    }
}
