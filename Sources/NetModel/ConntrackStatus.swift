/// The status bits of an entry that flows need (`enum ip_conntrack_status`,
/// linux/netfilter/nf_conntrack_common.h), with the kernel's values.
@usableFromInline package struct ConntrackStatus: OptionSet, Sendable, Hashable {
    @usableFromInline package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A packet came back. The text forms print its absence, `[UNREPLIED]`.
    @inlinable package static var seenReply: ConntrackStatus { ConntrackStatus(rawValue: 1 << 1) }
    /// Traffic in both directions was seen, so the entry is not dropped early: `[ASSURED]`.
    @inlinable package static var assured: ConntrackStatus { ConntrackStatus(rawValue: 1 << 2) }
    /// Handled by a software flow table, whose packets skip the rules: `[OFFLOAD]`.
    @inlinable package static var offload: ConntrackStatus { ConntrackStatus(rawValue: 1 << 14) }
    /// Handled by hardware: `[HW_OFFLOAD]`.
    @inlinable package static var hardwareOffload: ConntrackStatus { ConntrackStatus(rawValue: 1 << 15) }
}
