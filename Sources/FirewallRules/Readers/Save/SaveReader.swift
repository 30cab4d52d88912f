import NetModel

/// Reads the text of `iptables-save` and `ip6tables-save`.
struct SaveReader {
    private(set) var tables: [RuleTable] = []
    private(set) var problems = RulesProblems()

    private let family: RuleFamily
    private var tokenizer = SaveTokenizer()
    /// Whether the last table waits for its COMMIT.
    private var isOpen = false
    /// The chains of the last table by name.
    private var chains: [String: Int] = [:]
    /// The chain of the last rule: rules of a chain stand together.
    private var last: (name: [UInt8], index: Int) = ([], 0)

    init(family: RuleFamily) {
        self.family = family
    }

    mutating func read(_ text: Span<UInt8>) {
        var rest = 0..<text.count
        var number = 0
        while let line = text.nextLine(&rest) {
            number += 1
            guard let first = line.first(where: { !text.isBlank(at: $0) }) else { continue }
            let content = first..<line.upperBound
            switch text[first] {
            case UInt8(ascii: "#"): continue
            case UInt8(ascii: "*"): beginTable(text, content)
            case UInt8(ascii: ":"): readChain(text, content, number)
            case UInt8(ascii: "["), UInt8(ascii: "-"):
                number += readRule(text, content, number, &rest)
            case UInt8(ascii: "C") where text.equals("COMMIT", in: text.wordRange(in: content)): isOpen = false
            default: problems.add(line: number, "not of iptables-save: \(PrintedText.quoted(text, content))")
            }
        }
        if isOpen, let name = tables.last?.name {
            problems.add(
                line: number, "the text ends within table \(PrintedText.escaped(name)), before its COMMIT")
        }
    }

    private mutating func beginTable(_ text: Span<UInt8>, _ line: Range<Int>) {
        let name = text.wordRange(in: line.dropFirst())
        tables.append(RuleTable(family: family, name: text.string(name)))
        chains.removeAll()
        last = ([], 0)
        isOpen = true
    }

    /// ":INPUT ACCEPT [12:34]", ":KUBE-SERVICES - [0:0]".
    private mutating func readChain(_ text: Span<UInt8>, _ line: Range<Int>, _ number: Int) {
        guard isOpen else { return problems.add(line: number, "a chain outside of a table") }
        let name = text.wordRange(in: line.dropFirst())
        let policy = text.wordRange(in: name.upperBound..<line.upperBound)
        guard !name.isEmpty, !policy.isEmpty else {
            return problems.add(line: number, "a chain without a policy: \(PrintedText.quoted(text, line))")
        }
        let index = chain(named: text.string(name))
        let hook = tables[tables.count - 1].chains[index].hook
        guard hook != nil else { return }
        switch text[policy.lowerBound] {
        case UInt8(ascii: "A") where text.equals("ACCEPT", in: policy):
            tables[tables.count - 1].chains[index].policy = .accept
        case UInt8(ascii: "D") where text.equals("DROP", in: policy):
            tables[tables.count - 1].chains[index].policy = .drop
        default: break
        }
        let counters = text.wordRange(in: policy.upperBound..<line.upperBound)
        guard !counters.isEmpty else { return }
        if let counted = Self.counters(text, counters) {
            tables[tables.count - 1].chains[index].policyCounters = counted
        } else {
            problems.add(line: number, "no counters of a policy: \(PrintedText.quoted(text, counters))")
        }
    }

    /// "[12:34] -A INPUT …", "-A INPUT … -c 12 34".
    ///
    /// - Returns: how many of the lines that follow belong to the rule: a comment may hold a newline, which iptables-save
    ///   prints as it is.
    private mutating func readRule(
        _ text: Span<UInt8>,
        _ line: Range<Int>,
        _ number: Int,
        _ following: inout Range<Int>
    ) -> Int {
        guard isOpen else {
            problems.add(line: number, "a rule outside of a table")
            return 0
        }
        if readRule(text, line, number) { return 0 }
        var whole = line
        var rest = following
        for lines in 1...Self.mostLinesOfRule {
            guard let next = text.nextLine(&rest), next.upperBound - line.lowerBound <= Self.longestOpenRule else {
                break
            }
            whole = line.lowerBound..<next.upperBound
            guard readRule(text, whole, number) else { continue }
            following = rest
            return lines
        }
        problems.add(line: number, "a quotation does not end: \(PrintedText.quoted(text, line))")
        return 0
    }

    /// A comment is of 255 bytes at most, each of which may be a newline.
    private static let mostLinesOfRule = 256
    private static let longestOpenRule = 4096

    /// False where a quotation does not end.
    private mutating func readRule(_ text: Span<UInt8>, _ line: Range<Int>, _ number: Int) -> Bool {
        let isCounted = text[line.lowerBound] == UInt8(ascii: "[")
        let word = isCounted ? text.wordRange(in: line) : line.lowerBound..<line.lowerBound
        guard tokenizer.split(text, word.upperBound..<line.upperBound) else { return false }
        let counters = isCounted ? Self.counters(text, word) : nil
        if isCounted, counters == nil { problems.add(line: number, "no counters: \(PrintedText.quoted(text, word))") }
        guard tokenizer.tokens.count >= 2,
            text.equals("-A", in: tokenizer.tokens[0].raw)
                || text.equals("--append", in: tokenizer.tokens[0].raw)
        else {
            problems.add(line: number, "not a rule: \(PrintedText.quoted(text, line))")
            return true
        }
        let index = chain(of: tokenizer.tokens[1], text)
        let table = tables.count - 1
        let place = tables[table].chains[index].rules.count + 1
        let read = SaveRule(tokenizer, from: 2, of: text, number: place)
        if read.hasBadCounters { problems.add(line: number, "the counters after -c are no numbers of 64 bits") }
        var rule = read.rule
        if let counters { rule.counters = counters }
        // A chain may have the name of a target that the program knows.
        if case .other(let name) = rule.target, !name.isEmpty, chains[name] != nil { rule.target = .jump(name) }
        tables[table].chains[index].rules.append(rule)
        return true
    }

    /// The index of the chain to which a rule is appended.
    private mutating func chain(of token: SaveToken, _ text: Span<UInt8>) -> Int {
        let isLast = tokenizer.withBytes(of: token, in: text) { bytes, range in
            guard range.count == last.name.count else { return false }
            for offset in 0..<range.count where bytes[range.lowerBound + offset] != last.name[offset] { return false }
            return true
        }
        if isLast, !last.name.isEmpty { return last.index }
        let name = tokenizer.string(token, of: text)
        let index = chain(named: name)
        last = (Array(name.utf8), index)
        return index
    }

    /// The index of a chain; one that the text did not name before, as in an excerpt, is made.
    private mutating func chain(named name: String) -> Int {
        if let index = chains[name] { return index }
        let table = tables.count - 1
        let index = tables[table].chains.count
        tables[table].chains.append(
            RuleChain(name: name, hook: ChainHook(builtIn: name, table: tables[table].name)))
        chains[name] = index
        return index
    }

    /// "[12:34]"; nil for anything else.
    private static func counters(_ text: Span<UInt8>, _ word: Range<Int>) -> Counters? {
        guard word.count >= 5, text[word.lowerBound] == UInt8(ascii: "["),
            text[word.upperBound - 1] == UInt8(ascii: "]"), let colon = text.index(of: UInt8(ascii: ":"), in: word),
            let packets = text.number(word.lowerBound + 1..<colon),
            let bytes = text.number(colon + 1..<word.upperBound - 1)
        else { return nil }
        return Counters(packets: packets, bytes: bytes)
    }
}
