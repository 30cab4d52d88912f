import JSONText
import NetModel

/// Reads `nft -j list ruleset`: `{"nftables": [{"metainfo": …}, {"table": …}, {"chain": …}, {"rule": …}, …]}`.
struct NFTReader {
    var tables: [RuleTable] = []
    var problems = RulesProblems()

    /// Names within tables, so that a rule finds its chain.
    struct Names: Hashable {
        var table: Int
        var name: String
    }

    private var tableIndices: [String: Int] = [:]
    private var chainIndices: [Names: Int] = [:]
    /// Counters with a name, and the rules that count with each.
    var counters: [Names: Counters] = [:]
    var counted: [Names: [RulePlace]] = [:]
    /// How the sets with names are looked up.
    var lookups: [(place: RulePlace, lookup: NFTStatements.Lookup)] = []

    /// Where a rule stands.
    struct RulePlace {
        var table: Int
        var chain: Int
        var rule: Int
    }

    /// The bytes of the last key, outside of `nodes`.
    private var key: [UInt8] = []
    private var nodes = NFTNodes()
    private var text = NFTText()
    /// The bytes of the last rule's family, table and chain, and which these are: rules of a chain stand together.
    private var last: (key: [UInt8], table: Int, chain: Int) = ([], 0, 0)

    mutating func read(_ text: [UInt8]) {
        var reader = JSONReader(text)
        do throws(JSONError) {
            guard try reader.nextDocument() else { return }
            try readDocument(&reader)
        } catch {
            problems.add(line: nil, "byte \(error.offset): \(error.reason)")
        }
        resolveCounters()
        resolveSets()
    }

    private mutating func readDocument(_ reader: inout JSONReader) throws(JSONError) {
        guard try reader.kind() == .object else {
            problems.add(line: nil, "not what nft -j prints: \(try reader.kind().phrase), not an object")
            return try reader.skipValue()
        }
        try reader.beginObject()
        var isFound = false
        while try nextKey(&reader) {
            if key.span.equals("nftables", in: 0..<key.count), try reader.kind() == .array {
                isFound = true
                try reader.beginArray()
                while try reader.nextElement() { try readObject(&reader) }
            } else {
                try reader.skipValue()
            }
        }
        if !isFound { problems.add(line: nil, "not what nft -j prints: there is no list \"nftables\"") }
    }

    /// Goes to the next key of an object, which stands in `key` then; false at the object's end.
    private mutating func nextKey(_ reader: inout JSONReader) throws(JSONError) -> Bool {
        key.removeAll(keepingCapacity: true)
        return try reader.appendNextKey(to: &key)
    }

    /// One element of the list, an object with one key that says what it is.
    private mutating func readObject(_ reader: inout JSONReader) throws(JSONError) {
        let found = try reader.kind()
        // The kind is asked for first, so that the place is past the whitespace.
        let offset = reader.offset
        guard found == .object else {
            problems.add(line: nil, "byte \(offset): \(found.phrase), not an object of nftables")
            return try reader.skipValue()
        }
        try reader.beginObject()
        while try nextKey(&reader) {
            let kind = NFTWord.known.meaning(key.span, 0..<key.count)
            switch kind {
            case .set, .map: try readSet(&reader, offset)
            case .table, .chain, .rule, .counter:
                try nodes.read(&reader)
                if !take(kind) {
                    problems.add(line: nil, "byte \(offset): a \(kind?.rawValue ?? "") without the names that it needs")
                } else if nodes.isDamaged {
                    problems.add(
                        line: nil, "byte \(offset): a part of a \(kind?.rawValue ?? "") cannot be read and was left out"
                    )
                }
            default: try reader.skipValue()
            }
        }
    }

    // MARK: Objects

