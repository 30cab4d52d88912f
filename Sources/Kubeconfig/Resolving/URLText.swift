import Secrets

/// The pieces of an URL, split as Go's `net/url` does, which kubectl's configurations are written for.
struct URLText {
    /// In small letters; empty for none.
    let scheme: String
    /// Percent-decoded.
    let username: String?
    let password: Secret?
    /// Without the brackets of an IPv6 address.
    let host: String
    /// nil for none.
    let port: UInt16?
    /// Percent-decoded; empty or from a slash on.
    let path: [UInt8]

    /// Why a text is no URL; nothing of the text is in it.
    struct Trouble: Error {
        let reason: String
    }

    /// Splits an URL that names a host. What stands behind `?` or `#` is dropped.
    init(_ text: String) throws(Trouble) {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw Trouble(reason: "blanks and control characters cannot be in an URL")
        }
        let relevant = text.prefix { $0 != "#" && $0 != "?" }
        guard let mark = relevant.firstRange(of: "://"), Self.isScheme(relevant[..<mark.lowerBound]) else {
            throw Trouble(reason: "this is no URL with a host")
        }
        scheme = relevant[..<mark.lowerBound].lowercased()
        let rest = relevant[mark.upperBound...]
        var authority = rest.prefix { $0 != "/" }
        path = try Self.decoded(rest[authority.endIndex...])
        var user: Substring?
        if let at = authority.lastIndex(of: "@") {
            user = authority[..<at]
            authority = authority[authority.index(after: at)...]
        }
        if let user {
            let parts = user.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            username = String(decoding: try Self.decoded(parts[0]), as: UTF8.self)
            password = parts.count > 1 ? Secret(try Self.decoded(parts[1])) : nil
        } else {
            username = nil
            password = nil
        }
        (host, port) = try Self.hostAndPort(authority)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
    }

    private static func hostAndPort(_ authority: Substring) throws(Trouble) -> (String, UInt16?) {
        var host = authority
        var port = authority[authority.endIndex...]
        if authority.hasPrefix("[") {
            guard let end = authority.lastIndex(of: "]") else { throw Trouble(reason: "']' is missing in the host") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            port = authority[authority.index(after: end)...]
            // A zone is percent-encoded (RFC 6874).
            let plain = host.replacing("%25", with: "%", maxReplacements: 1)
            guard plain.contains(":"), plain.utf8.allSatisfy({ isHostByte($0) || ":%".utf8.contains($0) }) else {
                throw Trouble(reason: "the host is no IPv6 address")
            }
            return (String(plain), try number(of: port))
        }
        if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[colon...]
        }
        guard !host.isEmpty else { throw Trouble(reason: "the host is missing") }
        guard host.utf8.allSatisfy(isHostByte) else {
            throw Trouble(reason: "the host has a character that no name of a host has")
        }
        return (String(host), try number(of: port))
    }

    /// - Parameter port: from the colon on; empty, or a colon alone, for none.
    private static func number(of port: Substring) throws(Trouble) -> UInt16? {
        guard !port.isEmpty, port != ":" else { return nil }
        guard port.hasPrefix(":"), port.dropFirst().utf8.allSatisfy(isDigit), let number = UInt16(port.dropFirst()),
            number > 0
        else { throw Trouble(reason: "the port is not a number from 1 to 65535") }
        return number
    }

    private static func decoded(_ text: Substring) throws(Trouble) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw Trouble(reason: "'%' is not followed by two hexadecimal digits") }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "-._".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension URLText {
    /// A path as Go writes it into a request: cleaned, without a slash at its end, all bytes but `$&+,/:;=@` and the
    /// unreserved percent-encoded; empty for the root.
    var prefix: String {
        let clean = PathText.clean("/" + String(decoding: path, as: UTF8.self))
        var result: [UInt8] = []
        for byte in clean.utf8 {
            if Self.isLetter(byte) || Self.isDigit(byte) || "-_.~$&+,/:;=@".utf8.contains(byte) {
                result.append(byte)
            } else {
                result += (byte < 16 ? "%0" : "%").utf8
                result += String(byte, radix: 16, uppercase: true).utf8
            }
        }
        return clean == "/" ? "" : String(decoding: result, as: UTF8.self)
    }

    /// An URL as it may be shown: without its user, and without what stands behind `?` or `#`.
    static func withoutUser(_ text: String) -> String {
        let shown = text.prefix { $0 != "?" && $0 != "#" }
        guard let at = shown.lastIndex(of: "@") else { return String(shown) }
        let start = shown.firstRange(of: "://")?.upperBound ?? shown.startIndex
        // A '@' in the scheme's place is of no URL that anything can be said about.
        guard start <= at else { return "xxxxx" }
        return shown[..<start] + "xxxxx" + shown[at...]
    }
}
