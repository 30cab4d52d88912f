import ConntrackText
import NetModel
import Testing

@Suite("The tuple of")
struct ProtocolTests {
    @Test(
        "a protocol with ports has them",
        arguments: [
            ("udplite  136 299", .udpLite), ("sctp     132 299 ESTABLISHED", .sctp), ("dccp     33 299 OPEN", .dccp),
            ("tcp      6 299 SYN_SENT", .tcp), ("udp      17 299", .udp),
        ] as [(String, TransportProtocol)]
    )
    func ports(header: String, transport: TransportProtocol) throws {
        let entry = try entry(
            "\(header) src=10.1.0.1 dst=10.1.0.2 sport=1003 dport=2003 packets=0 bytes=0 [UNREPLIED] "
                + "src=10.1.0.2 dst=10.1.0.1 sport=2003 dport=1003 packets=0 bytes=0 mark=0 delta-time=1 use=1"
        )
        #expect(entry.original == (try tuple("10.1.0.1", 1003, "10.1.0.2", 2003, transport)))
        #expect(entry.reply == entry.original.inverted)
        #expect(entry.timeout == 299)
    }

    @Test("GRE has its keys, in conntrack's form and in /proc's, which prints two more timeouts")
    func gre() throws {
        let dump = try entry(
            "ipv4     2 gre      47 299 src=10.1.0.1 dst=10.1.0.2 srckey=0x1234 dstkey=0x5678 packets=0 bytes=0 "
                + "[UNREPLIED] src=10.1.0.2 dst=10.1.0.1 srckey=0x5678 dstkey=0x1234 packets=0 bytes=0 mark=0 "
                + "delta-time=0 use=1"
        )
        let proc = try entry(
            "ipv4     2 gre      47 299 timeout=0, stream_timeout=0 src=10.1.0.1 dst=10.1.0.2 srckey=0x1234 "
                + "dstkey=0x5678 packets=0 bytes=0 [UNREPLIED] src=10.1.0.2 dst=10.1.0.1 srckey=0x5678 dstkey=0x1234 "
                + "packets=0 bytes=0 mark=0 zone=0 delta-time=0 use=2"
        )
        #expect(dump.original == (try tuple("10.1.0.1", 0x1234, "10.1.0.2", 0x5678, .gre)))
        #expect(dump.reply == dump.original.inverted)
        #expect(dump == proc)
    }

    @Test(
        "an ICMP query has type, code and identifier, and the reply tuple those of the answer",
        arguments: [
            ("icmp     1", "10.0.0.1", "10.0.0.2", 8, 0, .icmp), ("icmp     1", "10.0.0.1", "10.0.0.2", 13, 14, .icmp),
            ("icmpv6   58", "fd00::1", "fd00::2", 128, 129, .icmpv6),
        ] as [(String, String, String, UInt16, UInt16, TransportProtocol)]
    )
    func icmp(name: String, client: String, server: String, asked: UInt16, answer: UInt16, transport: TransportProtocol)
        throws
    {
        let entry = try entry(
            "\(name) 29 src=\(client) dst=\(server) type=\(asked) code=0 id=65535 "
                + "src=\(server) dst=\(client) type=\(answer) code=0 id=65535 mark=0 use=1"
        )
        #expect(entry.original == (try tuple(client, 65535, server, asked << 8, transport)))
        #expect(entry.reply == entry.original.inverted)
        #expect(entry.id == nil)
    }

    @Test(
        "a protocol that conntrack does not know by name has its number and no ports",
        arguments: [4, 50, 99, 253] as [UInt8])
    func unknown(number: UInt8) throws {
        let entry = try entry(
            "ipv4     2 unknown  \(number) 599 src=10.99.0.1 dst=10.99.0.2 packets=1 bytes=24 [UNREPLIED] "
                + "src=10.99.0.2 dst=10.99.0.1 packets=0 bytes=0 mark=0 delta-time=1 use=1"
        )
        let transport = TransportProtocol(rawValue: number)
        #expect(entry.original == (try tuple("10.99.0.1", 0, "10.99.0.2", 0, transport)))
        #expect(entry.originalCounters == Counters(packets: 1, bytes: 24))
    }

    @Test("DCCP on a kernel without its tracker is the same in /proc, without ports, and from conntrack, with zeros")
    func dccpWithoutTracker() throws {
        let dump = try entry(
            "ipv4     2 dccp     33 299 src=10.1.0.1 dst=10.1.0.2 sport=0 dport=0 src=10.1.0.2 dst=10.1.0.1 sport=0 dport=0 mark=0 use=1"
        )
        let proc = try entry(
            "ipv4     2 unknown  33 299 src=10.1.0.1 dst=10.1.0.2 src=10.1.0.2 dst=10.1.0.1 mark=0 zone=0 use=2")
        #expect(dump == proc)
    }

    @Test("each state is read by the name that conntrack prints", arguments: ConntrackState.allCases)
    func states(state: ConntrackState) throws {
        let tuples = "src=1.1.1.1 dst=2.2.2.2 sport=1 dport=2 src=2.2.2.2 dst=1.1.1.1 sport=2 dport=1"
        #expect(try entry("tcp 6 5 \(state.name) \(tuples)").state == state)
    }

    @Test("DCCP's name for TIME_WAIT is known")
    func dccpTimeWait() throws {
        #expect(try entry("dccp 33 5 TIMEWAIT src=1.1.1.1 dst=2.2.2.2 src=2.2.2.2 dst=1.1.1.1").state == .timeWait)
    }
}
