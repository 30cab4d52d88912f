extension Attribution.Subject {
    /// The port of a Service as kube-proxy writes it: "NAMESPACE/NAME:PORT", or without ":PORT" where it has no name.
    /// Nil for anything else.
    init?(servicePort text: Substring) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, Self.isName(parts[0]) else { return nil }
        let name = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard name.count <= 2, let service = name.first, name.allSatisfy(Self.isName) else { return nil }
        self.init(
            kind: "Service", namespace: String(parts[0]), name: String(service),
            port: name.count == 2 ? String(name[1]) : nil)
    }

    /// Whether the API server takes this as an object's name (RFC 1123 subdomain), as far as its characters tell.
    static func isName(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}

extension StringProtocol {
    /// What stands after a prefix; nil without the prefix.
    func after(_ prefix: String) -> Self.SubSequence? {
        utf8.starts(with: prefix.utf8) ? self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...] : nil
    }

    /// What stands before a suffix; nil without the suffix.
    func before(_ suffix: String) -> Self.SubSequence? {
        let count = utf8.count - suffix.utf8.count
        guard count >= 0 else { return nil }
        let end = utf8.index(startIndex, offsetBy: count)
        return utf8[end...].elementsEqual(suffix.utf8) ? self[..<end] : nil
    }
}
