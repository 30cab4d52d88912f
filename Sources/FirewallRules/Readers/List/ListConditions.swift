import NetModel

/// Reads what a line of `iptables -L` says after the addresses: each module of a rule and its target print there in
/// words of their own (iptables' extensions/libxt_*.c).
struct ListConditions {
    var rule: Rule
    var isGoTo = false

    private var rest: Range<Int>
    /// Words that mean nothing here, up to the next that do.
    private var unknown: Range<Int>?
    /// What of the line is kept for printing: all but comments.
    private var kept: [String] = []
    private let targetName: String

    init(_ text: Span<UInt8>, _ row: ListRow, rule: Rule, targetName: String) {
        self.rule = rule
        self.targetName = targetName
        rest = row.rest
        while readNext(text) {}
        endUnknown(text)
        if !kept.isEmpty { self.rule.text += (self.rule.text.isEmpty ? "" : " ") + kept.joined(separator: " ") }
    }

    private mutating func next(_ text: Span<UInt8>) -> Range<Int>? {
        let word = text.wordRange(in: rest)
        guard !word.isEmpty else { return nil }
        rest = word.upperBound..<rest.upperBound
        return word
    }

    /// Reads one condition; false at the end of the line.
    private mutating func readNext(_ text: Span<UInt8>) -> Bool {
        let before = rest
        guard var word = next(text) else { return false }
        let start = word.lowerBound
        if text.equals("/*", in: word) {
            endUnknown(text)
            readComment(text, from: word.upperBound)
            return true
        }
        var isNegated = false
        if text.equals("!", in: word), let following = next(text) {
            isNegated = true
            word = following
        }
        let others = rule.match.others.count
        let earlier = unknown
        unknown = nil
        if take(text, word, isNegated) {
            let end = rest.lowerBound
            // What stood before it is a condition of its own, and comes first.
            if let earlier {
                let taken = Array(rule.match.others[others...])
                rule.match.others.removeSubrange(others...)
                unknown = earlier
                endUnknown(text)
                rule.match.others += taken
            }
            kept.append(PrintedText.string(text.extracting(start..<end)))
        } else {
            unknown = (earlier?.lowerBound ?? start)..<word.upperBound
            rest = word.upperBound..<before.upperBound
        }
        return true
    }

    private mutating func endUnknown(_ text: Span<UInt8>) {
        guard let range = unknown else { return }
        unknown = nil
        let words = PrintedText.string(text.extracting(range))
        kept.append(words)
        if !isOfTarget(words) { rule.match.others.append(words) }
    }

    /// Whether words are the target's rather than a condition's: most targets say their own name, others have words.
    private func isOfTarget(_ words: String) -> Bool {
        guard case .other(let name) = rule.target, !name.isEmpty else { return false }
        return ["\(name) ", "to:", "redir ", "nflog-", "ulog-", "random", "persistent"].contains { words.hasPrefix($0) }
            || words == name
    }

    /// The comment ends at the first `*/` that is a word: the program does not escape one within.
    private mutating func readComment(_ text: Span<UInt8>, from start: Int) {
        var end = start
        while end < rest.upperBound {
            if text.begins(with: " */", in: end..<rest.upperBound),
                end + 3 >= rest.upperBound || text.isBlank(at: end + 3)
            {
                break
            }
            end += 1
        }
        rule.comments.append(text.string(Swift.min(start + 1, end)..<end))
        rest = Swift.min(end + 3, rest.upperBound)..<rest.upperBound
    }

