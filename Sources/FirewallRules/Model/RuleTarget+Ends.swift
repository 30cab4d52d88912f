extension RuleTarget {
    /// Targets of iptables (iptables-extensions(8)) and statements of nftables (nft(8)) after which a packet goes on with
    /// the next rule.
    private static let harmless: Set<String> = [
        "", "ACCOUNT", "AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "CT", "DSCP", "ECN", "HL", "HMARK",
        "IDLETIMER", "LED", "LOG", "MARK", "NFLOG", "NOTRACK", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP",
        "TEE",
        "TOS", "TRACE", "TTL", "ULOG",
        "continue", "ct count", "ct expectation", "ct helper", "ct timeout", "dup", "flow", "last", "log", "mangle",
        "map",
        "meter", "notrack", "secmark", "set",
    ]

    /// Whether a packet does not go on with the next rule, though the rule says neither accept nor drop: it is queued,
    /// answered, translated or sent elsewhere. What is not known is taken to.
    package var endsTheWay: Bool {
        switch self {
        case .other(let name): !Self.harmless.contains(name)
        case .verdict, .jump, .goTo, .returns, .verdictMap: false
        }
    }
}
