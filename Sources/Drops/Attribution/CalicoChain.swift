/// What the name of one of Calico's chains tells (`felix/rules/rule_defs.go`): "cali-tw-cali7d397dc44dc" is what goes to
/// the workload behind that interface.
struct CalicoChain {
    enum Owner {
        case workload, host, policy, profile, none
    }

    /// The name's part behind "cali-", up to the suffix: "tw", "pi".
    let kind: Substring
    let owner: Owner
    let direction: Attribution.Direction?
    /// The interface, or the policy's identifier.
    let suffix: Substring

    init(_ name: Substring) {
        let rest = name.after("cali-") ?? name
        let dash = rest.firstIndex(of: "-")
        let first = dash.map { rest[..<$0] } ?? rest
        let last = dash.map { rest[rest.index(after: $0)...] } ?? ""
        (owner, direction) =
            switch first {
            case "tw": (.workload, .ingress)
            case "fw": (.workload, .egress)
            case "pi": (.policy, .ingress)
            case "po": (.policy, .egress)
            case "pri": (.profile, .ingress)
            case "pro": (.profile, .egress)
            // "From" a host's interface comes what the host takes in.
            case "fh", "fhfw": (.host, .ingress)
            case "th", "thfw": (.host, .egress)
            default: (.none, nil)
            }
        kind = owner == .none ? rest : first
        suffix = last
    }
}
