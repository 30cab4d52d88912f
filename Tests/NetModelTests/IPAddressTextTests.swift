import NetModel
import Testing

@Suite("An address as text")
struct IPAddressTextTests {
    @Test(
        "IPv6 is written as RFC 5952 says, however it was written before",
        arguments: [
            // Section 1 and 2: one address, many texts.
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"), ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:db8:0000:0:1::1", "2001:db8::1:0:0:1"), ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
            // Section 4.1: no leading zeros.
            ("2001:0db8::0001", "2001:db8::1"),
            // Section 4.2.1: as short as can be.
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("2001:db8::0:1", "2001:db8::1"),
            // Section 4.2.2: one zero is no run.
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            // Section 4.2.3: the longest run, the first of equal ones.
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            // Section 4.3: small letters.
            ("2001:DB8::AbCd", "2001:db8::abcd"),
            ("0:0:0:0:0:0:0:0", "::"), ("0:0:0:0:0:0:0:1", "::1"), ("1:0:0:0:0:0:0:0", "1::"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
            ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
            // RFC 4291 section 2.2: the last 32 bits in decimal.
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::13.1.68.3", "::d01:4403"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ]
    )
    func ipv6(_ text: String, _ canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(!address.isIPv4)
        #expect(IPAddress(canonical) == address)
    }

    @Test("IPv4 is four decimal numbers", arguments: ["0.0.0.0", "10.244.1.2", "192.0.2.255", "255.255.255.255"])
    func ipv4(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.isIPv4)
        #expect(address.description == text)
    }

    @Test("IPv4 in IPv6's clothes is IPv4", arguments: ["::ffff:10.0.0.1", "::FFFF:a00:1", "0:0:0:0:0:ffff:10.0.0.1"])
    func mapped(_ text: String) {
        #expect(IPAddress(text) == IPAddress(ipv4: 0x0A00_0001))
        #expect(IPAddress(text)?.description == "10.0.0.1")
    }

    @Test(
        "anything else is no address",
        arguments: [
            "", " ", ".", ":", ":::", "1", "1.2.3", "1.2.3.", "1.2.3.4.", ".1.2.3.4", "1..2.3", "1.2.3.4.5",
            "256.1.1.1",
            "1.1.1.256", "1.2.3.4294967297", "01.2.3.4", "1.2.3.00", "1.2.3.-4", "+1.2.3.4", "1.2.3.4 ", " 1.2.3.4",
            "1.2.3.4\n", "1.2.3.4\0", "0x1.2.3.4", "a.b.c.d", "1.2.3.٤", "1,2,3,4", "1.2.3.4/32", "1.2.3.4:80",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:", ":1:2:3:4:5:6:7:8", "1:", ":1", "1::2::3",
            "::1::",
            "1:::2", ":::1", "::1:", "12345::1", "::12345", "g::1", "::1%eth0", "[::1]", "::1 ", " ::1", "::1/64",
            "1:2:3:4:5:6:7::8", "1::2:3:4:5:6:7:8", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::",
            "::1.2.3",
            "::1.2.3.4.5", "::256.1.1.1", "::1.2.3.4:5", "::12345.1.1.1", "::a.1.1.1", "::.1.2.3", "::1.2.3.04",
            "fe80::１",
        ]
    )
    func malformed(_ text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("an address is read from bytes that it fills")
    func bytes() {
        let text = Array("10.0.0.1,".utf8)
        #expect(IPAddress(text.span.extracting(first: 8)) == IPAddress(ipv4: 0x0A00_0001))
        #expect(IPAddress(text.span) == nil)
        #expect(IPAddress([0xFF, 0xFE, 0x2E].span) == nil)
    }

    @Test("every address that is written is read as itself")
    func roundTrip() {
        // All ways in which each of the eight groups is zero or not.
        for mask in UInt64(0)..<256 {
            let groups = (0..<8).map { UInt64(mask >> $0 & 1) * (0xA000 + UInt64($0)) }
            let high = groups[0] << 48 | groups[1] << 32 | groups[2] << 16 | groups[3]
            let low = groups[4] << 48 | groups[5] << 32 | groups[6] << 16 | groups[7]
            let address = IPAddress(high: high, low: low)
            #expect(IPAddress(address.description) == address)
        }
    }
}