    /// Takes what a word begins; false where it, or what follows it, is not known.
    private mutating func take(_ text: Span<UInt8>, _ word: Range<Int>, _ isNegated: Bool) -> Bool {
        guard let known = ListWord.table.meaning(text, text.head(word, before: ":")) else { return false }
        switch known {
        case .tcp, .udp, .sctp, .dccp, .udplite: return !isNegated
        case .goTo:
            isGoTo = true
            return true
        case .ctstate, .state:
            guard let value = next(text), let states = text.states(value) else { return false }
            return rule.match.setStates(states, areNegated: isNegated)
        case .dpt, .dpts, .spt, .spts: return takePorts(text, word, isDestination: known == .dpt || known == .dpts)
        case .multiport: return takeMultiport(text)
        case .source, .destination: return takeRange(text, isSource: known == .source)
        case .matchSet:
            guard let name = next(text), next(text) != nil else { return false }
            rule.match.sets.append(text.string(name))
            rule.match.others.append(
                (isNegated ? "! " : "")
                    + PrintedText.string(text.extracting(word.lowerBound..<rest.lowerBound)))
            return true
        case .rejectWith:
            guard let value = next(text), case .verdict(.reject) = rule.target else { return false }
            rule.target = .verdict(.reject(with: text.string(value)))
            return true
        case .nflogPrefix, .ulogPrefix, .prefix:
            guard case .other = rule.target, known != .prefix || targetName == "LOG" else { return false }
            return takePrefix(text)
        }
    }

    /// "dpt:80", "spts:1024:65535", "dpt:!22".
    private mutating func takePorts(_ text: Span<UInt8>, _ word: Range<Int>, isDestination: Bool) -> Bool {
        guard let colon = text.index(of: UInt8(ascii: ":"), in: word) else { return false }
        return setPorts(text, colon + 1..<word.upperBound, isDestination: isDestination)
    }

    /// "multiport dports 80,443", "multiport sports  !53".
    private mutating func takeMultiport(_ text: Span<UInt8>) -> Bool {
        guard let kind = next(text), let value = next(text) else { return false }
        if text.equals("dports", in: kind) { return setPorts(text, value, isDestination: true) }
        return text.equals("sports", in: kind) && setPorts(text, value, isDestination: false)
    }

    private mutating func setPorts(_ text: Span<UInt8>, _ value: Range<Int>, isDestination: Bool) -> Bool {
        let isNegated = text.begins(with: "!", in: value)
        guard let ports = text.portList(isNegated ? value.dropFirst() : value) else { return false }
        let either = RuleMatch.Either(ports, isNegated: isNegated)
        return isDestination ? rule.match.setDestinationPorts(either) : rule.match.setSourcePorts(either)
    }

    /// "source IP range 10.0.0.1-10.0.0.9", "destination IP range ! …".
    private mutating func takeRange(_ text: Span<UInt8>, isSource: Bool) -> Bool {
        guard let second = next(text), text.equals("IP", in: second), let third = next(text),
            text.equals("range", in: third), var value = next(text)
        else { return false }
        var isNegated = false
        if text.equals("!", in: value), let following = next(text) {
            isNegated = true
            value = following
        }
        guard let prefixes = text.addressRange(value) else { return false }
        let either = RuleMatch.Either(prefixes, isNegated: isNegated)
        return isSource ? rule.match.setSource(either) : rule.match.setDestination(either)
    }

    /// A text in quotes, or a word: `LOG flags 0 level 4 prefix "dropped: "`.
    private mutating func takePrefix(_ text: Span<UInt8>) -> Bool {
        guard let word = next(text) else { return false }
        guard text[word.lowerBound] == UInt8(ascii: "\"") else {
            rule.logPrefix = text.string(word)
            return true
        }
        let quoted = word.lowerBound + 1..<rest.upperBound
        guard let end = text.index(of: UInt8(ascii: "\""), in: quoted) else { return false }
        rule.logPrefix = text.string(quoted.lowerBound..<end)
        rest = end + 1..<rest.upperBound
        return true
    }
}

/// Words of a listing that begin a condition which is read.
private enum ListWord: String, CaseIterable, Sendable {
    case tcp, udp, sctp, dccp, udplite, multiport, ctstate, state, dpt, dpts, spt, spts, source, destination, prefix
    case goTo = "[goto]"
    case matchSet = "match-set"
    case rejectWith = "reject-with"
    case nflogPrefix = "nflog-prefix"
    case ulogPrefix = "ulog-prefix"

    static let table = WordTable<ListWord>()
}