    /// Takes the object that was read last; false where it does not say what it is of.
    private mutating func take(_ kind: NFTWord?) -> Bool {
        switch kind {
        case .table:
            guard let family = nodes.string(0, .family), let name = nodes.string(0, .name) else { return false }
            return table(family: family, name: name) != nil
        case .chain: return takeChain()
        case .counter: return takeCounter()
        default: return takeRule()
        }
    }

    private mutating func takeChain() -> Bool {
        guard let family = nodes.string(0, .family), let tableName = nodes.string(0, .table),
            let name = nodes.string(0, .name), let table = table(family: family, name: tableName)
        else { return false }
        let chain = chain(table, name)
        guard let place = nodes.string(0, .hook), let priority = nodes.child(0, .priority) else { return true }
        let words = nodes.string(priority) ?? String(nodes.nodes[priority].number)
        let hook = ChainHook(nft: place, priority: words, family: tables[table].family)
        tables[table].chains[chain].hook = hook
        guard hook != nil else { return true }
        tables[table].chains[chain].policy = nodes.word(0, .policy) == .drop ? .drop : .accept
        return true
    }

    private mutating func takeCounter() -> Bool {
        guard let family = nodes.string(0, .family), let tableName = nodes.string(0, .table),
            let name = nodes.string(0, .name), let table = table(family: family, name: tableName),
            let packets = nodes.count(0, .packets), let bytes = nodes.count(0, .bytes)
        else { return false }
        counters[Names(table: table, name: name)] = Counters(packets: packets, bytes: bytes)
        return true
    }

    private mutating func takeRule() -> Bool {
        guard let (table, chain) = placeOfRule(), let expressions = nodes.child(0, .expr),
            nodes.nodes[expressions].kind == .array
        else { return false }
        text.removeAll()
        var statements = NFTStatements(family: tables[table].family)
        var child = expressions + 1
        while child < nodes.nodes[expressions].end {
            statements.read(nodes, child, &text)
            child = nodes.nodes[child].end
        }
        let number = tables[table].chains[chain].rules.count + 1
        var rule = Rule(
            number: number, handle: nodes.count(0, .handle), counters: statements.counters,
            match: statements.match.match, target: statements.target, logPrefix: statements.logPrefix)
        rule.text = text.string
        if let comment = nodes.string(0, .comment) { rule.comments = [comment] }
        let place = RulePlace(table: table, chain: chain, rule: number - 1)
        if let name = statements.counterName { counted[Names(table: table, name: name), default: []].append(place) }
        for lookup in statements.lookups { lookups.append((place, lookup)) }
        if let map = statements.inlineMap {
            rule.target = .verdictMap(addInlineMap(map.data, map.key, table, chain, number))
        }
        tables[table].chains[chain].rules.append(rule)
        return true
    }

    /// Keeps the elements of a verdict map that has no name, under one that nft gives to nothing: with blanks.
    private mutating func addInlineMap(_ data: Int, _ key: NFTKey, _ table: Int, _ chain: Int, _ number: Int) -> String
    {
        var set = RuleSet(name: "\(tables[table].chains[chain].name) rule \(number) vmap")
        if let list = nodes.child(data, .set), nodes.nodes[list].kind == .array {
            for child in nodes.children(list) {
                var element = RuleSet.Element(nodes, child, isVerdictMap: true, quotes: key.quotes, &text)
                element.resolve(key, family: tables[table].family)
                set.elements.append(element)
            }
        }
        tables[table].sets.append(set)
        return set.name
    }

    // MARK: Sets

