import CollectorProtocol
import TestSupport
import Testing

/// What a rule of a packet filter has counted.
struct RuleCounter: Equatable {
    var packets: Int
    var bytes: Int

    static func - (_ later: RuleCounter, _ earlier: RuleCounter) -> RuleCounter {
        RuleCounter(packets: later.packets - earlier.packets, bytes: later.bytes - earlier.bytes)
    }
}

/// The rules that a collector read at both ends of its window.
struct CollectedRules {
    private var texts: [RulesPiece.Program: [RulesPiece.Moment: [UInt8]]] = [:]

    /// - Parameter frames: all that `netviz-collector window` wrote.
    init(_ frames: [UInt8]) throws {
        var reader = FrameStreamReader()
        var texts: [RulesPiece.Program: [RulesPiece.Moment: [UInt8]]] = [:]
        try reader.read(frames.span) { message in
            guard case .rules(let piece) = message else { return }
            texts[piece.program, default: [:]][piece.moment, default: []] += piece.text
        }
        try reader.finish()
        #expect(reader.isComplete)
        self.texts = texts
    }

    /// What a rule of `iptables-save -c` counted within the window: `[4:240] -A INPUT … -j DROP`.
    func saved(_ program: RulesPiece.Program, containing part: String) throws -> RuleCounter {
        try at(.end, program, part) - at(.begin, program, part)
    }

    private func at(_ moment: RulesPiece.Moment, _ program: RulesPiece.Program, _ part: String) throws -> RuleCounter {
        let text = String(decoding: try #require(texts[program]?[moment]), as: UTF8.self)
        let found = lines(of: text, containing: part)
        let line = try #require(found.count == 1 ? found.first : nil, "\(found.count) rules have '\(part)'")
        let numbers = line.dropFirst().prefix { $0 != "]" }.split(separator: ":").compactMap { Int($0) }
        try #require(numbers.count == 2)
        return RuleCounter(packets: numbers[0], bytes: numbers[1])
    }

    /// What the dropping rule of a TCP port counted within the window, by nftables.
    func dropped(port: Int) throws -> RuleCounter {
        func counter(_ moment: RulesPiece.Moment) throws -> RuleCounter {
            let rules = NFTRules(try JSONValue(parsing: #require(texts[.nftListRuleset]?[moment])))
            return try #require(rules.counters(port: port).first)
        }
        return try counter(.end) - counter(.begin)
    }
}

/// What `nft -j list ruleset` printed.
struct NFTRules {
    private let rules: [[JSONValue]]

    init(_ document: JSONValue) {
        rules = (document["nftables"]?.array ?? []).compactMap { $0["rule"]?["expr"]?.array }
    }

    /// The counters of the rules on a destination port.
    /// - Parameter family: of a rule that is of one family, as nft calls it.
    func counters(port: Int, family: String? = nil) -> [RuleCounter] {
        rules.compactMap { expressions in
            let matched = expressions.compactMap { $0["match"]?["right"] }
            guard matched.contains(.number(String(port))) else { return nil }
            if let family, !matched.contains(.string(family)) { return nil }
            let counter = expressions.compactMap { $0["counter"] }.first
            guard let packets = counter?["packets"]?.integer, let bytes = counter?["bytes"]?.integer else { return nil }
            return RuleCounter(packets: packets, bytes: bytes)
        }
    }
}
