import NetModel

/// What a line says before the first tuple, in the order of printing: `[1795435411.205818]`, `[NEW]`, `ipv4 2`,
/// `tcp 6`, `120`. All but the protocol can be missing. The state comes next and is read with the fields.
struct LineHeader {
    var eventTime: Timestamp?
    var event: ConntrackEntry.Event?
    /// Whether the line says that its addresses are IPv4; nil where it does not say (the plain form).
    var isIPv4: Bool?
    var transport: TransportProtocol
    var timeout: UInt32?

    /// Reads the header of `line`; `position` ends before the first word after it.
    @inline(__always)
    init(_ line: Span<UInt8>, _ position: inout Int) throws(LineFailure) {
        if let usual = Self.usualTransport(line, &position) {
            isIPv4 = true
            transport = usual
            timeout = try Self.timeout(line, &position)
            line.skipBlanks(&position)
            return
        }
        line.skipBlanks(&position)
        if position < line.count, line[position] == UInt8(ascii: "[") {
            (eventTime, event) = try Self.eventFields(line, &position)
        }
        if let isIPv4 = Self.family(line, &position) {
            self.isIPv4 = isIPv4
            // The number is the family's (AF_INET, AF_INET6), which the name has told.
            let familyStart = position
            guard line.decimal(&position, limit: 255) != nil else {
                throw LineFailure(code: .notAnEntry, position: familyStart)
            }
            line.skipBlanks(&position)
        }
        let start = position
        // The name counts for nothing: /proc and conntrack(8) say "unknown" for most protocols.
        position = line.endOfWord(from: position)
        guard position > start else { throw LineFailure(code: .notAnEntry, position: start) }
        line.skipBlanks(&position)
        let numberStart = position
        guard position < line.count, line[position] &- UInt8(ascii: "0") <= 9 else {
            throw LineFailure(code: .notAnEntry, position: start)
        }
        guard let number = line.decimal(&position, limit: 255) else {
            throw LineFailure(code: .invalidProtocol, position: numberStart)
        }
        transport = TransportProtocol(rawValue: UInt8(truncatingIfNeeded: number))
        line.skipBlanks(&position)
        timeout = try Self.timeout(line, &position)
        line.skipBlanks(&position)
    }

    /// Reads `ipv4     2 tcp      6 ` or `ipv4     2 udp      17 ` at one go: nearly every line of a dump begins so. Nil,
    /// and `position` as it was, where something else stands.
    @inline(__always)
    private static func usualTransport(_ line: Span<UInt8>, _ position: inout Int) -> TransportProtocol? {
        // Three words, the first byte of each lowest: "ipv4    ", " 2 tcp  " or " 2 udp  ", and "    6 " or "    17 ".
        guard line.word(at: position) == 0x2020_2020_3476_7069, let name = line.word(at: position &+ 8),
            let number = line.word(at: position &+ 16)
        else { return nil }
        if name == 0x2020_7063_7420_3220, number & 0xFFFF_FFFF_FFFF == 0x2036_2020_2020 {
            position &+= 22
            return .tcp
        }
        if name == 0x2020_7064_7520_3220, number & 0xFF_FFFF_FFFF_FFFF == 0x20_3731_2020_2020 {
            position &+= 23
            return .udp
        }
        return nil
    }

    /// Reads `ipv4` or `ipv6` and the blanks after it: whether it is `ipv4`; nil where neither stands here.
    @inline(__always)
    private static func family(_ line: Span<UInt8>, _ position: inout Int) -> Bool? {
        let isIPv4: Bool
        // The bytes of "ipv4" and "ipv6", the first one lowest.
        switch UInt32(truncatingIfNeeded: line.paddedWord(at: position)) {
        case 0x3476_7069: isIPv4 = true
        case 0x3676_7069: isIPv4 = false
        default: return nil
        }
        guard line.isWordEnd(at: position &+ 4) else { return nil }
        position &+= 4
        line.skipBlanks(&position)
        return isIPv4
    }

    /// Seconds, absent in some events. Old kernels, with a timer for each entry, print a negative number for one that
    /// has expired and waits to be removed: zero here.
    @inline(__always)
    private static func timeout(_ line: Span<UInt8>, _ position: inout Int) throws(LineFailure) -> UInt32? {
        guard position < line.count else { return nil }
        let start = position
        let isNegative = line[position] == UInt8(ascii: "-")
        guard isNegative || line[position] &- UInt8(ascii: "0") <= 9 else { return nil }
        if isNegative { position &+= 1 }
        guard let seconds = line.decimal(&position, limit: UInt64(UInt32.max)) else {
            throw LineFailure(code: .invalidNumber, position: start)
        }
        return isNegative ? 0 : UInt32(truncatingIfNeeded: seconds)
    }

    /// The bracketed words that `conntrack -E` puts first: the time, with `-o timestamp`, and the kind.
    private static func eventFields(
        _ line: Span<UInt8>,
        _ position: inout Int
    ) throws(LineFailure) -> (Timestamp?, ConntrackEntry.Event?) {
        var time: Timestamp?
        var event: ConntrackEntry.Event?
        while position < line.count, line[position] == UInt8(ascii: "[") {
            if position + 1 < line.count, line[position + 1] &- UInt8(ascii: "0") <= 9 {
                time = try eventTime(line, &position)
            } else {
                switch try line.flag(&position) {
                case .new: event = .new
                case .update: event = .update
                case .destroy: event = .destroy
                default: break
                }
            }
            line.skipBlanks(&position)
        }
        return (time, event)
    }

    /// `[1795435411.205818]`: seconds and microseconds since 1970 UTC. Both are whole numbers: some versions of
    /// conntrack-tools print five microseconds as `.5     `, left-justified, not as `.000005`.
    private static func eventTime(_ line: Span<UInt8>, _ position: inout Int) throws(LineFailure) -> Timestamp {
        let start = position
        let failure = LineFailure(code: .invalidEventTime, position: start)
        position += 1
        guard let seconds = line.digits(&position), seconds < UInt64(Int64.max) / 1_000_000_000 else { throw failure }
        line.skipBlanks(&position)
        guard position < line.count, line[position] == UInt8(ascii: ".") else { throw failure }
        position += 1
        guard let microseconds = line.digits(&position), microseconds < 1_000_000 else { throw failure }
        line.skipBlanks(&position)
        guard position < line.count, line[position] == UInt8(ascii: "]") else { throw failure }
        position += 1
        return Timestamp(nanoseconds: Int64(seconds) * 1_000_000_000 + Int64(microseconds) * 1000)
    }
}

extension Span<UInt8> {
    /// Reads `[WORD]` at `position`; nil for a word that means nothing to an entry, such as `[start=Mon Nov 23 …]`.
    @inline(__always)
    func flag(_ position: inout Int) throws(LineFailure) -> Vocabulary.Flag? {
        let start = position
        position &+= 1
        var word = PackedWord()
        if let bytes = self.word(at: position) {
            // "ASSURED]", the first byte lowest: nearly every flag is this one.
            if bytes == 0x5D44_4552_5553_5341 {
                position &+= 8
                return .assured
            }
            let end = WordBytes.find(UInt8(ascii: "]"), in: bytes)
            let length = end == 0 ? 8 : WordBytes.index(end)
            word = PackedWord(bytes, length: length)
            position &+= length
        }
        while position < count {
            let byte = self[position]
            position &+= 1
            if byte == UInt8(ascii: "]") { return Vocabulary.flags(word) }
            word.append(byte)
        }
        throw LineFailure(code: .unclosedBracket, position: start)
    }
}
