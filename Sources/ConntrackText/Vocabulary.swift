import NetModel

/// The words of conntrack's text that mean something to an entry. Any other key, flag or label is passed over: kernels
/// and libnetfilter_conntrack grow new ones.
enum Vocabulary {
    /// The names of fields. The raw values are their bytes with the `=`, the first byte lowest, so that eight bytes of
    /// a line, cut after the `=`, are compared at once.
    enum Key: UInt64 {
        /// `src`
        case source = 0x3D63_7273
        /// `dst`
        case destination = 0x3D74_7364
        /// `sport`
        case sourcePort = 0x3D74_726F_7073
        /// `dport`
        case destinationPort = 0x3D74_726F_7064
        /// `type`
        case icmpType = 0x3D_6570_7974
        /// `code`
        case icmpCode = 0x3D_6564_6F63
        /// `id`
        case identifier = 0x3D_6469
        /// `srckey`
        case greSourceKey = 0x3D_7965_6B63_7273
        /// `dstkey`
        case greDestinationKey = 0x3D_7965_6B74_7364
        /// `packets`
        case packets = 0x3D73_7465_6B63_6170
        /// `bytes`
        case bytes = 0x3D73_6574_7962
        /// `mark`
        case mark = 0x3D_6B72_616D
        /// `use`, the number of references, which says nothing of the connection
        case use = 0x3D_657375
        /// `zone`, and the longer names below
        case zone = 0x3D_656E_6F7A
        /// `delta-time`, too long for a raw value of its bytes: this one no text can have, since `=` would be its last byte
        case deltaTime = 0
    }

    /// The names of more than seven bytes.
    static let longKeys = WordTable<Key>([
        ("delta-time", .deltaTime),
        // A zone of one direction only is the entry's zone all the same: an entry has one (nf_conntrack_zones.h).
        ("zone-orig", .zone), ("zone-reply", .zone),
    ])

    /// What stands between brackets.
    enum Flag: UInt8 {
        case unreplied, assured, offload, hardwareOffload
        case new, update, destroy
    }

    static let flags = WordTable<Flag>([
        ("UNREPLIED", .unreplied), ("ASSURED", .assured), ("OFFLOAD", .offload), ("HW_OFFLOAD", .hardwareOffload),
        ("NEW", .new), ("UPDATE", .update), ("DESTROY", .destroy),
    ])

    /// DCCP writes one state without the underscore that TCP writes.
    static let states = WordTable<ConntrackState>(
        ConntrackState.allCases.map { ($0.name, $0) } + [("TIMEWAIT", .timeWait)]
    )
}
