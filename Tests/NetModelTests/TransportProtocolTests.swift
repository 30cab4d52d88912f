import NetModel
import Testing

@Suite("A transport protocol")
struct TransportProtocolTests {
    /// IANA's numbers, with the name that is shown, and whether the protocol has ports.
    private static let known: [(UInt8, String, Bool)] = [
        (1, "ICMP", false), (2, "IGMP", false), (4, "IPIP", false), (6, "TCP", true), (17, "UDP", true),
        (33, "DCCP", true), (47, "GRE", false), (50, "ESP", false), (58, "ICMPv6", false), (132, "SCTP", true),
        (136, "UDPLITE", true),
    ]

    @Test("has IANA's number and a name, read in any case", arguments: known)
    func names(_ number: UInt8, _ name: String, _ hasPorts: Bool) {
        let transport = TransportProtocol(rawValue: number)
        #expect(transport.description == name)
        #expect(transport.hasPorts == hasPorts)
        for text in [name, name.lowercased(), name.uppercased(), String(number), "0\(number)"] {
            #expect(TransportProtocol(text) == transport)
        }
    }

    @Test("without a name is its number")
    func numbers() {
        let named = Set(Self.known.map(\.0))
        for number in UInt8.min...UInt8.max where !named.contains(number) {
            let transport = TransportProtocol(rawValue: number)
            #expect(transport.description == String(number))
            #expect(TransportProtocol(String(number)) == transport)
            #expect(!transport.hasPorts)
        }
    }

    @Test("is not read from anything else", arguments: ["", "256", "-1", "tcp6", "TCP ", "６", "0x6", "1e1", "icmp6"])
    func malformed(_ text: String) {
        #expect(TransportProtocol(text) == nil)
    }

    @Test("ICMP is that of IPv4 or of IPv6")
    func icmp() {
        #expect((UInt8.min...UInt8.max).filter { TransportProtocol(rawValue: $0).isICMP } == [1, 58])
    }
}
