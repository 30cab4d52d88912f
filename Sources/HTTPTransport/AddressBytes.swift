#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The bytes of an IP address, 4 or 16; an IPv4 address written as IPv6 (`::ffff:a.b.c.d`) counts as IPv4.
struct AddressBytes: Hashable {
    private let bytes: [UInt8]

    /// Nil where the text is no address.
    init?(_ text: String) {
        if let four = Self.parsed(text, AF_INET, 4) {
            bytes = four
        } else if let sixteen = Self.parsed(text, AF_INET6, 16) {
            let isMapped = sixteen[..<10].allSatisfy { $0 == 0 } && sixteen[10...11] == [0xff, 0xff]
            bytes = isMapped ? Array(sixteen[12...]) : sixteen
        } else {
            return nil
        }
    }

    /// 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
    }

    /// Whether it begins with the prefix's first `length` bits; a length that no prefix has holds nothing.
    func isWithin(_ prefix: AddressBytes, _ length: Int) -> Bool {
        guard bytes.count == prefix.bytes.count, (0...bytes.count * 8).contains(length) else { return false }
        let whole = length / 8
        guard bytes[..<whole] == prefix.bytes[..<whole] else { return false }
        let rest = length % 8
        return rest == 0 || (bytes[whole] ^ prefix.bytes[whole]) >> (8 - rest) == 0
    }

    private static func parsed(_ text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let isAddress = unsafe bytes.withUnsafeMutableBytes { unsafe inet_pton(family, text, $0.baseAddress) } == 1
        return isAddress ? bytes : nil
    }
}
