import ConntrackText
import NetModel
import Testing

@Suite("A malformed line")
struct MalformedLineTests {
    static let original = "src=10.1.0.1 dst=10.1.0.2 sport=1003 dport=2003"
    static let reply = "src=10.1.0.2 dst=10.1.0.1 sport=2003 dport=1003"

    @Test(
        "is refused with the column and the reason",
        arguments: [
            (
                "tcp 6 5 src=10.1.0.1 dst=10.1.0.2 sport=99999 dport=1 \(reply)",
                "column 35: \"sport=99999\" is not a port (0-65535)"
            ),
            (
                "tcp 6 5 src=10.1.0.1 dst=10.1.0.2 sport=1 dport=-1 \(reply)",
                "column 43: \"dport=-1\" is not a port (0-65535)"
            ),
            (
                "tcp 6 5 src=10.1.0.1 dst=10.1.0.2 sport=1 dport=2x \(reply)",
                "column 43: \"dport=2x\" is not a port (0-65535)"
            ),
            (
                "tcp 6 5 src=10.1.0.256 dst=10.1.0.2 sport=1 dport=2 \(reply)",
                "column 9: \"src=10.1.0.256\" is not an IPv4 or IPv6 address"
            ),
            ("tcp 6 5 src= dst=10.1.0.2 sport=1 dport=2 \(reply)", "column 9: \"src=\" is not an IPv4 or IPv6 address"),
            (
                "tcp 6 5 \(original) packets=18446744073709551616 bytes=1 \(reply)",
                "column 57: \"packets=18446744073709551616\" is not a number, or is too large"
            ),
            ("tcp 6 5 \(original) packets=1 bytes= \(reply)", "column 67: \"bytes=\" is not a number, or is too large"),
            ("tcp 6 4294967296 \(original) \(reply)", "column 7: \"4294967296\" is not a number, or is too large"),
            (
                "tcp 6 5 \(original) \(reply) mark=4294967296",
                "column 105: \"mark=4294967296\" is not a number, or is too large"
            ),
            ("tcp 6 5 \(original) \(reply) zone=65536", "column 105: \"zone=65536\" is not a zone (0-65535)"),
            ("tcp 256 5 \(original) \(reply)", "column 5: \"256\" is not a protocol number (0-255)"),
            (
                "icmp 1 5 src=1.1.1.1 dst=2.2.2.2 type=256 code=0 id=1 \(reply)",
                "column 34: \"type=256\" is not an ICMP type or code (0-255), or identifier (0-65535)"
            ),
            (
                "icmp 1 5 src=1.1.1.1 dst=2.2.2.2 type=8 code=0 id=65536 \(reply)",
                "column 48: \"id=65536\" is not an ICMP type or code (0-255), or identifier (0-65535)"
            ),
            (
                "gre 47 5 src=1.1.1.1 dst=2.2.2.2 srckey=0x12345 dstkey=0x1 \(reply)",
                "column 34: \"srckey=0x12345\" is not a GRE key (0x0-0xffff)"
            ),
            (
                "gre 47 5 src=1.1.1.1 dst=2.2.2.2 srckey=0x dstkey=0x1 \(reply)",
                "column 34: \"srckey=0x\" is not a GRE key (0x0-0xffff)"
            ),
            (
                "[12x.5] [NEW] tcp 6 5 \(original) \(reply)",
                "column 1: \"[12x.5]\" is not the time of an event (seconds.microseconds)"
            ),
            (
                "[99999999999999.0] [NEW] tcp 6 5 \(original) \(reply)",
                "column 1: \"[99999999999999.0]\" is not the time of an event (seconds.microseconds)"
            ),
            ("tcp 6 5 \(original) \(reply) [ASSUR", "column 105: \"[ASSUR\" has no closing bracket"),
            ("tcp 6 5 \(original) \(reply) \(reply)", "column 105: \"src=10.1.0.2\" is given once too often"),
            ("tcp 6 5 \(original) sport=5 \(reply)", "column 57: \"sport=5\" is given once too often"),
            ("tcp 6 5 \(original) stray \(reply)", "column 57: \"stray\" is not expected here"),
            ("tcp 6 5 \(original)", "column 56: the line ends before the entry is complete"),
            (
                "tcp 6 5 \(original) src=10.1.0.2 dst=10.1.0.1 sport=2003",
                "column 93: the line ends before the entry is complete"
            ),
            ("tcp 6 5 src=10.1.0.1 dst=10.1.0.2 \(reply)", "column 82: the line ends before the entry is complete"),
            (
                "sctp 132 5 \(original) src=10.1.0.2 dst=10.1.0.1 sport=2003",
                "column 96: the line ends before the entry is complete"
            ),
            ("tcp 6 5 \(original) \(reply) packets=5", "column 114: the line ends before the entry is complete"),
            (
                "icmp 1 5 src=1.1.1.1 dst=2.2.2.2 type=8 code=0 src=2.2.2.2 dst=1.1.1.1 type=0 code=0 id=1",
                "column 90: the line ends before the entry is complete"
            ),
            ("ipv6 10 tcp 6 5 \(original) \(reply)", "column 1: the addresses are not of one family"),
            (
                "udp 17 5 src=fd00::1 dst=10.1.0.2 sport=1 dport=2 \(reply)",
                "column 1: the addresses are not of one family"
            ),
            ("Chain INPUT (policy ACCEPT)", "column 1: \"Chain INPUT (policy ACCEPT)\" is not a conntrack entry"),
            ("tcp", "column 1: \"tcp\" is not a conntrack entry"),
            ("ipv4 two tcp 6", "column 6: \"two tcp 6\" is not a conntrack entry"),
        ]
    )
    func reasons(line: String, reason: String) {
        #expect(refusal(line) == reason)
    }

    @Test("is quoted without its control characters, quotes or bytes that are not ASCII, and cut")
    func escaping() {
        #expect(
            refusal("tcp 6 5 src=\u{1B}[2J\"\\é dst=")
                == #"column 9: "src=\x1b[2J\"\\\xc3\xa9" is not an IPv4 or IPv6 address"#)
        let long = refusal("tcp 6 5 src=" + String(repeating: "9", count: 5000))
        #expect(long == "column 9: \"src=" + String(repeating: "9", count: 36) + "\" is not an IPv4 or IPv6 address")
    }

    @Test("with a NUL in a key is not read as if the NUL were not there")
    func nulInKey() {
        let message = refusal("tcp 6 5 src\0=10.1.0.1 dst=10.1.0.2 sport=1 dport=2 \(Self.reply)")
        #expect(message == "column 65: \"dst=10.1.0.1\" is given once too often")
    }

    @Test("that is refused leaves the lines around it readable, and is named by its number")
    func others() {
        let good = "tcp 6 5 \(Self.original) \(Self.reply) mark=0"
        let reading = Reading("\(good)\n\ntcp 6 5 src=x\n\(good)\n")
        #expect(reading.entries.count == 2)
        #expect(reading.malformed.map(\.description) == ["line 3, column 9: \"src=x\" is not an IPv4 or IPv6 address"])
    }
}
