/// The forms of text that rules come in.
package enum RulesForm: Hashable, Sendable {
    /// `iptables-save -c`, `ip6tables-save -c`, of either filter; without `-c` nothing is counted.
    case iptablesSave
    /// `iptables -L -n -v -x`.
    case iptablesList
    /// `nft -j list ruleset`.
    case nftJSON
}
