import FirewallRules
import NetModel
import TestSupport
import Testing

/// Reads a text that a test has in the open.
func read(
    _ text: String,
    _ form: RulesForm = .iptablesSave,
    filter: PacketFilter? = nil,
    family: RuleFamily? = nil
) -> Ruleset {
    let bytes = Array(text.utf8)
    return Ruleset(reading: bytes.span, form: form, filter: filter, family: family)
}

/// The one rule of a table `filter` whose only rule this is, with what comes before it already written.
func rule(_ line: String) throws -> Rule {
    let ruleset = read("*filter\n:INPUT ACCEPT [0:0]\n\(line)\nCOMMIT\n")
    #expect(ruleset.problems == [])
    return try #require(ruleset.tables.first?.chains.first?.rules.first)
}

/// The one rule of a table of nft with these statements.
func nftRule(_ statements: String, family: String = "ip") throws -> Rule {
    let ruleset = read(
        """
        {"nftables": [{"table": {"family": "\(family)", "name": "t"}},
        {"chain": {"family": "\(family)", "table": "t", "name": "c"}},
        {"rule": {"family": "\(family)", "table": "t", "chain": "c", "handle": 7, "expr": [\(statements)]}}]}
        """, .nftJSON)
    #expect(ruleset.problems == [])
    return try #require(ruleset.tables.first?.chains.first?.rules.first)
}

extension Ruleset {
    /// A chain of the only table that has one of this name.
    func chain(_ name: String, table: String? = nil) throws -> RuleChain {
        let chains = tables.filter { table == nil || $0.name == table }.flatMap(\.chains).filter { $0.name == name }
        return try #require(chains.first)
    }

    func set(_ name: String) throws -> RuleSet {
        try #require(tables.flatMap(\.sets).first { $0.name == name })
    }
}

extension RuleMatch.Either<IPPrefix> {
    /// `!10.0.0.0/8` for a negated one.
    var words: String { (isNegated ? "!" : "") + values.map(\.description).joined(separator: ",") }
}

extension RuleMatch.Either<ClosedRange<UInt16>> {
    var words: String {
        (isNegated ? "!" : "")
            + values.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}

extension RuleMatch.Either<TransportProtocol> {
    var words: String { (isNegated ? "!" : "") + values.map(\.description).joined(separator: ",") }
}

/// The bytes of a recorded file of the cluster of two nodes.
func recorded(_ name: String) throws -> [UInt8] {
    try readFile(Repository.path("Tests/Fixtures/two-node-cluster/\(name)"))
}
