package import JSONText

/// Reads YAML documents as values that JSON could hold, with the meanings that kubectl gives them (`YAMLScalar`). JSON is
/// read too, being YAML but for escaped surrogate pairs.
///
/// Depth and the number of values are bounded, however aliases repeat them. Repeated keys are kept as they come.
package struct YAMLReader: ~Copyable {
    /// Lists and mappings within one another.
    package static let maximumDepth = 512
    /// Values of all documents, those that aliases repeat counted again.
    package static let maximumNodes = 1 << 20

    private let parser: YAMLParser
    private var anchors: [String: Anchor] = [:]
    private var openAnchors: Set<String> = []
    private var nodeCount = 0
    private var depth = 0
    private var isEnded = false

    private struct Anchor {
        let node: DocumentNode
        let nodeCount: Int
    }

    /// Takes text in UTF-8, or in UTF-16 with a byte order mark.
    package init(_ bytes: [UInt8]) throws(YAMLError) {
        parser = try YAMLParser(bytes)
    }

    /// The next document; nil after the last. After an error the reader must not be used again.
    package mutating func nextDocument() throws(YAMLError) -> DocumentNode? {
        while !isEnded {
            let event = try parser.next()
            switch event.kind {
            case .streamEnd: isEnded = true
            case .documentStart:
                anchors = [:]
                return try node(from: parser.next())
            default: break
            }
        }
        return nil
    }

    private mutating func node(from event: YAMLEvent) throws(YAMLError) -> DocumentNode {
        let before = nodeCount
        try count(1, line: event.line)
        if !event.anchor.isEmpty {
            if case .alias = event.kind {
                return try repeated(event)
            }
            openAnchors.insert(event.anchor)
        }
        let value: DocumentNode.Value
        switch event.kind {
        case .scalar(let text, let isPlain):
            guard let scalar = YAMLScalar.value(text, tag: event.tag, isPlain: isPlain) else {
                throw YAMLError(reason: .unusableValue, line: event.line)
            }
            value = scalar
        case .sequenceStart: value = .array(try elements(line: event.line))
        case .mappingStart: value = .object(try members(line: event.line))
        default: throw YAMLError(reason: .syntax("no value where one is expected"), line: event.line)
        }
        let node = DocumentNode(value, line: event.line)
        if !event.anchor.isEmpty {
            openAnchors.remove(event.anchor)
            anchors[event.anchor] = Anchor(node: node, nodeCount: nodeCount - before)
        }
        return node
    }

    private mutating func repeated(_ event: YAMLEvent) throws(YAMLError) -> DocumentNode {
        if openAnchors.contains(event.anchor) { throw YAMLError(reason: .selfReference, line: event.line) }
        guard let anchor = anchors[event.anchor] else { throw YAMLError(reason: .unknownAnchor, line: event.line) }
        try count(anchor.nodeCount, line: event.line)
        return DocumentNode(anchor.node.value, line: event.line)
    }

    private mutating func elements(line: Int) throws(YAMLError) -> [DocumentNode] {
        try enter(line: line)
        defer { depth -= 1 }
        var elements: [DocumentNode] = []
        while true {
            let event = try parser.next()
            if case .sequenceEnd = event.kind { return elements }
            elements.append(try node(from: event))
        }
    }

    private mutating func members(line: Int) throws(YAMLError) -> [DocumentNode.Member] {
        try enter(line: line)
        defer { depth -= 1 }
        var members: [DocumentNode.Member] = []
        while true {
            let event = try parser.next()
            if case .mappingEnd = event.kind { return members }
            if isMerge(event) {
                let merged = try node(from: parser.next())
                try merge(merged, into: &members)
                continue
            }
            let key = try node(from: event)
            guard let name = YAMLScalar.key(key.value) else {
                throw YAMLError(reason: .unusableKey, line: event.line)
            }
            members.append(DocumentNode.Member(name, try node(from: parser.next())))
        }
    }

    private func isMerge(_ event: YAMLEvent) -> Bool {
        guard case .scalar("<<", let isPlain) = event.kind else { return false }
        return event.tag.isEmpty ? isPlain : event.tag == YAMLScalar.mergeTag
    }

    /// As kubectl's reader does: what is merged overrides what stands before it, and of a list the first counts.
    private mutating func merge(
        _ merged: DocumentNode,
        into members: inout [DocumentNode.Member]
    ) throws(YAMLError) {
        switch merged.value {
        case .object(let more):
            try count(more.count, line: merged.line)
            members += more
        case .array(let mappings):
            for mapping in mappings.reversed() {
                guard case .object(let more) = mapping.value else {
                    throw YAMLError(reason: .unusableMerge, line: mapping.line)
                }
                try count(more.count, line: merged.line)
                members += more
            }
        default: throw YAMLError(reason: .unusableMerge, line: merged.line)
        }
    }

    private mutating func enter(line: Int) throws(YAMLError) {
        guard depth < Self.maximumDepth else { throw YAMLError(reason: .tooDeep(limit: Self.maximumDepth), line: line) }
        depth += 1
    }

    private mutating func count(_ nodes: Int, line: Int) throws(YAMLError) {
        nodeCount += nodes
        guard nodeCount <= Self.maximumNodes else {
            throw YAMLError(reason: .tooMany(limit: Self.maximumNodes), line: line)
        }
    }
}
