import NetModel

/// Reads the options of one rule, in whatever order they come.
///
/// `--syn` and `--tcp-flags` are conditions as written, like all that looks at a packet rather than a connection: whether
/// a connection's packets were dropped by such a rule, its tuple does not tell.
struct SaveRule {
    var rule: Rule
    /// Counters that are no numbers, or beyond 64 bits.
    private(set) var hasBadCounters = false

    private var index: Int
    /// The module whose options follow, where it is a condition by itself: its name stands at the beginning of `condition`.
    private var condition: Range<Int>?
    /// Whether the target was named: what is unknown after it belongs to it.
    private var isAfterTarget = false
    private var module: SaveModule?
    /// The parts of the text that are kept for printing, without comments and counters.
    private var kept: [Range<Int>] = []

    /// - Parameter first: the index of the first word after the chain's name.
    init(_ tokenizer: SaveTokenizer, from first: Int, of text: Span<UInt8>, number: Int) {
        rule = Rule(number: number, target: .other(""))
        index = first
        read(tokenizer, text)
        rule.text = self.text(of: text)
    }

    private mutating func read(_ tokenizer: SaveTokenizer, _ text: Span<UInt8>) {
        while index < tokenizer.tokens.count {
            let start = index
            var isNegated = false
            if isNegation(tokenizer, text) {
                isNegated = true
                index += 1
                guard index < tokenizer.tokens.count else { break }
            }
            let token = tokenizer.tokens[index]
            let option = token.isQuoted ? nil : SaveOption.table.meaning(text, token.raw)
            index += 1
            // Old versions write the exclamation mark after the option.
            if option != nil, !isNegated, option != .comment, isNegation(tokenizer, text),
                index + 1 < tokenizer.tokens.count
            {
                isNegated = true
                index += 1
            }
            let isRead = option.map { take($0, isNegated, tokenizer, text) } ?? false
            if !isRead {
                index = max(index, start + 1)
                takeUnknown(from: start, tokenizer, text)
            } else if option != .comment, option != .shortCounters, option != .counters, module != .comment {
                keep(start..<index, tokenizer)
            }
        }
        endCondition(text)
    }

    private func isNegation(_ tokenizer: SaveTokenizer, _ text: Span<UInt8>) -> Bool {
        guard index < tokenizer.tokens.count else { return false }
        let token = tokenizer.tokens[index]
        return token.raw.count == 1 && text[token.raw.lowerBound] == UInt8(ascii: "!")
    }

    // MARK: Options

    /// Takes an option with its values; false where they are not what it wants, or what it says cannot be held: then it
    /// stands as written.
    private mutating func take(
        _ option: SaveOption,
        _ isNegated: Bool,
        _ tokenizer: SaveTokenizer,
        _ text: Span<UInt8>
    ) -> Bool {
        if option == .ipv4 || option == .ipv6 { return true }
        guard index < tokenizer.tokens.count else { return false }
        let value = tokenizer.tokens[index]
        index += 1
        switch option {
        case .shortMatch, .match:
            takeModule(value, tokenizer, text)
            return true
        case .shortJump, .jump, .shortGoTo, .goTo:
            endCondition(text)
            rule.target = Self.target(
                named: tokenizer.string(value, of: text), isGoTo: option == .goTo || option == .shortGoTo)
            isAfterTarget = true
            module = nil
            return true
        case .shortCounters, .counters: return takeCounters(value, tokenizer, text)
        case .comment:
            guard module == .comment else { return false }
            rule.comments.append(tokenizer.string(value, of: text))
            return true
        case .rejectWith:
            rule.target = .verdict(.reject(with: tokenizer.string(value, of: text)))
            return true
        case .logPrefix, .nflogPrefix, .ulogPrefix:
            rule.logPrefix = tokenizer.string(value, of: text)
            return true
        case .matchSet, .oldMatchSet:
            guard module == .set else { return false }
            rule.match.sets.append(tokenizer.string(value, of: text))
            return false
        default:
            // An option that a module of another name has, too, is that module's.
            guard condition == nil || option.rawValue.utf8.count == 2 else { return false }
            endCondition(text)
            return tokenizer.withBytes(of: value, in: text) { takeValue(option, isNegated, $0, $1) }
        }
    }

