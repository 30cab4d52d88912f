/// How conntrack(8) is called, and what it says of its own run. The options are those of version 1.4.4 and later.
enum ConntrackProgram {
    /// A version of conntrack-tools, "1.4.7".
    struct Version: Hashable, Comparable, Sendable {
        let numbers: [Int]

        /// From what `conntrack -V` prints: `conntrack v1.4.7 (conntrack-tools)`. Nil for anything else.
        init?(_ text: String) {
            guard let word = text.split(whereSeparator: \.isWhitespace).dropFirst().first, word.hasPrefix("v") else {
                return nil
            }
            let parts = word.dropFirst().split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
            let numbers = parts.compactMap(\.self)
            guard text.hasPrefix("conntrack "), numbers.count == parts.count else { return nil }
            self.numbers = numbers
        }

        static func < (left: Version, right: Version) -> Bool {
            left.numbers.lexicographicallyPrecedes(right.numbers)
        }
    }

    static let version = ["conntrack", "-V"]
    static let count = ["conntrack", "-C"]
    static let statistics = ["conntrack", "-S"]

    /// Of NEW and DESTROY events, each with the time at which conntrack(8) received it. With a size of the buffer it says
    /// on standard error when it listens: it sets that after it has subscribed.
    static func events(buffer: Int) -> [String] {
        ["conntrack", "-E", "-e", "NEW,DESTROY", "-b", "\(buffer)", "-o", "extended,timestamp,id"]
    }

    /// The listings that together show the whole table. Older versions list IPv4 alone unless they are told the family.
    static func listings(_ version: Version?) -> [[String]] {
        let list = ["conntrack", "-L", "-o", "extended,id"]
        if let version, let known = Version("conntrack v1.4.7"), version >= known { return [list] }
        return [list + ["-f", "ipv4"], list + ["-f", "ipv6"]]
    }

    /// How many entries a listing showed by its own count:
    /// `conntrack v1.4.7 (conntrack-tools): 16 flow entries have been shown.`; nil for another line.
    static func shownEntries(_ line: String) -> UInt64? {
        let words = line.split(separator: " ")
        guard words.count >= 6, words[0] == "conntrack", line.hasSuffix(" flow entries have been shown.") else {
            return nil
        }
        return UInt64(words[words.count - 6])
    }

    /// Whether a line says that it listens: `NOTICE: Netlink socket buffer size has been set to 67108864 bytes.`
    static func saysThatItListens(_ line: String) -> Bool { line.hasPrefix("NOTICE: Netlink socket buffer") }

    /// Whether a line says that events were lost: `WARNING: We have hit ENOBUFS! We are losing events.`
    static func saysThatEventsWereLost(_ line: String) -> Bool { line.contains("ENOBUFS") }

    /// Whether a line says that the right to ask the kernel is missing.
    static func saysThatItMayNot(_ line: String) -> Bool {
        line.contains("CAP_NET_ADMIN") || line.contains("Operation not permitted")
    }
}
