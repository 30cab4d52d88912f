/// Whom the API server is asked to take the sender for.
package struct Impersonation: Sendable, Hashable {
    /// Never empty.
    package let user: String
    package let uid: String?
    package let groups: [String]
    /// Values by key, as the kubeconfig and the command line write the key.
    package let extra: [String: [String]]

    package init(user: String, uid: String?, groups: [String], extra: [String: [String]]) {
        self.user = user
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    /// The headers of every request, `Impersonate-…`; a name may come several times. The extra keys are sorted.
    package var headers: [(name: String, value: String)] {
        var headers = [(name: "Impersonate-User", value: user)]
        if let uid { headers.append(("Impersonate-Uid", uid)) }
        headers += groups.map { ("Impersonate-Group", $0) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            headers += values.map { ("Impersonate-Extra-" + Self.escaped(key), $0) }
        }
        return headers
    }

    /// Bytes that a header's name cannot have (RFC 9110 section 5.6.2), and `%`, as `%20`, as client-go writes them.
    private static func escaped(_ key: String) -> String {
        var result: [UInt8] = []
        for byte in key.utf8 {
            let letter = byte | 0x20
            let isPlain =
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(letter) || "!#$&'*+-.^_`|~".utf8.contains(byte)
            if isPlain {
                result.append(byte)
            } else {
                result += (byte < 16 ? "%0" : "%").utf8
                result += String(byte, radix: 16, uppercase: true).utf8
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
