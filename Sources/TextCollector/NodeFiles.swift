import CollectorProtocol

/// What files of /proc say of a node, printed by one cat(1).
struct NodeFiles: Hashable, Sendable {
    var accounting: Bool?
    var timestamps: Bool?
    var eventsMode: UInt8?
    var tableCount: UInt32?
    var tableMaximum: UInt32?
    var bridgeNetfilter: Bool?
    /// Whether the kernel has tables of legacy iptables; nil where that is not known.
    var hasLegacyTables: Bool?
    /// Signs that traffic passes beside the table, in words.
    var bypassSigns: [String] = []

    /// Files of one number each, in the order in which they are printed.
    private static let numbers = [
        "/proc/sys/net/netfilter/nf_conntrack_acct",
        "/proc/sys/net/netfilter/nf_conntrack_timestamp",
        "/proc/sys/net/netfilter/nf_conntrack_events",
        "/proc/sys/net/netfilter/nf_conntrack_count",
        "/proc/sys/net/netfilter/nf_conntrack_max",
        "/proc/sys/net/bridge/bridge-nf-call-iptables",
    ]
    private static let legacyTables = ["/proc/net/ip_tables_names", "/proc/net/ip6_tables_names"]
    private static let interfaces = "/proc/net/dev"

    static let command = ["cat"] + numbers + legacyTables + [interfaces]

    /// Nothing is known.
    init() {}

    /// - Parameters:
    ///   - output: what cat(1) printed.
    ///   - errors: what it wrote to standard error: it names the files that it could not read.
    init(output: String, errors: String) {
        var lines = output.split(separator: "\n", omittingEmptySubsequences: false)[...]
        let head = lines.firstIndex { $0.hasPrefix("Inter-") } ?? lines.endIndex
        let present = Self.numbers.filter { !errors.contains($0) }
        let values = lines[..<head].prefix(present.count).map { UInt32($0) }
        // Were a file missing of which nothing is said, each number after it would be taken for another.
        guard values.count == present.count, values.allSatisfy({ $0 != nil }) else { return }
        let found = Dictionary(uniqueKeysWithValues: zip(present, values.compactMap(\.self)))
        accounting = found[Self.numbers[0]].map { $0 != 0 }
        timestamps = found[Self.numbers[1]].map { $0 != 0 }
        eventsMode = found[Self.numbers[2]].flatMap { UInt8(exactly: $0) }
        tableCount = found[Self.numbers[3]]
        tableMaximum = found[Self.numbers[4]]
        bridgeNetfilter = found[Self.numbers[5]].map { $0 != 0 }
        guard head < lines.endIndex else { return }
        hasLegacyTables = lines[..<head].dropFirst(present.count).contains { !$0.isEmpty }
        // Two lines are the heads of its columns.
        lines = lines[head...].dropFirst(2)
        for line in lines {
            guard let name = line.split(separator: ":").first?.split(separator: " ").last else { continue }
            if let sign = NodeFacts.bypassSign(interface: String(name)) { bypassSigns.append(sign) }
        }
        bypassSigns.sort()
    }
}
