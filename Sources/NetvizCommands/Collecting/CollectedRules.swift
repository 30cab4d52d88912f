package import CollectorProtocol
import ConntrackText
package import Drops
package import FirewallRules
package import FlowGraph
import NetModel

/// The rules of one source while they come in pieces.
package struct CollectedRules: Sendable {
    /// What one program printed at one moment.
    private struct Reading: Hashable {
        var program: RulesPiece.Program
        var moment: RulesPiece.Moment
    }

    private enum Finding {
        case text(Task<Ruleset, Never>, moment: RulesPiece.Moment?)
        case failure(String)
    }

    /// The most that one text may be: some 800,000 rules of iptables. Read, it takes ten times as much memory.
    private static let longestText = 1 << 27
    private static let namedProblems = 5

    package let name: String
    package let isNode: Bool
    private var texts: [Reading: [UInt8]] = [:]
    /// The file that has begun.
    private var file: [UInt8] = []
    /// Whether it is longer than what is taken of it.
    private var isCut = false
    private var statistics: ConntrackStatistics?
    /// What was found, in its order: texts, which are read on other cores while the next ones come, and what went wrong
    /// on the node, in words.
    private var findings: [Finding] = []
    private var rulesets: [(ruleset: Ruleset, moment: RulesPiece.Moment?)] = []
    private var failures: [String] = []
    /// Lines about rules that could not be read, for the user.
    private var untold: [String] = []

    package init(name: String, isNode: Bool) {
        self.name = name
        self.isNode = isNode
    }

    /// Takes what a collector sent.
    ///
    /// - Returns: the reading of a text whose last piece this was.
    package mutating func take(_ piece: RulesPiece) -> Task<Ruleset, Never>? {
        let reading = Reading(program: piece.program, moment: piece.moment)
        let size = texts[reading]?.count ?? 0
        if size + piece.text.count <= Self.longestText {
            texts[reading, default: []] += piece.text
        } else if size < Self.longestText {
            findings.append(
                .failure(
                    "\(piece.program.name) printed more than \(Self.longestText >> 20) MiB; the rest is left out"))
        }
        return piece.isLast ? close(reading) : nil
    }

    /// Takes what a collector said of a packet filter that could not be read.
    package mutating func take(_ notice: Notice) {
        if notice.topic == .rules { findings.append(.failure(notice.text)) }
    }

    /// Takes a piece of a file.
    ///
    /// - Returns: the reading of a text whose last piece this was.
    package mutating func take(_ piece: BundleRulesText) -> Task<Ruleset, Never>? {
        if file.count + piece.text.count <= Self.longestText {
            file += piece.text
        } else if !isCut {
            findings.append(
                .failure("the text of rules is longer than \(Self.longestText >> 20) MiB; the rest is left out"))
            isCut = true
        }
        guard piece.isLast else { return nil }
        isCut = false
        let text = file
        file = []
        switch piece.form {
        case .conntrackStatistics:
            statistics = statistics ?? ConntrackStatistics(text: text.span)
            return nil
        case .iptablesSave: return read(text, .iptablesSave)
        case .iptablesList: return read(text, .iptablesList)
        case .nftJSON: return read(text, .nftJSON)
        }
    }

    private mutating func close(_ reading: Reading) -> Task<Ruleset, Never>? {
        guard let text = texts.removeValue(forKey: reading) else { return nil }
        // A program that failed printed nothing, which nft never does.
        let isNFT = reading.program == .nftListRuleset
        return text.isEmpty && isNFT ? nil : read(text, isNFT ? .nftJSON : .iptablesSave, of: reading)
    }

    private mutating func read(_ text: [UInt8], _ form: RulesForm, of reading: Reading? = nil) -> Task<Ruleset, Never> {
        let task = Task.detached {
            Ruleset(reading: text, form: form, filter: reading?.program.filter, family: reading?.program.family)
        }
        findings.append(.text(task, moment: reading?.moment))
        return task
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

    /// What was read, when nothing more comes; a text that was cut off counts as far as it came.
    ///
    /// - Returns: the rules, what is known of the source, and lines for the user.
    package mutating func finish() async -> (rules: NodeRules, source: Coverage.Source, lines: [String]) {
        for reading in texts.keys.sorted(by: Self.isBefore) {
            findings.append(.failure("what \(reading.program.name) printed was cut off"))
            _ = close(reading)
        }
        for finding in findings {
            switch finding {
            case .text(let task, let moment): add(await task.value, moment: moment)
            case .failure(let failure): if !failures.contains(failure) { failures.append(failure) }
            }
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
        return (rules, source, untold)
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
