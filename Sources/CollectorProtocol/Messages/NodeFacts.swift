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
    /// At most `StreamFormat.listedTexts` are sent.
    package var bypassSigns: [String]
    /// From which text the client itself made the frames, where no collector runs on the node. Times are then the
    /// client's, and what the text does not hold is not known.
    package var textSource: TextSource?

    /// Where text of a node's table comes from. The raw values are on the wire and never change.
    package enum TextSource: UInt8, CaseIterable, Sendable {
        /// conntrack(8): listings and events.
        case conntrack = 1
        /// `/proc/net/nf_conntrack`: listings alone, without ids.
        case procFile = 2
    }

    package init(hostName: String, kernelRelease: String, hasConntrack: Bool, mayAdministrate: Bool) {
        self.hostName = hostName
        self.kernelRelease = kernelRelease
        self.hasConntrack = hasConntrack
        self.mayAdministrate = mayAdministrate
        bypassSigns = []
    }
}

extension NodeFacts {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, text: hostName)
        payload.appendField(2, text: kernelRelease)
        payload.appendField(3, hasConntrack)
        payload.appendField(4, mayAdministrate)
        payload.appendField(5, accounting)
        payload.appendField(6, timestamps)
        payload.appendField(7, eventsMode)
        payload.appendField(8, bridgeNetfilter)
        payload.appendField(9, tableCount)
        payload.appendField(10, tableMaximum)
        for sign in bypassSigns.prefix(StreamFormat.listedTexts) { payload.appendField(11, text: sign) }
        payload.appendField(12, textSource?.rawValue)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(hostName: "", kernelRelease: "", hasConntrack: false, mayAdministrate: false)
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: hostName = try field.text(bytes)
            case 2: kernelRelease = try field.text(bytes)
            case 3: hasConntrack = try field.boolean()
            case 4: mayAdministrate = try field.boolean()
            case 5: accounting = try field.boolean()
            case 6: timestamps = try field.boolean()
            case 7: eventsMode = try field.unsigned()
            case 8: bridgeNetfilter = try field.boolean()
            case 9: tableCount = try field.unsigned()
            case 10: tableMaximum = try field.unsigned()
            case 11:
                guard bypassSigns.count < StreamFormat.listedTexts else {
                    throw .undecodable("HELLO, facts: more than \(StreamFormat.listedTexts) signs of a bypass")
                }
                bypassSigns.append(try field.text(bytes))
            case 12: textSource = try field.choice()
            default: break
            }
        }
    }
}
