import NetModel

/// Reads the statements of one rule in their order.
struct NFTStatements {
    /// A lookup of a packet in a set or verdict map with a name.
    struct Lookup {
        var name: String
        var key: NFTKey
        /// As written, for where the elements cannot tell whether it holds.
        var text: String
    }

    private(set) var match: NFTMatch
    private(set) var target = RuleTarget.other("")
    private(set) var counters: Counters?
    /// The name of the counter object that counts the rule's packets.
    private(set) var counterName: String?
    private(set) var logPrefix: String?
    /// Lookups of which the elements may tell whether they hold.
    private(set) var lookups: [Lookup] = []
    /// The node of a verdict map without a name, and its key.
    private(set) var inlineMap: (data: Int, key: NFTKey)?
    /// Whether a verdict was read: what follows is not reached.
    private var isDecided = false

    init(family: RuleFamily) {
        match = NFTMatch(family: family)
    }

    /// Reads a statement and appends its words to `text`, unless it counts.
    mutating func read(_ nodes: NFTNodes, _ index: Int, _ text: inout NFTText) {
        guard let only = nodes.only(index) else {
            text.separate()
            return condition(nodes, &text) { $0.json(nodes, index) }
        }
        let node = nodes.nodes[only]
        if node.key == .counter { return readCounter(nodes, only) }
        text.separate()
        switch node.key {
        case .match: readMatch(nodes, only, &text)
        case .accept: decide(.verdict(.accept), "accept", &text)
        case .drop: decide(.verdict(.drop), "drop", &text)
        case .returns: decide(.returns, "return", &text)
        case .continues: decide(.other("continue"), "continue", &text)
        case .jump, .goto:
            let name = nodes.string(only, .target) ?? ""
            decide(
                node.key == .jump ? .jump(name) : .goTo(name), "\(node.key == .jump ? "jump" : "goto") \(name)", &text)
        case .reject: readReject(nodes, only, &text)
        case .vmap: readVerdictMap(nodes, only, &text)
        case .log:
            logPrefix = nodes.string(only, .prefix) ?? logPrefix
            other(nodes, only, &text) { $0.log(nodes, only) }
        case .mangle: other(nodes, only, &text) { $0.mangle(nodes, only) }
        // When it was used last changes with every packet, and is no part of the rule.
        case .last: other(nodes, only, &text) { $0.write("last") }
        case .dnat, .snat, .redirect, .masquerade: other(nodes, only, &text) { $0.translation(nodes, only) }
        case .notrack, .dup, .fwd, .flow, .tproxy, .synproxy, .secmark, .queue:
            other(nodes, only, &text) { $0.statement(nodes, only) }
        case .limit: condition(nodes, &text) { $0.limit(nodes, only) }
        case .quota: condition(nodes, &text) { $0.quota(nodes, only) }
        case .set: condition(nodes, &text) { $0.addition(nodes, only) }
        case .xt: readCompatibility(nodes, only, &text)
        default: condition(nodes, &text) { $0.statement(nodes, only) }
        }
    }

    // MARK: Conditions

    /// A condition as written.
    private mutating func condition(_ nodes: NFTNodes, _ text: inout NFTText, _ write: (inout NFTText) -> Void) {
        beginCondition()
        let start = text.bytes.count
        write(&text)
        match.match.others.append(PrintedText.string(text.bytes.span.extracting(start..<text.bytes.count)))
    }

    /// What was counted before a condition was looked at are not the packets that the rule was applied to.
    private mutating func beginCondition() {
        counters = nil
        counterName = nil
        match.match.endsWithLookup = false
    }

