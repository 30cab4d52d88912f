/// The sysctls of connection tracking, each of the network namespace of the process that reads it.
enum Sysctl {
    static let accounting = "/proc/sys/net/netfilter/nf_conntrack_acct"
    static let timestamps = "/proc/sys/net/netfilter/nf_conntrack_timestamp"
    static let events = "/proc/sys/net/netfilter/nf_conntrack_events"
    static let count = "/proc/sys/net/netfilter/nf_conntrack_count"
    static let maximum = "/proc/sys/net/netfilter/nf_conntrack_max"
    static let bridgeIPTables = "/proc/sys/net/bridge/bridge-nf-call-iptables"
}
