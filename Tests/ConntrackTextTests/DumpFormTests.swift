import ConntrackText
import NetModel
import Testing

/// The forms of `conntrack -L` and `/proc/net/nf_conntrack`. The lines are the tools' own output.
@Suite("A line of a dump")
struct DumpFormTests {
    @Test("of /proc gives tuples, counters, state, flags, timeout, mark, zone and age")
    func proc() throws {
        let entry = try entry(
            "ipv4     2 tcp      6 53 TIME_WAIT src=10.244.1.2 dst=10.96.61.76 sport=55998 dport=80 packets=11 bytes=655 "
                + "src=10.244.2.3 dst=10.244.1.2 sport=8080 dport=55998 packets=12 bytes=103223 [ASSURED] mark=0 zone=0 "
                + "delta-time=66 use=2"
        )
        #expect(
            entry
                == ConntrackEntry(
                    original: try tuple("10.244.1.2", 55998, "10.96.61.76", 80, .tcp),
                    reply: try tuple("10.244.2.3", 8080, "10.244.1.2", 55998, .tcp),
                    state: .timeWait,
                    status: [.seenReply, .assured],
                    originalCounters: Counters(packets: 11, bytes: 655),
                    replyCounters: Counters(packets: 12, bytes: 103223),
                    timeout: 53,
                    mark: 0,
                    ageSeconds: 66
                )
        )
    }

    @Test("of `conntrack -L` without the family tells it by the address")
    func plain() throws {
        let ipv4 = try entry(
            "udp      17 27 src=10.99.0.1 dst=10.99.0.2 sport=56212 dport=5353 "
                + "src=10.99.0.2 dst=10.99.0.1 sport=5353 dport=56212 mark=0 use=1"
        )
        #expect(ipv4.original == (try tuple("10.99.0.1", 56212, "10.99.0.2", 5353, .udp)))
        let ipv6 = try entry(
            "tcp      6 117 TIME_WAIT src=fd00:99::1 dst=fd00:99::2 sport=33118 dport=8081 "
                + "src=fd00:99::2 dst=fd00:99::1 sport=8081 dport=33118 [ASSURED] mark=0 use=1"
        )
        #expect(ipv6.original == (try tuple("fd00:99::1", 33118, "fd00:99::2", 8081, .tcp)))
        #expect(ipv6.reply == (try tuple("fd00:99::2", 8081, "fd00:99::1", 33118, .tcp)))
    }

    @Test("of IPv6 is the same in /proc's full form and conntrack's compressed form")
    func fullAndCompressed() throws {
        let full = try entry(
            "ipv6     10 icmpv6   58 29 src=fd00:0099:0000:0000:0000:0000:0000:0001 "
                + "dst=fd00:0099:0000:0000:0000:0000:0000:0002 type=128 code=0 id=7124 packets=1 bytes=104 "
                + "src=fd00:0099:0000:0000:0000:0000:0000:0002 dst=fd00:0099:0000:0000:0000:0000:0000:0001 "
                + "type=129 code=0 id=7124 packets=1 bytes=104 mark=0 zone=0 delta-time=1 use=2"
        )
        let compressed = try entry(
            "ipv6     10 icmpv6   58 29 src=fd00:99::1 dst=fd00:99::2 type=128 code=0 id=7124 packets=1 bytes=104 "
                + "src=fd00:99::2 dst=fd00:99::1 type=129 code=0 id=7124 packets=1 bytes=104 mark=0 delta-time=1 use=1"
        )
        #expect(full == compressed)
        #expect(full.original == (try tuple("fd00:99::1", 7124, "fd00:99::2", 128 << 8, .icmpv6)))
        #expect(full.reply == full.original.inverted)
    }

    @Test("without accounting has no counters, not zero")
    func noCounters() throws {
        let entry = try entry(
            "ipv4     2 tcp      6 24 TIME_WAIT src=10.244.2.2 dst=10.244.1.3 sport=51766 dport=8080 "
                + "src=10.244.1.3 dst=10.244.2.2 sport=8080 dport=51766 [ASSURED] mark=0 zone=0 use=2"
        )
        #expect(entry.originalCounters == nil)
        #expect(entry.replyCounters == nil)
        #expect(entry.ageSeconds == nil)
    }

    @Test("has seen a reply unless it says [UNREPLIED]")
    func unreplied() throws {
        let tuples = ("src=10.99.0.1 dst=10.99.0.9 sport=1 dport=77", "src=10.99.0.9 dst=10.99.0.1 sport=77 dport=1")
        #expect(try entry("udp 17 29 \(tuples.0) [UNREPLIED] \(tuples.1) mark=0 use=2").status == [])
        #expect(try entry("udp 17 29 \(tuples.0) \(tuples.1) mark=0 use=2").status == [.seenReply])
    }

    @Test(
        "tells who forwards its packets",
        arguments: [
            ("[ASSURED]", .assured), ("[OFFLOAD]", .offload), ("[HW_OFFLOAD]", .hardwareOffload),
            ("[SOMETHING_NEW]", []),
        ] as [(String, ConntrackStatus)]
    )
    func flags(flag: String, status: ConntrackStatus) throws {
        // The kernel prints neither timeout nor state of an entry that a flow table handles.
        let entry = try entry(
            "ipv4     2 tcp      6 src=1.1.1.17 dst=1.1.1.16 sport=56394 dport=5001 packets=3941992 bytes=264113427 "
                + "src=1.1.1.16 dst=1.1.1.17 sport=5001 dport=56394 packets=4 bytes=218 \(flag) mark=0 zone=0 use=3"
        )
        #expect(entry.status == status.union(.seenReply))
        #expect(entry.timeout == nil)
        #expect(entry.state == nil)
    }

    @Test(
        "has the zone, also where it holds for one direction",
        arguments: [
            ("zone-orig=3 ", "", "", 3), ("", "zone-reply=4 ", "", 4), ("", "", "zone=42 ", 42),
            ("", "", "zone=65535 ", 65535), ("", "", "", 0),
        ] as [(String, String, String, UInt16)]
    )
    func zones(original: String, reply: String, both: String, zone: UInt16) throws {
        let entry = try entry(
            "tcp      6 299 SYN_SENT src=10.1.0.1 dst=10.1.0.2 sport=1005 dport=2005 \(original)packets=0 bytes=0 "
                + "[UNREPLIED] src=10.1.0.2 dst=10.1.0.1 sport=2005 dport=1005 \(reply)packets=0 bytes=0 mark=0 "
                + "\(both)delta-time=1 use=1"
        )
        #expect(entry.zone == zone)
        #expect(entry.mark == 0)
        #expect(entry.originalCounters == .zero)
    }

    @Test("with all that `-o id,ktimestamp,labels` adds has the id; local times without a zone are not guessed")
    func identifierTimesAndLabels() throws {
        let entry = try entry(
            "ipv4     2 icmp     1 29 src=10.99.0.1 dst=10.99.0.2 type=8 code=0 id=7211 packets=1 bytes=84 "
                + "src=10.99.0.2 dst=10.99.0.1 type=0 code=0 id=7211 packets=1 bytes=84 mark=7 "
                + "secctx=system_u:object_r:unlabeled_t:s0 delta-time=0 [start=Mon Nov 23 21:04:00 2026] helper=ftp "
                + "use=1 id=1100363681 labels=tenant-a,two words"
        )
        #expect(entry.id == 1_100_363_681)
        #expect(entry.original == (try tuple("10.99.0.1", 7211, "10.99.0.2", 8 << 8, .icmp)))
        #expect(entry.reply == (try tuple("10.99.0.2", 7211, "10.99.0.1", 0, .icmp)))
        #expect(entry.mark == 7)
        #expect(entry.ageSeconds == 0)
        #expect(entry.start == nil)
        #expect(entry.stop == nil)
        #expect(entry.eventTime == nil)
    }

    @Test("whose age is negative, since the clock was set back, has no age")
    func negativeAge() throws {
        let entry = try entry(
            "udp 17 9 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 delta-time=18446744073709551611"
        )
        #expect(entry.ageSeconds == nil)
        #expect(entry.timeout == 9)
    }

    @Test("that has expired and waits to be removed has no time left")
    func negativeTimeout() throws {
        #expect(
            try entry("udp 17 -2 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1")
                .timeout == 0)
    }

    @Test("takes the largest numbers of the kernel's types")
    func largestNumbers() throws {
        let entry = try entry(
            "tcp 6 4294967295 ESTABLISHED src=255.255.255.255 dst=0.0.0.0 sport=65535 dport=0 "
                + "packets=18446744073709551615 bytes=18446744073709551615 src=0.0.0.0 dst=255.255.255.255 sport=0 "
                + "dport=65535 packets=12345678 bytes=1234567890123 mark=4294967295 use=1 id=4294967295"
        )
        #expect(entry.timeout == .max)
        #expect(entry.original == (try tuple("255.255.255.255", 65535, "0.0.0.0", 0, .tcp)))
        #expect(entry.originalCounters == Counters(packets: .max, bytes: .max))
        #expect(entry.replyCounters == Counters(packets: 12_345_678, bytes: 1_234_567_890_123))
        #expect(entry.mark == .max)
        #expect(entry.id == .max)
    }

    @Test("passes over keys, flags and states that this version does not know")
    func growth() throws {
        let known = try entry(
            "tcp 6 5 src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 mark=3")
        let grown = try entry(
            "tcp 6 5 NEW_STATE a=b src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 hop-limit=3 type=3 code=1 [X] src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1 =5 zone-middle=8 z= mark=3 [Y=1 2 3] delta-timer=5"
        )
        #expect(known == grown)
    }
}
