/// What Calico writes before a packet that a policy denied (`felix/rules/nflogprefix.go`, since 3.30):
/// "DPE0|gnp/deny-db" by rule 0 of that policy for what leaves a workload, "DPI|default" at the end of the tier, "DRI"
/// where no profile matched.
struct CalicoLogPrefix {
    enum Owner {
        case policy(index: Int), profile(index: Int), tier(String), noProfile
    }

    let owner: Owner
    let direction: Attribution.Direction
    /// Nil where no policy or profile is named, and where the name was cut.
    let subject: Attribution.Subject?

    /// The longest that the kernel takes, without the terminator (`NF_LOG_PREFIXLEN`): what is as long may have been
    /// shortened.
    private static let limit = 63

    /// Nil for what does not deny, and for other programs' prefixes.
    init?(_ text: String) {
        let bytes = text.utf8.prefix(3)
        guard bytes.count == 3, bytes.first == UInt8(ascii: "D") else { return nil }
        let isPolicy: Bool
        switch bytes.dropFirst().first {
        case UInt8(ascii: "P"): isPolicy = true
        case UInt8(ascii: "R"): isPolicy = false
        default: return nil
        }
        switch bytes.last {
        case UInt8(ascii: "I"): direction = .ingress
        case UInt8(ascii: "E"): direction = .egress
        default: return nil
        }
        let rest = text[bytes.endIndex...].drop { $0 == " " }
        if rest.isEmpty, !isPolicy {
            (owner, subject) = (.noProfile, nil)
            return
        }
        guard let bar = rest.firstIndex(of: "|") else { return nil }
        let name = rest[rest.index(after: bar)...]
        guard !name.isEmpty else { return nil }
        if bar == rest.startIndex {
            guard isPolicy else { return nil }
            (owner, subject) = (.tier(String(name)), nil)
            return
        }
        guard let index = Int(rest[..<bar]), index >= 0 else { return nil }
        owner = isPolicy ? .policy(index: index) : .profile(index: index)
        let isCut = text.utf8.count >= Self.limit
        subject =
            isCut
            ? nil
            : isPolicy
                ? CalicoName(identifier: String(name)).subject
                : Attribution.Subject(kind: "Profile", name: String(name.after("pro/") ?? name))
    }
}