    private mutating func takeValue(
        _ option: SaveOption,
        _ isNegated: Bool,
        _ text: Span<UInt8>,
        _ value: Range<Int>
    ) -> Bool {
        switch option {
        case .shortSource, .source, .src:
            guard let prefix = text.prefix(value) else { return false }
            return rule.match.setSource(.init([prefix], isNegated: isNegated))
        case .shortDestination, .destination, .dst:
            guard let prefix = text.prefix(value) else { return false }
            return rule.match.setDestination(.init([prefix], isNegated: isNegated))
        case .sourceRange:
            guard let prefixes = text.addressRange(value) else { return false }
            return rule.match.setSource(.init(prefixes, isNegated: isNegated))
        case .destinationRange:
            guard let prefixes = text.addressRange(value) else { return false }
            return rule.match.setDestination(.init(prefixes, isNegated: isNegated))
        case .shortProtocol, .proto, .longProtocol:
            // 0 stands for all of them.
            if text.equals("all", in: value) || text.equals("0", in: value) { return !isNegated }
            guard let transport = text.transport(value) else { return false }
            return rule.match.setTransport(.init([transport], isNegated: isNegated))
        case .shortInInterface, .inInterface:
            return rule.match.setInInterface((isNegated ? "!" : "") + text.string(value))
        case .shortOutInterface, .outInterface:
            return rule.match.setOutInterface((isNegated ? "!" : "") + text.string(value))
        case .sourcePort, .sourcePortLong, .sourcePorts, .sourcePortsLong:
            guard let ports = text.portList(value) else { return false }
            return rule.match.setSourcePorts(.init(ports, isNegated: isNegated))
        case .destinationPort, .destinationPortLong, .destinationPorts, .destinationPortsLong:
            guard let ports = text.portList(value) else { return false }
            return rule.match.setDestinationPorts(.init(ports, isNegated: isNegated))
        case .connectionStates, .states:
            guard let states = text.states(value) else { return false }
            return rule.match.setStates(states, areNegated: isNegated)
        default: return false
        }
    }

    private mutating func takeModule(_ name: SaveToken, _ tokenizer: SaveTokenizer, _ text: Span<UInt8>) {
        endCondition(text)
        isAfterTarget = false
        module = name.isQuoted ? nil : SaveModule.table.meaning(text, name.raw)
        if module == nil, index >= 2 {
            condition = tokenizer.tokens[index - 2].raw.lowerBound..<name.raw.upperBound
        }
    }

    private mutating func takeCounters(_ packets: SaveToken, _ tokenizer: SaveTokenizer, _ text: Span<UInt8>) -> Bool {
        guard index < tokenizer.tokens.count else { return false }
        let bytes = tokenizer.tokens[index]
        index += 1
        guard let packetCount = text.number(packets.raw), let byteCount = text.number(bytes.raw) else {
            hasBadCounters = true
            return true
        }
        rule.counters = Counters(packets: packetCount, bytes: byteCount)
        return true
    }

    // MARK: What is unknown

    /// Takes an option that is a condition as written, or belongs to the target, with all words up to the next option.
    private mutating func takeUnknown(from start: Int, _ tokenizer: SaveTokenizer, _ text: Span<UInt8>) {
        while index < tokenizer.tokens.count {
            let token = tokenizer.tokens[index]
            if !token.isQuoted, text[token.raw.lowerBound] == UInt8(ascii: "-"), token.raw.count > 1 { break }
            if isNegation(tokenizer, text) { break }
            index += 1
        }
        let tokens = tokenizer.tokens
        let range = tokens[start].raw.lowerBound..<tokens[index - 1].raw.upperBound
        keep(start..<index, tokenizer)
        if let begun = condition {
            condition = begun.lowerBound..<range.upperBound
        } else if !isAfterTarget {
            rule.match.others.append(PrintedText.string(text.extracting(range)))
        }
    }

    private mutating func endCondition(_ text: Span<UInt8>) {
        guard let range = condition else { return }
        rule.match.others.append(PrintedText.string(text.extracting(range)))
        condition = nil
    }

    // MARK: Text

    private mutating func keep(_ words: Range<Int>, _ tokenizer: SaveTokenizer) {
        guard !words.isEmpty, words.upperBound <= tokenizer.tokens.count else { return }
        let range =
            tokenizer.tokens[words.lowerBound].raw.lowerBound..<tokenizer.tokens[words.upperBound - 1].raw.upperBound
        if let last = kept.last, last.upperBound + 1 == range.lowerBound {
            kept[kept.count - 1] = last.lowerBound..<range.upperBound
        } else {
            kept.append(range)
        }
    }

    private func text(of text: Span<UInt8>) -> String {
        if kept.count == 1 { return PrintedText.string(text.extracting(kept[0])) }
        return kept.map { PrintedText.string(text.extracting($0)) }.joined(separator: " ")
    }

    /// What a target's name means, before it is known which chains there are.
    static func target(named name: String, isGoTo: Bool) -> RuleTarget {
        if isGoTo { return .goTo(name) }
        switch name {
        case "ACCEPT": return .verdict(.accept)
        case "DROP": return .verdict(.drop)
        case "REJECT": return .verdict(.reject(with: nil))
        case "RETURN": return .returns
        default: return !SaveTarget.extensions.contains(name) ? .jump(name) : .other(name)
        }
    }
}
