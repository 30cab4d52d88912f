package import JSONText
import TerminalText

/// The version of an API server (`GET /version`, which needs no credentials by default). What the server can do is better
/// found by trying; the version is for messages.
package struct ServerVersion: Hashable, Sendable {
    /// Older ones lack `discovery.k8s.io/v1`.
    package static let oldest = (major: 1, minor: 21)

    package let major: Int
    package let minor: Int
    /// As `v1.32.3-gke.100`; empty where it is not told.
    package let gitVersion: String

    package init(major: Int, minor: Int, gitVersion: String) {
        self.major = major
        self.minor = minor
        self.gitVersion = gitVersion
    }

    /// Reads `gitVersion`, and `major` and `minor` where it has no numbers; the minor may be `32+`.
    ///
    /// - Returns: nil where neither has numbers.
    package init?(_ document: JSONTree) {
        let gitVersion = document["gitVersion"]?.text ?? ""
        if let (major, minor) = Self.numbers(gitVersion) {
            self.init(major: major, minor: minor, gitVersion: gitVersion)
        } else if let major = Self.number(document["major"]), let minor = Self.number(document["minor"]) {
            self.init(major: major, minor: minor, gitVersion: gitVersion)
        } else {
            return nil
        }
    }

    /// Whether it is at least 1.`minor`.
    package func isAtLeast(minor: Int) -> Bool { major > 1 || major == 1 && self.minor >= minor }

    /// Whether it is older than what is supported.
    package var isTooOld: Bool { (major, minor) < Self.oldest }

    /// `v1.32.3-gke.100` is 1 and 32.
    private static func numbers(_ text: String) -> (major: Int, minor: Int)? {
        let parts = text.drop { $0 == "v" || $0 == "V" || $0 == " " }.split(separator: ".", maxSplits: 2)
        guard parts.count >= 2, let major = Int(parts[0]), let minor = digits(parts[1]), major >= 0 else { return nil }
        return (major, minor)
    }

    private static func number(_ value: JSONTree?) -> Int? {
        if let number = value?.integer { return number >= 0 ? Int(exactly: number) : nil }
        return value?.text.flatMap { digits(Substring($0)) }
    }

    /// The number at the beginning.
    private static func digits(_ text: Substring) -> Int? {
        Int(text.prefix { $0.isASCII && $0.isNumber })
    }
}

extension ServerVersion: CustomStringConvertible {
    package var description: String { gitVersion.isEmpty ? "v\(major).\(minor)" : PrintableText.escaped(gitVersion) }
}
