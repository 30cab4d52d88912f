import CollectorCore
import CollectorProtocol
import Glibc

/// Reads the rules of the packet filters that are in use, with their counters.
struct RulesReader {
    private struct Source {
        let program: RulesPiece.Program
        let arguments: [String]
    }

    /// A rule set of 50,000 rules takes a second or two.
    private static let timeout: Int64 = 30 * 1_000_000_000

    /// Reads all of them; what a program prints is passed on as it comes.
    func read(
        _ moment: RulesPiece.Moment,
        piece: (RulesPiece) throws(SamplingStop) -> Void,
        notice: (Notice) -> Void
    ) throws(SamplingStop) {
        for source in sources() {
            let run = ChildProgram(arguments: source.arguments, timeout: Self.timeout)
            let (ending, errors) = try run.run { (text: ArraySlice<UInt8>) throws(SamplingStop) in
                try piece(
                    RulesPiece(program: source.program, moment: moment, text: Array(text), isLast: false)
                )
            }
            try piece(RulesPiece(program: source.program, moment: moment, text: [], isLast: true))
            if let problem = problem(source, ending, errors) { notice(Notice(topic: .rules, text: problem)) }
        }
    }

    /// What is in use: legacy tables only where the kernel has some, since asking for them would load their modules.
    private func sources() -> [Source] {
        var sources: [Source] = []
        for family in ["iptables", "ip6tables"] {
            let isIPv6 = family == "ip6tables"
            let hasLegacyTables =
                SmallFile.text(isIPv6 ? "/proc/net/ip6_tables_names" : "/proc/net/ip_tables_names")?.isEmpty == false
            if let program = installed("\(family)-nft-save") ?? installed("\(family)-save"), !isLegacy(program) {
                sources.append(
                    Source(
                        program: isIPv6 ? .ip6tablesNFTSave : .iptablesNFTSave,
                        arguments: [program, "-c"]
                    )
                )
            }
            guard hasLegacyTables else { continue }
            if let program = installed("\(family)-legacy-save") ?? installed("\(family)-save"), isLegacy(program) {
                sources.append(
                    Source(
                        program: isIPv6 ? .ip6tablesLegacySave : .iptablesLegacySave,
                        arguments: [program, "-c"]
                    )
                )
            }
        }
        if let program = installed("nft") {
            sources.append(Source(program: .nftListRuleset, arguments: [program, "-j", "list", "ruleset"]))
        }
        return sources
    }

    /// Where a program is; sbin folders are looked into even when PATH lacks them.
    private func installed(_ name: String) -> String? {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        let folders =
            path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin"]
        for folder in folders where folder.hasPrefix("/") {
            let candidate = "\(folder)/\(name)"
            if unsafe access(candidate, X_OK) == 0 { return candidate }
        }
        return nil
    }

    /// Whether an iptables program works on the legacy tables: it says so with `-V`, "iptables-save v1.8.9 (legacy)".
    /// Before version 1.8 all did, and said nothing.
    private func isLegacy(_ program: String) -> Bool {
        if program.hasSuffix("-legacy-save") { return true }
        if program.hasSuffix("-nft-save") { return false }
        var text: [UInt8] = []
        let run = ChildProgram(arguments: [program, "-V"], timeout: 5 * 1_000_000_000)
        _ = run.run { (piece: ArraySlice<UInt8>) throws(Never) in text += piece }
        return !String(decoding: text, as: UTF8.self).contains("nf_tables")
    }

    private func problem(_ source: Source, _ ending: ChildProgram.Ending, _ errors: String) -> String? {
        let command = source.arguments.joined(separator: " ")
        let firstLine = errors.split(whereSeparator: \.isNewline).first.map { ": \($0)" } ?? ""
        switch ending {
        case .exited(0): return nil
        case .exited(let code): return "'\(command)' failed with status \(code)\(firstLine); what it printed is used"
        case .signalled(let signal):
            return "'\(command)' was ended by signal \(signal)\(firstLine); what it printed is used"
        case .timedOut:
            return
                "'\(command)' took longer than \(Self.timeout / 1_000_000_000) s and was stopped; what it printed is used"
        case .notStarted(let code): return "'\(command)' could not be started: \(systemMessage(code))"
        }
    }
}
