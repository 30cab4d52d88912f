package import NetModel

/// One line of conntrack's text: of `/proc/net/nf_conntrack`, `conntrack -L` or `conntrack -E`
/// (ct_seq_show in the kernel's nf_conntrack_standalone.c; nfct_snprintf in libnetfilter_conntrack).
///
/// What is not read, because the text does not hold it unambiguously: `[start=Mon Nov 23 12:04:00 2026]` and `[stop=…]`
/// are in the local time of the machine that ran conntrack, without its zone, so `start` and `stop` stay nil.
/// `delta-time` does not depend on a zone and is the entry's age.
package enum ConntrackLine {
    /// Reads the entry that `line` holds; `line` is without its newline, a carriage return at its end is not minded.
    package static func parse(_ line: Span<UInt8>) throws(ConntrackTextError) -> ConntrackEntry {
        let text = line.extracting(first: line.lengthWithoutCarriageReturn)
        do throws(LineFailure) {
            return try entry(text)
        } catch {
            throw error.error(in: text)
        }
    }

    /// The same for a line without a carriage return at its end.
    static func entry(_ line: Span<UInt8>) throws(LineFailure) -> ConntrackEntry {
        var position = 0
        let header = try LineHeader(line, &position)
        var status: ConntrackStatus = .seenReply
        var state: ConntrackState?
        var mark: UInt32?
        var zone: UInt16 = 0
        var id: UInt32?
        var age: UInt32?
        var original: DirectionFields?
        // The direction that is being read: the original one, until the second `src=` begins the reply.
        var fields = DirectionFields(transport: header.transport)

        while true {
            line.skipBlanks(&position)
            guard position < line.count else { break }
            let start = position
            if line[position] == UInt8(ascii: "[") {
                switch try line.flag(&position) {
                case .unreplied: status.remove(.seenReply)
                case .assured: status.insert(.assured)
                case .offload: status.insert(.offload)
                case .hardwareOffload: status.insert(.hardwareOffload)
                case .new, .update, .destroy, nil: break
                }
                continue
            }

            if fields.isUntouched || (original == nil && fields.hasSource),
                let usual = DirectionFields.usual(line, &position, transport: header.transport)
            {
                if fields.hasSource { original = fields }
                fields = usual
                continue
            }
            let token = Token(line, &position)
            if case .word(let word) = token {
                // The state stands before the tuples. After them a word can be the rest of a label with a blank in it.
                if !fields.hasSource, original == nil {
                    if let known = Vocabulary.states(word) { state = known }
                } else if original == nil || !fields.hasAddresses {
                    throw LineFailure(code: .unexpectedWord, position: start)
                }
                continue
            }

            switch token.key {
            case nil, .use:
                position = line.endOfWord(from: position)
            case .mark:
                mark = try line.number(&position, start, .invalidNumber)
            case .zone:
                zone = try line.number(&position, start, .invalidZone)
            case .deltaTime:
                // libnetfilter_conntrack prints the difference of two clocks as it is; one that was set back makes it
                // negative, printed unsigned. That is no age.
                let seconds: UInt64 = try line.number(&position, start, .invalidNumber)
                age = UInt32(exactly: seconds)
            case .identifier where !fields.awaitsICMPIdentifier:
                id = try line.number(&position, start, .invalidNumber)
            case .icmpType where !header.transport.isICMP, .icmpCode where !header.transport.isICMP:
                // Of another protocol it would be a field that is not known yet; it shares its place with the port.
                position = line.endOfWord(from: position)
            case .source where fields.hasSource && original == nil:
                original = fields
                fields = DirectionFields(transport: header.transport)
                try fields.read(.source, in: line, at: &position, wordStart: start)
            case .some(let key):
                try fields.read(key, in: line, at: &position, wordStart: start)
            }
        }

        guard let original, original.isComplete, fields.isComplete else { throw .incomplete(line) }
        let isIPv4 = header.isIPv4 ?? original.tuple.source.isIPv4
        guard original.isOfFamily(isIPv4: isIPv4), fields.isOfFamily(isIPv4: isIPv4) else {
            throw LineFailure(code: .mixedFamilies, position: 0)
        }
        return ConntrackEntry(
            original: original.tuple,
            reply: fields.tuple,
            event: header.event,
            state: state,
            status: status,
            originalCounters: original.counters,
            replyCounters: fields.counters,
            timeout: header.timeout,
            mark: mark,
            zone: zone,
            id: id,
            ageSeconds: age,
            eventTime: header.eventTime
        )
    }
}
