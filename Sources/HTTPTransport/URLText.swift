/// Percent-encoding of what goes into a URL, RFC 3986.
package enum URLText {
    /// One segment of a path: all but unreserved characters is encoded, `/` too.
    package static func segment(_ text: String) -> String { encoded(text, keeping: "") }

    /// A path of these segments, beginning with `/`.
    package static func path(_ segments: [String]) -> String {
        segments.map { "/" + segment($0) }.joined()
    }

    /// A query of these names and values in their order, without the `?`; a space becomes `%20`.
    package static func query(_ items: [(name: String, value: String)]) -> String {
        items.map { encoded($0.name, keeping: "") + "=" + encoded($0.value, keeping: "/:,") }.joined(separator: "&")
    }

    /// What percent-encoded text stands for; nil where a `%` is not followed by two hexadecimal digits.
    static func decoded(_ text: some StringProtocol) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.next().flatMap(hexadecimal), let low = rest.next().flatMap(hexadecimal) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func encoded(_ text: String, keeping kept: StaticString) -> String {
        let keptBytes = Array("\(kept)".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || keptBytes.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3986 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
