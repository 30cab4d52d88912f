import NetModel
import Testing

@Suite("An address")
struct IPAddressTests {
    private enum Scope: String, CaseIterable {
        case unspecified, loopback, linkLocal, multicast, limitedBroadcast
    }

    private func scopes(_ address: IPAddress) -> Set<Scope> {
        var scopes: Set<Scope> = []
        if address.isUnspecified { scopes.insert(.unspecified) }
        if address.isLoopback { scopes.insert(.loopback) }
        if address.isLinkLocal { scopes.insert(.linkLocal) }
        if address.isMulticast { scopes.insert(.multicast) }
        if address.isLimitedBroadcast { scopes.insert(.limitedBroadcast) }
        return scopes
    }

    @Test(
        "has at most one special scope, with exact borders",
        arguments: [
            ("0.0.0.0", "unspecified"), ("0.0.0.1", nil), ("::", "unspecified"), ("::2", nil), ("126.255.255.255", nil),
            ("127.0.0.0", "loopback"), ("127.255.255.255", "loopback"), ("128.0.0.0", nil), ("::1", "loopback"),
            ("169.253.255.255", nil), ("169.254.0.0", "linkLocal"), ("169.254.255.255", "linkLocal"),
            ("169.255.0.0", nil),
            ("fe7f:ffff::", nil), ("fe80::", "linkLocal"), ("febf:ffff::1", "linkLocal"), ("fec0::", nil),
            ("223.255.255.255", nil), ("224.0.0.0", "multicast"), ("239.255.255.255", "multicast"), ("240.0.0.0", nil),
            ("feff::", nil), ("ff00::", "multicast"), ("ff02::1", "multicast"), ("255.255.255.254", nil),
            ("255.255.255.255", "limitedBroadcast"), ("10.244.1.2", nil), ("2001:db8::1", nil), ("fd00::1", nil),
        ] as [(String, String?)]
    )
    func scope(_ text: String, _ expected: String?) throws {
        let address = try #require(IPAddress(text))
        #expect(scopes(address).map(\.rawValue) == (expected.map { [$0] } ?? []))
        #expect(address.isNodeScoped == (expected != nil))
    }

    @Test("sorts IPv4 before IPv6, and each by number")
    func order() throws {
        let texts = [
            "0.0.0.0", "9.0.0.0", "10.0.0.0", "255.255.255.255", "::", "::1", "::1:0:0:0", "2001:db8::", "ffff::",
        ]
        let addresses = try texts.map { try #require(IPAddress($0)) }
        #expect(addresses.reversed().sorted() == addresses)
    }

    @Test("of IPv4 has 32 bits, of IPv6 128")
    func width() {
        #expect(IPAddress(ipv4: 0x0102_0304).bitWidth == 32)
        #expect(IPAddress(ipv4: 0x0102_0304).ipv4Bits == 0x0102_0304)
        #expect(IPAddress(high: 0, low: 1).bitWidth == 128)
    }

    @Test("is equal to another, and a key, by its bytes alone")
    func equality() {
        let one = IPAddress(high: 1, low: 2)
        #expect(one == IPAddress(high: 1, low: 2))
        #expect(one != IPAddress(high: 2, low: 1))
        #expect(Set([one, IPAddress(high: 1, low: 2), IPAddress(high: 1, low: 3)]).count == 2)
    }
}
