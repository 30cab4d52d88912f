package import NetModel

/// A chain of rules.
package struct RuleChain: Sendable {
    package var name: String
    /// Where the kernel enters it; nil for a chain that only other rules jump to.
    package var hook: ChainHook?
    /// What becomes of a packet that no rule decides; nil for a chain without a hook.
    package var policy: RuleVerdict?
    /// What the policy was applied to; nil in nftables, which does not count it.
    package var policyCounters: Counters?
    package var rules: [Rule]

    package init(
        name: String,
        hook: ChainHook? = nil,
        policy: RuleVerdict? = nil,
        policyCounters: Counters? = nil,
        rules: [Rule] = []
    ) {
        self.name = name
        self.hook = hook
        self.policy = policy
        self.policyCounters = policyCounters
        self.rules = rules
    }
}

/// Where in a packet's way through the kernel a base chain stands.
package struct ChainHook: Hashable, Sendable {
    /// `NF_INET_*` and `NF_NETDEV_*` (linux/netfilter.h).
    package enum Place: String, CaseIterable, Sendable {
        case prerouting, input, forward, output, postrouting, ingress, egress
    }

    package var place: Place
    /// Chains of one place are passed from the lowest priority on; conntrack looks a packet up at -200, a destination is
    /// translated at -100 (linux/netfilter_ipv4.h).
    package var priority: Int

    package init(place: Place, priority: Int) {
        self.place = place
        self.priority = priority
    }

    /// The hook of a built-in chain of iptables: "PREROUTING" of "mangle". Nil for a chain's own name.
    ///
    /// - Parameter table: nil is taken for "filter".
    package init?(builtIn chain: String, table: String?) {
        guard let place = Place(rawValue: chain.lowercased()), chain == chain.uppercased() else { return nil }
        let priority: Int
        switch table ?? "filter" {
        case "raw": priority = -300
        case "mangle": priority = -150
        case "nat": priority = place == .prerouting || place == .output ? -100 : 100
        case "security": priority = 50
        default: priority = 0
        }
        self.init(place: place, priority: priority)
    }

    /// Whether packets pass it before a Service's address is translated to an endpoint's.
    package var isBeforeTranslation: Bool {
        switch place {
        case .prerouting, .output: priority < -100
        case .ingress: true
        case .input, .forward, .postrouting, .egress: false
        }
    }
}
