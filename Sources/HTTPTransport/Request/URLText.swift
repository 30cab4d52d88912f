/// Percent-encoding (RFC 3986 section 2).
package enum URLText {
    /// A path's segment: everything but unreserved characters is encoded, '/' too.
    package static func segment(_ text: String) -> String { encoded(text) }

    /// A name or value of a query.
    package static func queryPart(_ text: String) -> String { encoded(text) }

    /// `a=1&b=2` of names and values, in their order.
    package static func query(_ items: [(String, String)]) -> String {
        items.map { "\(queryPart($0.0))=\(queryPart($0.1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
