package import CollectorCore
package import CollectorProtocol
import Glibc

/// Reads the rules of the packet filters that are in use, with their counters.
package struct RulesReader {
    private struct Source {
        let program: RulesPiece.Program
        let arguments: [String]
    }

    /// For how long a program may run, in nanoseconds.
    private let timeout: Int64
    /// Where programs are looked for, in this order.
    private let folders: [String]

    /// - Parameters:
    ///   - timeout: how long each program may take, in nanoseconds; a rule set of 50,000 rules takes a second or two.
    ///   - folders: where the programs are looked for, absolute paths.
    package init(timeout: Int64 = 30 * 1_000_000_000, folders: [String] = RulesReader.usualFolders) {
        self.timeout = timeout
        self.folders = folders.filter { $0.hasPrefix("/") }
    }

    /// Those of PATH, and the sbin folders even when PATH lacks them.
    package static var usualFolders: [String] {
        let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
        return path.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/usr/local/sbin"]
    }

    /// Reads all of them; what a program prints is passed on as it comes.
    ///
    /// - Parameters:
    ///   - piece: called for each piece of a program's text.
    ///   - notice: called for what could not be read.
    ///   - between: called about every tenth of a second while nothing comes.
    /// - Throws: what `piece` or `between` throws, after the program that runs has been stopped.
    package func read(
        _ moment: RulesPiece.Moment,
        piece: (RulesPiece) throws(SamplingStop) -> Void,
        notice: (Notice) -> Void,
        between: () throws(SamplingStop) -> Void
    ) throws(SamplingStop) {
        for source in sources() {
            let run = ChildProgram(arguments: source.arguments, timeout: timeout)
            let (ending, errors) = try run.run(
                piece: { (text: ArraySlice<UInt8>) throws(SamplingStop) in
                    try piece(
                        RulesPiece(program: source.program, moment: moment, text: Array(text), isLast: false)
                    )
                },
                between: between
            )
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

    /// Where a program is.
    private func installed(_ name: String) -> String? {
        for folder in folders {
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
        _ = run.run(
            piece: { (piece: ArraySlice<UInt8>) throws(Never) in text += piece },
            between: { () throws(Never) in }
        )
        return !String(decoding: text, as: UTF8.self).contains("nf_tables")
    }

    /// Seconds in words, with a fraction where there is one.
    private static func seconds(_ nanoseconds: Int64) -> String {
        nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000)" : "\(Double(nanoseconds) / 1e9)"
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
                "'\(command)' took longer than \(Self.seconds(timeout)) s and was stopped; what it printed is used"
        case .notStarted(let code): return "'\(command)' could not be started: \(systemMessage(code))"
        }
    }
}
