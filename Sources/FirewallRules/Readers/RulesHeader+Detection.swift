extension RulesForm {
    /// The form of a text of which `beginning` is the first part, as far as a read gives it (some hundred bytes are
    /// enough); nil for anything that is not rules, such as entries of conntrack or objects of Kubernetes.
    package static func detect(_ beginning: Span<UInt8>) -> RulesForm? {
        RulesHeader(beginning)?.form
    }
}

extension RulesHeader {
    /// What a text says of itself of which `beginning` is the first part; nil for anything that is not rules.
    package init?(_ beginning: Span<UInt8>) {
        return nil
    }
}
