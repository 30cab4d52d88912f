package import NetModel

/// To which packets a rule applies, as far as a connection's tuple tells whether it does.
package struct RuleMatch: Hashable, Sendable {
    /// A list of which one has to hold, or none where negated.
    package struct Either<Value: Hashable & Sendable>: Hashable, Sendable {
        package var values: [Value]
        package var isNegated: Bool

        package init(_ values: [Value], isNegated: Bool = false) {
            self.values = values
            self.isNegated = isNegated
        }
    }

    /// Connection states that a packet may have; `dnat` and `snat` are no states, but tell of translations.
    package struct States: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let invalid = States(rawValue: 1 << 0)
        package static let new = States(rawValue: 1 << 1)
        package static let established = States(rawValue: 1 << 2)
        package static let related = States(rawValue: 1 << 3)
        package static let untracked = States(rawValue: 1 << 4)
        package static let dnat = States(rawValue: 1 << 5)
        package static let snat = States(rawValue: 1 << 6)
    }

    /// Nil for any.
    package var source: Either<IPPrefix>?
    package var destination: Either<IPPrefix>?
    package var transport: Either<TransportProtocol>?
    package var sourcePorts: Either<ClosedRange<UInt16>>?
    package var destinationPorts: Either<ClosedRange<UInt16>>?
    package var states: States?
    package var statesAreNegated = false
    /// The interface by which the packet came, as written, with a trailing `+` or `*` for a prefix, a leading `!` for not.
    package var inInterface: String?
    package var outInterface: String?
    /// Names of the sets that it looks a packet up in (`-m set`, `@name`). The rule applies where of each of them one
    /// element's `match` holds; where elements cannot tell, because it is an ipset, or negated, or the set is looked up by
    /// something that no tuple has, the lookup stands in `others`, too.
    package var sets: [String] = []
    /// Whether the lookup in a set is the last condition, so that an element counts just the packets that the rule is
    /// applied to.
    package var endsWithLookup = false
    /// Conditions that nothing above holds, as written: "mark match 0x1/0x1", "-m physdev ...", an ipset. With one of them
    /// a tuple alone does not tell whether the rule applies.
    package var others: [String] = []

    package init() {}
}
