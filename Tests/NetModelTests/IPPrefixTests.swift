import NetModel
import Testing

@Suite("A network")
struct IPPrefixTests {
    @Test(
        "is written with all bits beyond its length zero",
        arguments: [
            ("10.244.3.7/16", "10.244.0.0/16"), ("10.0.0.1/32", "10.0.0.1/32"), ("10.0.0.1", "10.0.0.1/32"),
            ("255.255.255.255/0", "0.0.0.0/0"), ("192.0.2.255/25", "192.0.2.128/25"),
            ("2001:db8::1/32", "2001:db8::/32"),
            ("2001:db8::1", "2001:db8::1/128"), ("ffff::/0", "::/0"),
            ("ffff:ffff:ffff:ffff:ffff::/63", "ffff:ffff:ffff:fffe::/63"),
            ("::ffff:ffff:ffff:ffff/64", "::/64"), ("1:2:3:4:ffff::/65", "1:2:3:4:8000::/65"),
            ("1:2:3:4:5:6:7:f/127", "1:2:3:4:5:6:7:e/127"),
        ]
    )
    func text(_ text: String, _ expected: String) {
        #expect(IPPrefix(text)?.description == expected)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8",
            "10.0/8",
            "::/129", "10.0.0.0/255.0.0.0", "10.0.0.0/99999999999999999999", "10.0.0.0/٨", "x/8", "10.0.0.0 /8",
        ]
    )
    func malformed(_ text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test(
        "holds the addresses of its family between its first and its last",
        arguments: [
            ("10.244.0.0/16", "10.244.0.0", true), ("10.244.0.0/16", "10.244.255.255", true),
            ("10.244.0.0/16", "10.243.255.255", false), ("10.244.0.0/16", "10.245.0.0", false),
            ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false), ("::/0", "10.0.0.1", false),
            ("::/0", "ffff::1", true), ("10.0.0.1/32", "10.0.0.1", true), ("10.0.0.1/32", "10.0.0.2", false),
            ("10.0.0.0/31", "10.0.0.1", true), ("10.0.0.0/31", "10.0.0.2", false),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false), ("1:2:3:4::/64", "1:2:3:4:ffff::", true),
            ("1:2:3:4::/64", "1:2:3:5::", false), ("1:2:3:4::/65", "1:2:3:4:8000::", false), ("::1/128", "::1", true),
            ("::1/128", "::", false),
        ]
    )
    func contains(_ network: String, _ address: String, _ expected: Bool) throws {
        let network = try #require(IPPrefix(network))
        let address = try #require(IPAddress(address))
        #expect(network.contains(address) == expected)
    }

    @Test("a length beyond the family's width is cut to it")
    func lengths() throws {
        let address = IPAddress(ipv4: 0x0A00_0001)
        #expect(IPPrefix(address, length: 200).description == "10.0.0.1/32")
        #expect(IPPrefix(address, length: -1).description == "0.0.0.0/0")
        #expect(IPPrefix(address, length: .min).length == 0)
        #expect(IPPrefix(IPAddress(high: 1, low: 1), length: .max).length == 128)
    }

    @Test("two texts of one network are equal")
    func equality() {
        #expect(IPPrefix("10.1.2.3/8") == IPPrefix("10.255.0.0/8"))
        #expect(IPPrefix("10.0.0.0/8") != IPPrefix("10.0.0.0/9"))
    }
}
