/// The head of an HTTP/1.1 response (RFC 9112 sections 4 and 5).
package struct HTTPHead: Hashable, Sendable {
    package struct Header: Hashable, Sendable {
        package let name: String
        /// Without the space around it.
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status, 100 to 999.
    package let code: Int
    /// What stands behind the status, as `Forbidden`; often empty.
    package let reason: String
    package let headers: [Header]

    package init(code: Int, reason: String, headers: [Header]) {
        self.code = code
        self.reason = reason
        self.headers = headers
    }

    /// The first value of a header, whatever the case of its name.
    package func value(of name: String) -> String? {
        headers.first { Self.isSame($0.name, name) }?.value
    }

    /// All values of a header, whatever the case of its name.
    package func values(of name: String) -> [String] {
        headers.lazy.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// Whether one of the comma-separated words of a header is `token`, whatever its case.
    package func hasToken(_ token: String, in name: String) -> Bool {
        values(of: name).contains { value in
            value.split(separator: ",").contains { word in
                Self.isSame(String(word.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }), token)
            }
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8) { $0 == $1 || lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHead {
    /// Reads a head whose lines end in CR LF, or in LF alone.
    ///
    /// - Parameter base: how many bytes came before `bytes`, for the offsets in errors.
    init(_ bytes: [UInt8], base: Int) throws(UpgradeError) {
        var lines: [(offset: Int, line: ArraySlice<UInt8>)] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A {
            let end = index > start && bytes[index - 1] == 0x0D ? index - 1 : index
            lines.append((start, bytes[start..<end]))
            start = index + 1
        }
        guard let first = lines.first?.line, let (code, reason) = Self.status(first) else { throw .notHTTP }
        var headers: [Header] = []
        for (offset, line) in lines.dropFirst() where !line.isEmpty {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
                line[..<colon].allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            else { throw .malformedHeader(offset: base + offset) }
            headers.append(
                Header(
                    String(decoding: line[..<colon], as: UTF8.self),
                    String(decoding: Self.trimmed(line[(colon + 1)...]), as: UTF8.self)
                ))
        }
        self.init(code: code, reason: reason, headers: headers)
    }

    /// `HTTP/1.1 403 Forbidden` (RFC 9112 section 4).
    private static func status(_ line: ArraySlice<UInt8>) -> (code: Int, reason: String)? {
        let version = Array("HTTP/1.".utf8)
        guard line.starts(with: version), line.count >= 12 else { return nil }
        let rest = line.dropFirst(version.count + 1)
        guard rest.first == UInt8(ascii: " ") else { return nil }
        let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard digits.count == 3, digits.first != UInt8(ascii: "0") else { return nil }
        let code = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return (code, String(decoding: trimmed(line[digits.endIndex...]), as: UTF8.self))
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return bytes
    }
}
