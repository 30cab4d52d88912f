/// Options of a rule that mean something here (iptables(8), iptables-extensions(8)); all others are conditions as written.
enum SaveOption: String, CaseIterable, Sendable {
    case shortSource = "-s"
    case source = "--source"
    case src = "--src"
    case shortDestination = "-d"
    case destination = "--destination"
    case dst = "--dst"
    case shortProtocol = "-p"
    case proto = "--proto"
    case longProtocol = "--protocol"
    case shortInInterface = "-i"
    case inInterface = "--in-interface"
    case shortOutInterface = "-o"
    case outInterface = "--out-interface"
    case shortMatch = "-m"
    case match = "--match"
    case shortJump = "-j"
    case jump = "--jump"
    case shortGoTo = "-g"
    case goTo = "--goto"
    case shortCounters = "-c"
    case counters = "--set-counters"
    case ipv4 = "-4"
    case ipv6 = "-6"
    case comment = "--comment"
    case sourcePort = "--sport"
    case sourcePortLong = "--source-port"
    case sourcePorts = "--sports"
    case sourcePortsLong = "--source-ports"
    case destinationPort = "--dport"
    case destinationPortLong = "--destination-port"
    case destinationPorts = "--dports"
    case destinationPortsLong = "--destination-ports"
    case connectionStates = "--ctstate"
    case states = "--state"
    case matchSet = "--match-set"
    case oldMatchSet = "--set"
    case sourceRange = "--src-range"
    case destinationRange = "--dst-range"
    case rejectWith = "--reject-with"
    case logPrefix = "--log-prefix"
    case nflogPrefix = "--nflog-prefix"
    case ulogPrefix = "--ulog-prefix"

    static let table = WordTable<SaveOption>()
}

/// Modules (`-m`) all of whose usual options are read, and which are no condition by themselves. Any other is one.
enum SaveModule: String, CaseIterable, Sendable {
    case tcp, udp, sctp, dccp, udplite, multiport, conntrack, state, set, comment, iprange

    static let table = WordTable<SaveModule>()
}

/// Targets that are neither chains nor verdicts (iptables-extensions(8)).
enum SaveTarget {
    static let extensions: Set<String> = [
        "AUDIT", "CHECKSUM", "CLASSIFY", "CLUSTERIP", "CONNMARK", "CONNSECMARK", "CT", "DNAT", "DNPT", "DSCP", "ECN",
        "HL",
        "HMARK", "IDLETIMER", "LED", "LOG", "MARK", "MASQUERADE", "MIRROR", "NETMAP", "NFLOG", "NFQUEUE", "NOTRACK",
        "QUEUE", "RATEEST", "REDIRECT", "SECMARK", "SET", "SNAT", "SNPT", "SYNPROXY", "TCPMSS", "TCPOPTSTRIP", "TEE",
        "TOS", "TPROXY", "TRACE", "TTL", "ULOG",
    ]
}
