import NetModel

/// Reads the text of `iptables -L -n -v -x` and `ip6tables -L -n -v -x`, with fewer of these options, too.
///
/// The listing does not say of which table it is, and has no names of modules: what a rule's text says is put together
/// from the columns, and what follows them is as printed.
struct ListReader {
    private(set) var tables: [RuleTable] = []
    private(set) var problems = RulesProblems()

    private let family: RuleFamily?
    private var columns: ListColumns?
    private var chains: [RuleChain] = []
    private var hasIPv6 = false
    private var hasChains = false
    private var saidRounded = false

    init(family: RuleFamily?) {
        self.family = family
    }

    mutating func read(_ text: Span<UInt8>) {
        var rest = 0..<text.count
        var number = 0
        while let line = text.nextLine(&rest) {
            number += 1
            if text.isBlank(line) || text.begins(with: "# Warning", in: line) { continue }
            if text.begins(with: "Chain ", in: line) {
                if !readChain(text, line, number) {
                    problems.add(line: number, "not the beginning of a chain: \(PrintedText.quoted(text, line))")
                }
            } else if let found = ListColumns(text, line) {
                columns = found
            } else {
                readRule(text, line, number)
            }
        }
        guard !chains.isEmpty else { return }
        resolveJumps()
        tables = [RuleTable(family: family ?? (hasIPv6 ? .ipv6 : .ipv4), name: nil, chains: chains)]
    }

    /// "Chain INPUT (policy ACCEPT 12 packets, 34 bytes)", "Chain KUBE-SERVICES (2 references)".
    private mutating func readChain(_ text: Span<UInt8>, _ line: Range<Int>, _ number: Int) -> Bool {
        let rest = line.dropFirst(6)
        guard let open = rest.last(where: { text[$0] == UInt8(ascii: "(") }), open > rest.lowerBound + 1 else {
            return false
        }
        let name = text.string(rest.lowerBound..<open - 1)
        var words = (open + 1..<line.upperBound)
        func next() -> Range<Int> {
            let word = text.wordRange(in: words)
            words = word.upperBound..<words.upperBound
            return word
        }
        var chain = RuleChain(name: name)
        if text.equals("policy", in: next()) {
            // A listing is of any table; where it is of nat or mangle, the hook's priority is another.
            chain.hook = ChainHook(builtIn: name, table: nil)
            let policy = next()
            if text.begins(with: "ACCEPT", in: policy) {
                chain.policy = .accept
            } else if text.begins(with: "DROP", in: policy) {
                chain.policy = .drop
            }
            if let packets = ListCounter(text, next()), text.equals("packets,", in: next()),
                let bytes = ListCounter(text, next())
            {
                chain.policyCounters = Counters(packets: packets.value, bytes: bytes.value)
                if packets.isRounded || bytes.isRounded { sayRounded(number) }
            }
        }
        chains.append(chain)
        columns = nil
        return true
    }

    private mutating func readRule(_ text: Span<UInt8>, _ line: Range<Int>, _ number: Int) {
        guard !chains.isEmpty, let columns, let row = ListRow(text, line, columns) else {
            return problems.add(line: number, "not a line of iptables -L: \(PrintedText.quoted(text, line))")
        }
        if row.isRounded { sayRounded(number) }
        let place = chains[chains.count - 1].rules.count + 1
        let targetName = text.string(row.target)
        var rule = Rule(number: place, counters: row.counters, target: .other(""))
        rule.target = Self.target(named: targetName)
        readColumns(text, row, &rule)
        let conditions = ListConditions(text, row, rule: rule, targetName: targetName)
        rule = conditions.rule
        if conditions.isGoTo { rule.target = .goTo(targetName) }
        if !targetName.isEmpty {
            rule.text +=
                (rule.text.isEmpty ? "" : " ") + (conditions.isGoTo ? "-g " : "-j ")
                + PrintedText.escaped(targetName)
        }
        chains[chains.count - 1].rules.append(rule)
    }

    /// The columns from the protocol to the destination, and their text as `iptables-save` writes it.
    private mutating func readColumns(_ text: Span<UInt8>, _ row: ListRow, _ rule: inout Rule) {
        var words: [String] = []
        func option(_ name: String, _ column: Range<Int>) -> (value: Range<Int>, isNegated: Bool, text: String) {
            let isNegated = text.begins(with: "!", in: column)
            let value = isNegated ? column.dropFirst() : column
            let words = "\(isNegated ? "! " : "")\(name) \(PrintedText.string(text.extracting(value)))"
            return (value, isNegated, words)
        }
        for (name, column, isSource) in [("-s", row.source, true), ("-d", row.destination, false)] {
            let (value, isNegated, words_) = option(name, column)
            let prefix = text.prefix(value)
            if let prefix, !prefix.network.isIPv4 { hasIPv6 = true }
            if !isNegated, text.equals("anywhere", in: value) || prefix?.length == 0 { continue }
            words.append(words_)
            guard let prefix else {
                rule.match.others.append(words_)
                continue
            }
            let either = RuleMatch.Either([prefix], isNegated: isNegated)
            _ = isSource ? rule.match.setSource(either) : rule.match.setDestination(either)
        }
        for (name, column, isIn) in [("-i", row.inInterface, true), ("-o", row.outInterface, false)] {
            guard let column, !text.equals("*", in: column), !text.equals("any", in: column) else { continue }
            words.append(option(name, column).text)
            _ = isIn ? rule.match.setInInterface(text.string(column)) : rule.match.setOutInterface(text.string(column))
        }
        let (value, isNegated, transportWords) = option("-p", row.transport)
        if isNegated || !text.equals("0", in: value) && !text.equals("all", in: value) {
            words.append(transportWords)
            if let transport = text.transport(value) {
                _ = rule.match.setTransport(.init([transport], isNegated: isNegated))
            } else {
                rule.match.others.append(transportWords)
            }
        }
        if let options = row.options, !text.equals("--", in: options) {
            let fragments = text.begins(with: "!", in: options) ? "! -f" : "-f"
            words.append(fragments)
            rule.match.others.append(fragments)
        }
        rule.text = words.joined(separator: " ")
    }

    /// The target before it is known which chains there are.
    private static func target(named name: String) -> RuleTarget {
        let target = SaveRule.target(named: name, isGoTo: false)
        if case .jump(let name) = target { return .other(name) }
        return target
    }

    /// Targets that are chains: those listed here, and those whose name no target has that the program knows.
    private mutating func resolveJumps() {
        let names = Set(chains.map(\.name))
        for chain in chains.indices {
            for rule in chains[chain].rules.indices {
                guard case .other(let name) = chains[chain].rules[rule].target, !name.isEmpty,
                    names.contains(name) || !SaveTarget.extensions.contains(name)
                else { continue }
                chains[chain].rules[rule].target = .jump(name)
            }
        }
    }

    private mutating func sayRounded(_ line: Int) {
        guard !saidRounded else { return }
        saidRounded = true
        problems.add(line: line, "large counters are rounded to thousands or millions; iptables -x prints them exactly")
    }
}
