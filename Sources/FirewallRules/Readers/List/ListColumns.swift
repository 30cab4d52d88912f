import NetModel

/// Which columns a listing of `iptables -L` has; its header says so.
struct ListColumns {
    /// `-v`: packets, bytes and interfaces.
    var isVerbose = false
    /// `--line-numbers`
    var hasNumbers = false

    /// Nil where a line is no header.
    init?(_ text: Span<UInt8>, _ line: Range<Int>) {
        var words: [Range<Int>] = []
        var rest = line
        while words.count < 16 {
            let word = text.wordRange(in: rest)
            if word.isEmpty { break }
            words.append(word)
            rest = word.upperBound..<line.upperBound
        }
        guard let target = words.firstIndex(where: { text.equals("target", in: $0) }), target + 1 < words.count,
            text.equals("prot", in: words[target + 1])
        else { return nil }
        for word in words[..<target] {
            if text.equals("pkts", in: word) {
                isVerbose = true
            } else if text.equals("num", in: word) {
                hasNumbers = true
            } else if !text.equals("bytes", in: word) {
                return nil
            }
        }
    }
}

/// A line of a listing split into its columns.
struct ListRow {
    var counters: Counters?
    /// Empty where the rule has no target.
    var target: Range<Int>
    var transport: Range<Int>
    var options: Range<Int>?
    var inInterface: Range<Int>?
    var outInterface: Range<Int>?
    var source: Range<Int>
    var destination: Range<Int>
    /// All that follows the destination: what modules and the target say.
    var rest: Range<Int>
    /// Whether the counters are rounded, as without `-x`.
    var isRounded = false

    /// Nil where the columns are not there.
    init?(_ text: Span<UInt8>, _ line: Range<Int>, _ columns: ListColumns) {
        var words: [Range<Int>] = []
        var rest = line
        func next() -> Range<Int>? {
            let word = text.wordRange(in: rest)
            rest = word.upperBound..<line.upperBound
            return word.isEmpty ? nil : word
        }
        if columns.hasNumbers {
            guard let number = next(), text.number(number) != nil else { return nil }
        }
        if columns.isVerbose {
            guard let packets = next().flatMap({ ListCounter(text, $0) }),
                let bytes = next().flatMap({ ListCounter(text, $0) })
            else { return nil }
            counters = Counters(packets: packets.value, bytes: bytes.value)
            isRounded = packets.isRounded || bytes.isRounded
        }
        // A rule without a target leaves its column blank, and ip6tables before 1.8.9 left that of the options blank, so
        // that the words are counted from where the options or the addresses stand.
        let interfaces = columns.isVerbose ? 2 : 0
        var option: Int?
        var wanted = Int.max
        while words.count < wanted, let word = next() {
            words.append(word)
            let index = words.count - 1
            if option == nil, wanted == .max, index == 1 || index == 2, Self.isOptions(text, word) {
                option = index
                wanted = index + interfaces + 3
            } else if option == nil, wanted == .max, index >= interfaces + 1, Self.isAddress(text, word) {
                wanted = index + 2
            }
            if words.count > 7 { return nil }
        }
        guard wanted != .max, words.count == wanted else { return nil }
        let beforeInterfaces = wanted - 2 - interfaces - (option == nil ? 0 : 1)
        guard beforeInterfaces == 1 || beforeInterfaces == 2 else { return nil }
        target = beforeInterfaces == 2 ? words[0] : words[0].lowerBound..<words[0].lowerBound
        transport = words[beforeInterfaces - 1]
        options = option.map { words[$0] }
        if interfaces > 0 {
            inInterface = words[wanted - 4]
            outInterface = words[wanted - 3]
        }
        source = words[wanted - 2]
        destination = words[wanted - 1]
        self.rest = rest
    }

    /// Of fragments.
    private static func isOptions(_ text: Span<UInt8>, _ word: Range<Int>) -> Bool {
        text.equals("--", in: word) || text.equals("-f", in: word) || text.equals("!f", in: word)
    }

    private static func isAddress(_ text: Span<UInt8>, _ word: Range<Int>) -> Bool {
        let address = text[word.lowerBound] == UInt8(ascii: "!") ? word.dropFirst() : word
        return text.equals("anywhere", in: address) || text.prefix(address) != nil
            || text.contains("/", in: address) && IPAddress(text.extracting(text.head(address, before: "/"))) != nil
    }
}

/// A number of a listing, which without `-x` is rounded to a thousand, a million and so on.
struct ListCounter {
    var value: UInt64
    var isRounded: Bool

    init?(_ text: Span<UInt8>, _ word: Range<Int>) {
        guard let last = word.last else { return nil }
        let unit: UInt64
        switch text[last] {
        case UInt8(ascii: "K"): unit = 1_000
        case UInt8(ascii: "M"): unit = 1_000_000
        case UInt8(ascii: "G"): unit = 1_000_000_000
        case UInt8(ascii: "T"): unit = 1_000_000_000_000
        default: unit = 1
        }
        isRounded = unit > 1
        guard let number = text.number(isRounded ? word.dropLast() : word) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        value = product
    }
}

extension Span<UInt8> {
    /// The part of a range before the first such character, or all of it.
    func head(_ range: Range<Int>, before separator: Unicode.Scalar) -> Range<Int> {
        let end = index(of: UInt8(truncatingIfNeeded: separator.value), in: range) ?? range.upperBound
        return range.lowerBound..<end
    }
}
