import FirewallRules

struct RuleGraph: Sendable {}

struct DropLocation: Sendable {}
