import NetModel
import Testing

/// A second reading of a well-formed line, slow and plain: words are split, tuples are cut at `src=`, and each value is
/// looked up by its key. It shares nothing with the parser but the model.
struct ReferenceParser {
    private var words: [String] = []

    static func entry(_ line: String) throws -> ConntrackEntry {
        try ReferenceParser(line).entry()
    }

    /// Splits at blanks, except inside brackets.
    private init(_ line: String) {
        var word = ""
        var inBrackets = false
        for character in line {
            if character == "[" { inBrackets = true }
            if character == "]" { inBrackets = false }
            if !inBrackets, character == " " || character == "\t" {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        if !word.isEmpty { words.append(word) }
    }

    private func entry() throws -> ConntrackEntry {
        var rest = words[...]
        let flags = words.filter { $0.hasPrefix("[") }
        rest = rest.filter { !$0.hasPrefix("[") }[...]
        if rest.first == "ipv4" || rest.first == "ipv6" { rest = rest.dropFirst(2) }
        let transport = TransportProtocol(rawValue: try #require(UInt8(rest.dropFirst().first ?? "")))
        rest = rest.dropFirst(2)

        let fields = rest.filter { $0.contains("=") }.map {
            $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        }
        let loose = rest.filter { !$0.contains("=") }
        let starts = fields.indices.filter { fields[$0][0] == "src" }
        try #require(starts.count == 2)
        let first = Array(fields[starts[0]..<starts[1]])
        let second = Array(fields[starts[1]...])
        let identifiers = fields.filter { $0[0] == "id" }.map { $0[1] }
        let entryIdentifier = transport.isICMP ? identifiers.dropFirst(2).first : identifiers.first

        return ConntrackEntry(
            original: try tuple(first, transport),
            reply: try tuple(second, transport),
            event: flags.contains("[NEW]")
                ? .new : flags.contains("[UPDATE]") ? .update : flags.contains("[DESTROY]") ? .destroy : nil,
            state: ConntrackState.allCases.first { loose.contains($0.name) },
            status: status(flags),
            originalCounters: counters(first),
            replyCounters: counters(second),
            timeout: loose.first.flatMap { UInt32($0) },
            mark: value("mark", fields).flatMap { UInt32($0) },
            zone: ["zone", "zone-orig", "zone-reply"].compactMap { value($0, fields).flatMap { UInt16($0) } }.first
                ?? 0,
            id: entryIdentifier.flatMap { UInt32($0) },
            ageSeconds: value("delta-time", fields).flatMap { UInt32($0) },
            eventTime: flags.lazy.compactMap { eventTime($0) }.first
        )
    }

    private func value(_ key: String, _ fields: [[String]]) -> String? {
        fields.first { $0[0] == key }.map { $0[1] }
    }

    private func tuple(_ fields: [[String]], _ transport: TransportProtocol) throws -> Tuple {
        var ports: (UInt16, UInt16) = (0, 0)
        if transport.isICMP {
            let type = try #require(value("type", fields).flatMap { UInt8($0) })
            let code = try #require(value("code", fields).flatMap { UInt8($0) })
            ports = (try #require(value("id", fields).flatMap { UInt16($0) }), UInt16(type) * 256 + UInt16(code))
        } else if transport == .gre {
            ports = (
                try #require(value("srckey", fields).flatMap { UInt16($0.dropFirst(2), radix: 16) }),
                try #require(value("dstkey", fields).flatMap { UInt16($0.dropFirst(2), radix: 16) })
            )
        } else if let source = value("sport", fields) {
            ports = (try #require(UInt16(source)), try #require(value("dport", fields).flatMap { UInt16($0) }))
        }
        return Tuple(
            source: try #require(value("src", fields).flatMap { IPAddress($0) }),
            sourcePort: ports.0,
            destination: try #require(value("dst", fields).flatMap { IPAddress($0) }),
            destinationPort: ports.1,
            transport: transport
        )
    }

    private func counters(_ fields: [[String]]) -> Counters? {
        guard let packets = value("packets", fields).flatMap({ UInt64($0) }),
            let bytes = value("bytes", fields).flatMap({ UInt64($0) })
        else { return nil }
        return Counters(packets: packets, bytes: bytes)
    }

    private func status(_ flags: [String]) -> ConntrackStatus {
        var status: ConntrackStatus = flags.contains("[UNREPLIED]") ? [] : .seenReply
        if flags.contains("[ASSURED]") { status.insert(.assured) }
        if flags.contains("[OFFLOAD]") { status.insert(.offload) }
        if flags.contains("[HW_OFFLOAD]") { status.insert(.hardwareOffload) }
        return status
    }

    private func eventTime(_ flag: String) -> Timestamp? {
        let numbers = flag.dropFirst().dropLast().split(separator: ".").compactMap { Int64($0) }
        guard numbers.count == 2 else { return nil }
        return Timestamp(nanoseconds: numbers[0] * 1_000_000_000 + numbers[1] * 1000)
    }
}
