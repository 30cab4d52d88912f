/// What a node says of itself. Nil is "could not be read".
package struct NodeFacts: Hashable, Sendable {
    /// `uname -n`.
    package var hostName: String
    /// `uname -r`.
    package var kernelRelease: String
    /// Whether the kernel tracks connections at all (`/proc/sys/net/netfilter/nf_conntrack_count` is there).
    package var hasConntrack: Bool
    /// Whether this process may ask for the table (CAP_NET_ADMIN in the namespace's user namespace).
    package var mayAdministrate: Bool
    /// `net.netfilter.nf_conntrack_acct`.
    package var accounting: Bool?
    /// `net.netfilter.nf_conntrack_timestamp`.
    package var timestamps: Bool?
    /// `net.netfilter.nf_conntrack_events`: 0 none, 1 all, 2 only of connections born while somebody listens.
    package var eventsMode: UInt8?
    /// `net.bridge.bridge-nf-call-iptables`; nil where the bridge's module is not loaded.
    package var bridgeNetfilter: Bool?
    /// `net.netfilter.nf_conntrack_count`: entries in this network namespace.
    package var tableCount: UInt32?
    /// `net.netfilter.nf_conntrack_max`.
    package var tableMaximum: UInt32?
    /// Signs that traffic passes beside the table, in words: "interface cilium_host", "nftables flowtable ft".
    package var bypassSigns: [String]

    package init(hostName: String, kernelRelease: String, hasConntrack: Bool, mayAdministrate: Bool) {
        self.hostName = hostName
        self.kernelRelease = kernelRelease
        self.hasConntrack = hasConntrack
        self.mayAdministrate = mayAdministrate
        bypassSigns = []
    }
}
