import CollectorProtocol

extension TextSession {
    /// What is known of the packet filters at one moment.
    private struct RulesTold {
        /// The programs whose output was passed on.
        var told: Set<RulesPiece.Program> = []
        /// Programs that are not in the image.
        var missing: [String] = []
    }

    /// One address family's programs.
    private struct Family {
        let name: String
        let nft: RulesPiece.Program
        let legacy: RulesPiece.Program

        static let all = [
            Family(name: "iptables", nft: .iptablesNFTSave, legacy: .iptablesLegacySave),
            Family(name: "ip6tables", nft: .ip6tablesNFTSave, legacy: .ip6tablesLegacySave),
        ]
    }

    /// Reads the rules of every packet filter that a program of the image tells of. What is said of a program that failed
    /// is a notice, as is a filter that no program told of.
    func readRules(_ moment: RulesPiece.Moment) async throws(TextStop) {
        var rules = RulesTold()
        for family in Family.all {
            let hasNFT = try await read([family.name + "-nft-save", "-c"], as: family.nft, moment, &rules)
            // They read the tables that the kernel has and load none.
            let hasLegacy =
                hasLegacyTables == false
                ? true : try await read([family.name + "-legacy-save", "-c"], as: family.legacy, moment, &rules)
            if hasNFT, hasLegacy { continue }
            // Which of the two it is, it says itself.
            _ = try await read([family.name + "-save", "-c"], as: nil, of: family, moment, &rules)
        }
        _ = try await read(["nft", "-j", "list", "ruleset"], as: .nftListRuleset, moment, &rules)
        tellMissing(rules)
    }

    /// - Returns: false where the image does not have the program.
    private func read(
        _ command: [String],
        as program: RulesPiece.Program?,
        of family: Family? = nil,
        _ moment: RulesPiece.Moment,
        _ rules: inout RulesTold
    ) async throws(TextStop) -> Bool {
        var errors = ProgramErrors()
        var printed = RulesText(program: program, nft: family?.nft, legacy: family?.legacy, told: rules.told)
        var problem: String?
        do throws(ProgramProblem) {
            let code = try await perform(command, within: patience.rules) { (output: ProgramOutput) throws(TextStop) in
                switch output {
                case .standardOutput(let bytes):
                    if let (program, text) = printed.take(bytes) {
                        tell(RulesPiece(program: program, moment: moment, text: text, isLast: false))
                        try await flushIfFull()
                    }
                case .standardError(let bytes): errors.take(bytes) { _ in }
                case .ended: break
                }
            }
            errors.finish { _ in }
            if code != 0 {
                let said = errors.firstLine.isEmpty ? "" : ": \(errors.firstLine)"
                problem = "'\(command.joined(separator: " "))' failed with status \(code)\(said)"
            }
        } catch {
            switch error {
            case .stopped(let stop): throw stop
            case .unavailable:
                rules.missing.append(command[0])
                return false
            case .lost, .timedOut: problem = error.text(command)
            }
        }
        if let rest = printed.finish() {
            tell(RulesPiece(program: rest.program, moment: moment, text: rest.text, isLast: false))
        }
        // Of a program that failed and printed nothing, an empty text would say that there are no rules.
        if let program = printed.program, problem == nil || printed.isAnythingTaken {
            tell(RulesPiece(program: program, moment: moment, text: [], isLast: true))
            rules.told.insert(program)
        }
        if let problem {
            tell(
                Notice(topic: .rules, text: printed.isAnythingTaken ? "\(problem); what it printed is used" : problem))
        }
        try await flushIfFull()
        return true
    }

    /// Tells of the packet filters of which no program told, because none is in the image.
    private func tellMissing(_ rules: RulesTold) {
        var missing: [String] = []
        for family in Family.all {
            let ofNFT = family.name + "-nft-save"
            let ofLegacy = family.name + "-legacy-save"
            let isNFTTold = rules.told.contains(family.nft) || rules.told.contains(.nftListRuleset)
            if rules.missing.contains(ofNFT), !isNFTTold { missing.append(ofNFT) }
            if rules.missing.contains(ofLegacy), !rules.told.contains(family.legacy) { missing.append(ofLegacy) }
        }
        if rules.missing.contains("nft") { missing.append("nft") }
        guard !missing.isEmpty else { return }
        tell(
            Notice(
                topic: .rules,
                text: "rules that only \(Self.enumeration(missing)) shows are not read: not in the image"))
    }

    private static func enumeration(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// What one program of a packet filter prints. Of `iptables-save` the first line tells which kind of iptables it is:
/// `# Generated by iptables-save v1.8.9 (nf_tables) on …`, of legacy ones without that word or anything else in brackets.
struct RulesText: Sendable {
    /// Whose rules they are; nil before that is known, or where nobody wants them.
    private(set) var program: RulesPiece.Program?
    private(set) var isAnythingTaken = false
    private let nft: RulesPiece.Program?
    private let legacy: RulesPiece.Program?
    private let told: Set<RulesPiece.Program>
    /// The beginning of the first line.
    private var head: [UInt8] = []
    private var isKnown: Bool

    /// In bytes; a first line that is longer is of neither kind.
    private static let longestHead = 1000

    /// - Parameters:
    ///   - program: whose rules they are; nil where the text tells it.
    ///   - told: programs whose rules are not wanted again.
    init(
        program: RulesPiece.Program?,
        nft: RulesPiece.Program?,
        legacy: RulesPiece.Program?,
        told: Set<RulesPiece.Program>
    ) {
        self.program = program
        self.nft = nft
        self.legacy = legacy
        self.told = told
        isKnown = program != nil
    }

    /// What is to be passed on.
    mutating func take(_ bytes: [UInt8]) -> (program: RulesPiece.Program, text: [UInt8])? {
        guard !bytes.isEmpty else { return nil }
        if !isKnown {
            head += bytes
            guard head.contains(UInt8(ascii: "\n")) || head.count >= Self.longestHead else { return nil }
            return identify()
        }
        guard let program else { return nil }
        isAnythingTaken = true
        return (program, bytes)
    }

    /// What is left to be passed on when nothing follows.
    mutating func finish() -> (program: RulesPiece.Program, text: [UInt8])? {
        isKnown || head.isEmpty ? nil : identify()
    }

    private mutating func identify() -> (program: RulesPiece.Program, text: [UInt8])? {
        isKnown = true
        let line = String(decoding: head.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        defer { head = [] }
        guard let found = line.contains("nf_tables") ? nft : legacy, !told.contains(found) else { return nil }
        program = found
        isAnythingTaken = true
        return (found, head)
    }
}
