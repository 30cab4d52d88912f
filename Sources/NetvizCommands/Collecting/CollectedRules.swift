package import CollectorProtocol
import ConntrackText
package import Drops
import FirewallRules
package import FlowGraph
import NetModel

/// The rules of one source while they come in pieces.
package struct CollectedRules: Sendable {
    /// What one program printed at one moment.
    private struct Reading: Hashable {
        var program: RulesPiece.Program
        var moment: RulesPiece.Moment
    }

    /// The most that one program's text may be: more than any kernel's rules, less than what would not be held.
    private static let longestText = 1 << 30
    private static let namedProblems = 5

    package let name: String
    package let isNode: Bool
    private var texts: [Reading: [UInt8]] = [:]
    /// The file that has begun.
    private var file: [UInt8] = []
    private var statistics: ConntrackStatistics?
    private var rulesets: [(ruleset: Ruleset, moment: RulesPiece.Moment?)] = []
    /// What went wrong on the node, in words.
    private var failures: [String] = []
    /// Lines about rules that could not be read, for the user.
    private var untold: [String] = []

    package init(name: String, isNode: Bool) {
        self.name = name
        self.isNode = isNode
    }

    /// Takes what a collector sent.
    package mutating func take(_ piece: RulesPiece) {
        let reading = Reading(program: piece.program, moment: piece.moment)
        let size = texts[reading]?.count ?? 0
        if size + piece.text.count <= Self.longestText {
            texts[reading, default: []] += piece.text
        } else if size < Self.longestText {
            failures.append(
                "\(piece.program.name) printed more than \(Self.longestText >> 20) MiB; the rest is left out")
        }
        if piece.isLast { close(reading) }
    }

    /// Takes what a collector said of a packet filter that could not be read.
    package mutating func take(_ notice: Notice) {
        if notice.topic == .rules, !failures.contains(notice.text) { failures.append(notice.text) }
    }

    /// Takes a piece of a file.
    package mutating func take(_ piece: BundleRulesText) {
        file += piece.text
        guard piece.isLast else { return }
        switch piece.form {
        case .conntrackStatistics: statistics = statistics ?? ConntrackStatistics(text: file.span)
        case .iptablesSave: add(Ruleset(reading: file.span, form: .iptablesSave), moment: nil)
        case .iptablesList: add(Ruleset(reading: file.span, form: .iptablesList), moment: nil)
        case .nftJSON: add(Ruleset(reading: file.span, form: .nftJSON), moment: nil)
        }
        file = []
    }

    private mutating func close(_ reading: Reading) {
        guard let text = texts.removeValue(forKey: reading) else { return }
        let form: RulesForm = reading.program == .nftListRuleset ? .nftJSON : .iptablesSave
        // A program that failed printed nothing, which nft never does.
        if text.isEmpty, form == .nftJSON { return }
        let ruleset = Ruleset(
            reading: text.span,
            form: form,
            filter: reading.program.filter,
            family: reading.program.family
        )
        add(ruleset, moment: reading.moment)
    }

    private mutating func add(_ ruleset: Ruleset, moment: RulesPiece.Moment?) {
        for problem in ruleset.problems.prefix(Self.namedProblems) { tell(problem.description, of: ruleset.filter) }
        let more = ruleset.problems.count - Self.namedProblems
        if more > 0 { tell("and \(more) more", of: ruleset.filter) }
        if ruleset.isUnreadable {
            failures.append("the rules of \(ruleset.filter.rawValue) could not be read")
        } else {
            rulesets.append((ruleset, moment))
        }
    }

    private mutating func tell(_ problem: String, of filter: PacketFilter) {
        let line = "warning: \(name): rules of \(filter.rawValue): \(problem)"
        if !untold.contains(line) { untold.append(line) }
    }

    /// Lines for the user that were not handed out before.
    package mutating func takeUntold() -> [String] {
        defer { untold = [] }
        return untold
    }

    /// What was read, when nothing more comes; a text that was cut off counts as far as it came.
    package mutating func finish() -> (rules: NodeRules, source: Coverage.Source) {
        for reading in texts.keys.sorted(by: Self.isBefore) {
            failures.append("what \(reading.program.name) printed was cut off")
            close(reading)
        }
        var rules = NodeRules(name: name, isNode: isNode)
        var coverage = RulesCoverage()
        let isOverWindow = rulesets.contains { $0.moment == .begin }
        for (ruleset, moment) in rulesets {
            rules.add(ruleset, moment: moment == .begin ? .begin : isOverWindow && moment == .end ? .end : .only)
            if !coverage.filters.contains(ruleset.filter.rawValue) { coverage.filters.append(ruleset.filter.rawValue) }
        }
        coverage.rules = rules.ruleCount
        coverage.filters.sort()
        coverage.isOverWindow = isOverWindow && rulesets.contains { $0.moment == .end }
        coverage.failures = failures
        var source = Coverage.Source(name: name, isNode: isNode)
        source.rules = coverage
        source.statistics = statistics
        return (rules, source)
    }

    private static func isBefore(_ left: Reading, _ right: Reading) -> Bool {
        (left.program.rawValue, left.moment.rawValue) < (right.program.rawValue, right.moment.rawValue)
    }
}

extension RulesPiece.Program {
    /// As a user types it.
    fileprivate var name: String {
        switch self {
        case .iptablesLegacySave: "iptables-legacy-save"
        case .ip6tablesLegacySave: "ip6tables-legacy-save"
        case .iptablesNFTSave: "iptables-nft-save"
        case .ip6tablesNFTSave: "ip6tables-nft-save"
        case .nftListRuleset: "nft -j list ruleset"
        }
    }

    fileprivate var filter: PacketFilter {
        switch self {
        case .iptablesLegacySave, .ip6tablesLegacySave: .iptablesLegacy
        case .iptablesNFTSave, .ip6tablesNFTSave: .iptablesNFT
        case .nftListRuleset: .nftables
        }
    }

    fileprivate var family: RuleFamily? {
        switch self {
        case .iptablesLegacySave, .iptablesNFTSave: .ipv4
        case .ip6tablesLegacySave, .ip6tablesNFTSave: .ipv6
        case .nftListRuleset: nil
        }
    }
}

extension RulesProblem {
    fileprivate var description: String { line.map { "line \($0): \(message)" } ?? message }
}
