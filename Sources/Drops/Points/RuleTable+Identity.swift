import FirewallRules

/// By what a table is known among those of its node.
struct TableIdentity: Hashable {
    let family: RuleFamily
    let name: String
}

extension RuleTable {
    /// The family and the name; `iptables -L` does not name its table, but its base chains tell which one it is, except
    /// for "security", which has those of "filter".
    var identity: TableIdentity {
        if let name { return TableIdentity(family: family, name: name) }
        let places = Set(chains.compactMap { $0.hook?.place })
        let name =
            switch (places.contains(.prerouting), places.contains(.forward), places.contains(.postrouting)) {
            case (true, true, _): "mangle"
            case (_, _, true): "nat"
            case (true, false, false): "raw"
            default: "filter"
            }
        return TableIdentity(family: family, name: name)
    }
}
