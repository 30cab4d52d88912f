import JSONText

/// The body of a list in JSON: an object with `kind`, `metadata` and `items`, or a Status.
struct JSONListBody: Sendable {
    /// The members that are looked at, those of a Status among them.
    private enum Member: String, CaseIterable {
        case kind, metadata, message, reason, details, code
    }

    private var kind: String?
    private var metadata = ListMetadata()
    /// The texts of the members of what may be a Status.
    private var texts: [(Member, [UInt8])] = []
    private var isEnded = false

    /// What cuts such a body into the pieces that `take` takes.
    static var cutter: JSONMemberCutter {
        JSONMemberCutter(
            names: Member.allCases.map(\.rawValue),
            elementsOf: "items",
            limit: ListDecoder.maximumItemLength
        )
    }

    /// Takes a piece of the body.
    mutating func take(
        _ piece: JSONMemberCutter.Piece,
        _ text: [UInt8],
        _ offset: Int,
        items: inout ItemDecoder,
        take: (InventoryItem) -> Void
    ) throws(StreamError) {
        guard !isEnded else { throw .malformed(offset: offset, "a second object after the list") }
        switch piece {
        case .member(let position): try takeMember(Member.allCases[position], text, offset, expected: items.kind)
        case .element:
            if let item = items.item(json: text, base: offset) { take(item) }
        case .tooLongElement: items.rejectTooLarge(offset: offset)
        case .end:
            isEnded = true
            if kind == APIStatus.kind { throw status(offset: offset) }
            if kind == nil {
                throw .unexpectedKind("", expected: ProtobufListBody.listKind(of: items.kind))
            }
        }
    }

    /// Says that the body ended.
    func finish(_ cutter: JSONMemberCutter) throws(StreamError) -> ListMetadata {
        guard isEnded, cutter.missing == nil else { throw .truncated(offset: cutter.offset) }
        return metadata
    }

    private mutating func takeMember(
        _ member: Member,
        _ text: [UInt8],
        _ offset: Int,
        expected: ObjectKind
    ) throws(StreamError) {
        switch member {
        case .kind:
            let kind = try Self.reading(offset) { () throws(JSONError) in
                var reader = JSONReader(text)
                return try reader.nextDocument() ? try reader.string() : ""
            }
            let wanted = ProtobufListBody.listKind(of: expected)
            guard kind == wanted || kind == ListDecoder.metadataListKind || kind == APIStatus.kind else {
                throw .unexpectedKind(InventoryFile.printable(kind), expected: wanted)
            }
            self.kind = kind
        case .metadata:
            metadata = try Self.reading(offset) { () throws(JSONError) in try ListMetadata(json: text) }
        case .message, .reason, .details, .code: break
        }
        texts.append((member, text))
    }

    /// What `read` reads of a text that begins at `offset` of the body.
    private static func reading<Value>(
        _ offset: Int,
        _ read: () throws(JSONError) -> Value
    ) throws(StreamError) -> Value {
        do throws(JSONError) {
            return try read()
        } catch {
            throw .malformed(offset: offset + error.offset, "\(error.reason)")
        }
    }

    /// The error that the members make.
    private func status(offset: Int) -> StreamError {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (member, value) in texts {
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text += Array("\"\(member.rawValue)\":".utf8)
            text += value
        }
        text.append(UInt8(ascii: "}"))
        guard let status = APIStatus(body: text, encoding: .json) else {
            return .malformed(offset: offset, "a Status that cannot be read")
        }
        return .status(status)
    }
}