    /// Reads a set or map element by element: one may have a hundred thousand.
    private mutating func readSet(_ reader: inout JSONReader, _ offset: Int) throws(JSONError) {
        guard try reader.kind() == .object else {
            problems.add(line: nil, "byte \(offset): \(try reader.kind().phrase), not a set")
            return try reader.skipValue()
        }
        var set = RuleSet(name: "")
        var family: String?
        var tableName: String?
        var isVerdictMap = false
        var quotes: UInt64 = 0
        var isDamaged = false
        try reader.beginObject()
        while try nextKey(&reader) {
            let key = NFTWord.known.meaning(key.span, 0..<key.count)
            if key == .elem, try reader.kind() == .array {
                try reader.beginArray()
                while try reader.nextElement() {
                    try nodes.read(&reader)
                    isDamaged = isDamaged || nodes.isDamaged
                    set.elements.append(
                        RuleSet.Element(nodes, 0, isVerdictMap: isVerdictMap, quotes: quotes, &text))
                }
                continue
            }
            try nodes.read(&reader)
            switch key {
            case .name: set.name = nodes.string(0) ?? ""
            case .family: family = nodes.string(0)
            case .table: tableName = nodes.string(0)
            case .map: isVerdictMap = nodes.nodes[0].word == .verdict
            case .type: quotes = typeQuotes()
            default: break
            }
        }
        guard let family, let tableName, !set.name.isEmpty, let table = table(family: family, name: tableName) else {
            return problems.add(line: nil, "byte \(offset): a set without the names that it needs")
        }
        if isDamaged {
            problems.add(line: nil, "byte \(offset): a part of a set cannot be read and was left out")
        }
        tables[table].sets.append(set)
    }

    /// Which parts of a set's type are names of interfaces, which nft prints in quotes.
    private func typeQuotes() -> UInt64 {
        let types = nodes.nodes[0].kind == .array ? nodes.children(0) : [0]
        var quotes: UInt64 = 0
        for (index, type) in types.prefix(64).enumerated() where nodes.string(type) == "ifname" {
            quotes |= 1 << UInt64(index)
        }
        return quotes
    }

    // MARK: Places

    private mutating func placeOfRule() -> (table: Int, chain: Int)? {
        guard let family = nodes.child(0, .family), let table = nodes.child(0, .table),
            let chain = nodes.child(0, .chain)
        else { return nil }
        let parts = (family, table, chain)
        if isLast(parts) { return (last.table, last.chain) }
        guard let familyName = nodes.string(family), let tableName = nodes.string(table),
            let chainName = nodes.string(chain), let tableIndex = self.table(family: familyName, name: tableName)
        else { return nil }
        let chainIndex = self.chain(tableIndex, chainName)
        last = ([], tableIndex, chainIndex)
        for part in [family, table, chain] {
            last.key += nodes.bytes[nodes.nodes[part].range]
            last.key.append(0xFF)
        }
        return (tableIndex, chainIndex)
    }

    /// Whether three strings are the family, table and chain of the last rule.
    private func isLast(_ parts: (Int, Int, Int)) -> Bool {
        var offset = 0
        return isNext(parts.0, &offset) && isNext(parts.1, &offset) && isNext(parts.2, &offset)
            && offset == last.key.count
    }

    /// Whether a string stands in the last rule's key from `offset` on, which then is behind it.
    private func isNext(_ part: Int, _ offset: inout Int) -> Bool {
        let node = nodes.nodes[part]
        guard node.kind == .string, offset + node.range.count < last.key.count else { return false }
        for index in node.range {
            guard nodes.bytes[index] == last.key[offset] else { return false }
            offset += 1
        }
        offset += 1
        return last.key[offset - 1] == 0xFF
    }

    /// The index of a table, which is made where it was not named before; nil for an unknown family.
    private mutating func table(family: String, name: String) -> Int? {
        let key = "\(family) \(name)"
        if let index = tableIndices[key] { return index }
        guard let family = RuleFamily(rawValue: family) else { return nil }
        tables.append(RuleTable(family: family, name: name))
        tableIndices[key] = tables.count - 1
        return tables.count - 1
    }

    private mutating func chain(_ table: Int, _ name: String) -> Int {
        let key = Names(table: table, name: name)
        if let index = chainIndices[key] { return index }
        tables[table].chains.append(RuleChain(name: name))
        chainIndices[key] = tables[table].chains.count - 1
        return tables[table].chains.count - 1
    }
}
