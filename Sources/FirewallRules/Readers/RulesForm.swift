/// The forms of text that rules come in.
package enum RulesForm: Hashable, Sendable {
    /// `iptables-save -c`, `ip6tables-save -c`, of either filter; without `-c` nothing is counted.
    case iptablesSave
    /// `iptables -L -n -v -x`, `ip6tables -L -n -v -x`; without `-x` large counters are rounded, without `-v` nothing is
    /// counted.
    case iptablesList
    /// `nft -j list ruleset` (libnftables-json(5)).
    case nftJSON
}

/// What a text of rules says of itself at its beginning.
package struct RulesHeader: Hashable, Sendable {
    package var form: RulesForm
    /// Nil where the text does not say: `iptables -L` never does, `iptables-save` does since 1.8.
    package var filter: PacketFilter?
    /// Nil where the text does not say, and for nft, whose tables have families of their own.
    package var family: RuleFamily?

    package init(form: RulesForm, filter: PacketFilter? = nil, family: RuleFamily? = nil) {
        self.form = form
        self.filter = filter
        self.family = family
    }
}
