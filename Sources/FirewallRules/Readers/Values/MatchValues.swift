import NetModel

// The values of conditions as programs print them.

extension Span<UInt8> {
    /// The protocol that a range names, or gives as its number; nil for another name.
    func transport(_ range: Range<Int>) -> TransportProtocol? {
        if let name = ProtocolName.table.meaning(self, range) { return TransportProtocol(rawValue: name.number) }
        return number(range).flatMap(UInt8.init(exactly:)).map(TransportProtocol.init(rawValue:))
    }

    /// An address alone, with a length, or with a mask whose ones are all at its beginning; nil for anything else.
    func prefix(_ range: Range<Int>) -> IPPrefix? {
        guard let slash = index(of: UInt8(ascii: "/"), in: range) else {
            guard let address = IPAddress(extracting(range)) else { return nil }
            return IPPrefix(address, length: address.bitWidth)
        }
        guard let address = IPAddress(extracting(range.lowerBound..<slash)) else { return nil }
        let width = address.bitWidth
        let rest = slash + 1..<range.upperBound
        if let length = number(rest) {
            return length <= width ? IPPrefix(address, length: Int(length)) : nil
        }
        guard let mask = IPAddress(extracting(rest)), mask.bitWidth == width else { return nil }
        let length =
            address.isIPv4
            ? (~mask.ipv4Bits).leadingZeroBitCount
            : mask.high == .max ? 64 + (~mask.low).leadingZeroBitCount : (~mask.high).leadingZeroBitCount
        let ones = IPPrefix(
            address.isIPv4 ? IPAddress(ipv4: .max) : IPAddress(high: .max, low: .max), length: length)
        return ones.network == mask ? IPPrefix(address, length: length) : nil
    }

    /// A port, or two with `separator` between them, of which the first is not above the second; one that is missing
    /// stands for the first or last port there is.
    func ports(_ range: Range<Int>, separator: UInt8) -> ClosedRange<UInt16>? {
        guard let middle = index(of: separator, in: range) else {
            guard let port = number(range).flatMap(UInt16.init(exactly:)) else { return nil }
            return port...port
        }
        let first = range.lowerBound..<middle
        let last = middle + 1..<range.upperBound
        guard let low = first.isEmpty ? 0 : number(first).flatMap(UInt16.init(exactly:)),
            let high = last.isEmpty ? .max : number(last).flatMap(UInt16.init(exactly:)), low <= high
        else { return nil }
        return low...high
    }

    /// Ports and ranges of ports, `80,443,1000:2000`.
    func portList(_ range: Range<Int>) -> [ClosedRange<UInt16>]? {
        var list: [ClosedRange<UInt16>] = []
        let isList = forEachPart(of: range, separator: UInt8(ascii: ",")) { part in
            guard let ports = ports(part, separator: UInt8(ascii: ":")) else { return false }
            list.append(ports)
            return true
        }
        return isList ? list : nil
    }

    /// Connection states with commas between, in any case; nil where one is unknown.
    func states(_ range: Range<Int>) -> RuleMatch.States? {
        var states: RuleMatch.States = []
        let isList = forEachPart(of: range, separator: UInt8(ascii: ",")) { part in
            guard let state = stateNames.meaning(self, part) else { return false }
            states.insert(state)
            return true
        }
        return isList ? states : nil
    }

    /// Two addresses with a hyphen between, as the prefixes that hold the addresses from one to the other.
    func addressRange(_ range: Range<Int>) -> [IPPrefix]? {
        guard let middle = index(of: UInt8(ascii: "-"), in: range),
            let first = IPAddress(extracting(range.lowerBound..<middle)),
            let last = IPAddress(extracting(middle + 1..<range.upperBound))
        else { return nil }
        return IPPrefix.prefixes(from: first, to: last)
    }
}

/// Names of connection states: of `--ctstate` and `--state` in capitals, of nft's `ct state` and `ct status` in small
/// letters.
private let stateNames: WordTable<RuleMatch.States> = {
    let names: [(String, RuleMatch.States)] = [
        ("invalid", .invalid), ("new", .new), ("established", .established), ("related", .related),
        ("untracked", .untracked), ("dnat", .dnat), ("snat", .snat),
    ]
    return WordTable(names + names.map { ($0.0.uppercased(), $0.1) })
}()

extension IPPrefix {
    /// The fewest prefixes that together hold the addresses from `first` to `last`, in order: at most 62 for IPv4, 254
    /// for IPv6. Nil where they are not of one family, or in the wrong order.
    static func prefixes(from first: IPAddress, to last: IPAddress) -> [IPPrefix]? {
        guard first.isIPv4 == last.isIPv4, first <= last else { return nil }
        let width = first.bitWidth
        let end = UInt128(last.high) << 64 | UInt128(last.low)
        var start = UInt128(first.high) << 64 | UInt128(first.low)
        var prefixes: [IPPrefix] = []
        while true {
            // As many trailing zeros as the beginning has, less where that passes the end.
            var bits = min(start.trailingZeroBitCount, width)
            while bits > 0, end - start < (UInt128(1) << UInt128(bits)) &- 1 { bits -= 1 }
            let address = IPAddress(
                high: UInt64(truncatingIfNeeded: start >> 64), low: UInt64(truncatingIfNeeded: start))
            prefixes.append(IPPrefix(address, length: width - bits))
            // 2^128 is zero, and so is what lies below it then.
            let lastOfPrefix = bits == 128 ? UInt128.max : start + ((UInt128(1) << UInt128(bits)) - 1)
            guard lastOfPrefix < end else { return prefixes }
            start = lastOfPrefix + 1
        }
    }
}

extension RuleMatch {
    // Each is false where the field is told already by another condition of the rule, which then has to stand elsewhere.

    mutating func setSource(_ values: Either<IPPrefix>) -> Bool { Self.set(&source, values) }
    mutating func setDestination(_ values: Either<IPPrefix>) -> Bool { Self.set(&destination, values) }
    mutating func setSourcePorts(_ values: Either<ClosedRange<UInt16>>) -> Bool { Self.set(&sourcePorts, values) }
    mutating func setDestinationPorts(_ values: Either<ClosedRange<UInt16>>) -> Bool {
        Self.set(&destinationPorts, values)
    }
    mutating func setInInterface(_ name: String) -> Bool { Self.set(&inInterface, name) }
    mutating func setOutInterface(_ name: String) -> Bool { Self.set(&outInterface, name) }

    mutating func setTransport(_ values: Either<TransportProtocol>) -> Bool {
        // `-p tcp` stands beside `-m tcp`, and `meta l4proto tcp` beside `tcp dport 80`.
        transport == values || Self.set(&transport, values)
    }

    mutating func setStates(_ values: States, areNegated: Bool) -> Bool {
        guard states == nil else { return false }
        states = values
        statesAreNegated = areNegated
        return true
    }

    private static func set<Value>(_ field: inout Value?, _ value: Value) -> Bool {
        guard field == nil else { return false }
        field = value
        return true
    }
}