    private mutating func readMatch(_ nodes: NFTNodes, _ index: Int, _ text: inout NFTText) {
        beginCondition()
        guard let left = nodes.child(index, .left), let right = nodes.child(index, .right) else {
            return condition(nodes, &text) { $0.json(nodes, index) }
        }
        let op = nodes.word(index, .op)
        let key = NFTKey(nodes, left)
        let start = text.bytes.count
        text.comparison(nodes, left, op, nodes.string(index, .op) ?? "==", right, quotes: key.quotes)
        func words() -> String { PrintedText.string(text.bytes.span.extracting(start..<text.bytes.count)) }
        if nodes.isSetName(right) {
            let name = nodes.setName(right)
            match.match.sets.append(name)
            if op == .equal || op == .within, !key.fields.contains(.other), requireKey(key) {
                lookups.append(Lookup(name: name, key: key, text: words()))
                match.match.endsWithLookup = true
            } else {
                match.match.others.append(words())
            }
        } else if !match.take(key, op, nodes, right) {
            match.match.others.append(words())
            // A message's type is of a protocol, even where the type itself is nothing that a tuple tells.
            if key.fields == [.other] { _ = match.require(key, .other, true) }
        }
    }

    private mutating func requireKey(_ key: NFTKey) -> Bool {
        key.fields.allSatisfy { match.require(key, $0, false) }
    }

    // MARK: Verdicts

    private mutating func decide(_ verdict: RuleTarget, _ words: String, _ text: inout NFTText) {
        text.write(words)
        if !isDecided { target = verdict }
        isDecided = true
    }

    /// Something that leaves the packet's way as it is; a verdict counts for more.
    private mutating func other(
        _ nodes: NFTNodes,
        _ index: Int,
        _ text: inout NFTText,
        _ write: (inout NFTText) -> Void
    ) {
        write(&text)
        if !isDecided { target = .other(nodes.nodes[index].key?.rawValue ?? "") }
    }

    /// With "tcp reset", or a type and what it says, joined as iptables joins them: "icmp-port-unreachable".
    private mutating func readReject(_ nodes: NFTNodes, _ index: Int, _ text: inout NFTText) {
        let type = nodes.string(index, .type)
        let says = nodes.string(index, .expr)
        let words = type.map { type in says.map { "\(type) \($0)" } ?? type }
        let with = words.map { String($0.map { $0 == " " ? "-" : $0 }) }
        decide(.verdict(.reject(with: with)), "reject" + (words.map { " with \($0)" } ?? ""), &text)
    }

    private mutating func readVerdictMap(_ nodes: NFTNodes, _ index: Int, _ text: inout NFTText) {
        guard let left = nodes.child(index, .key), let data = nodes.child(index, .data) else {
            return condition(nodes, &text) { $0.json(nodes, index) }
        }
        let key = NFTKey(nodes, left)
        let start = text.bytes.count
        text.mapped(nodes, index, "vmap")
        _ = requireKey(key)
        guard !isDecided else { return }
        isDecided = true
        if nodes.isSetName(data) {
            let name = nodes.setName(data)
            target = .verdictMap(name)
            let words = PrintedText.string(text.bytes.span.extracting(start..<text.bytes.count))
            lookups.append(Lookup(name: name, key: key, text: words))
        } else {
            inlineMap = (data, key)
        }
    }

    private mutating func readCounter(_ nodes: NFTNodes, _ index: Int) {
        if let name = nodes.string(index) {
            counterName = name
            counters = nil
        } else if let packets = nodes.count(index, .packets), let bytes = nodes.count(index, .bytes) {
            counters = Counters(packets: packets, bytes: bytes)
            counterName = nil
        }
    }

    /// What iptables-nft wrote and nft cannot say: only the extension's name is told.
    private mutating func readCompatibility(_ nodes: NFTNodes, _ index: Int, _ text: inout NFTText) {
        let name = nodes.string(index, .name) ?? ""
        let words = nodes.string(index, .type).map { "xt \($0) \"\(name)\"" } ?? "xt"
        guard nodes.word(index, .type) == .target || name == "REJECT" else {
            // A comment that is not told is no condition.
            guard name != "comment" else { return text.write(words) }
            return condition(nodes, &text) { $0.write(words) }
        }
        if name == "REJECT" { return decide(.verdict(.reject(with: nil)), words, &text) }
        text.write(words)
        if !isDecided { target = .other(name) }
    }
}
