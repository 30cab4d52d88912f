import ProtobufReader

/// The body of a list in protobuf: an envelope, and in it a message with `metadata` and `items`, for every kind alike.
struct ProtobufListBody: Sendable {
    /// A `*List` message.
    private enum ListField: UInt32 {
        case metadata = 1
        case items = 2
    }

    /// Bytes that are kept of what is no item.
    static let maximumHeadLength = 1 << 20

    private enum Part {
        case magic
        /// The fields of the envelope.
        case envelope
        /// The fields of the list, which ends at this offset.
        case list(end: Int)
    }

    private var part = Part.magic
    private var kind: String?
    private var hasList = false
    private(set) var metadata = ListMetadata()

    /// Says what the bytes from `position` on begin with, and reads it where it is whole.
    ///
    /// - Parameter offset: of `position` in the body.
    mutating func step(
        _ bytes: Span<UInt8>,
        _ position: Int,
        _ offset: Int,
        items: inout ItemDecoder,
        take: (InventoryItem) -> Void
    ) throws(StreamError) -> ProtobufUnits.Step {
        let rest = bytes.extracting(position..<bytes.count)
        if case .magic = part { return try magic(rest, offset) }
        guard let header = try header(rest, offset) else { return .needs(rest.count + 1) }
        let length = header.length + header.valueLength
        let base = offset - position
        switch part {
        case .magic: return try magic(rest, offset)
        case .envelope:
            switch ProtobufEnvelope.UnknownField(rawValue: header.number) {
            case .typeMeta:
                guard let value = try value(of: header, in: bytes, at: position, base: base) else {
                    return .needs(length)
                }
                try setKind(value, in: bytes, base: base, expected: items.kind)
            case .raw:
                guard header.wireType == .bytes else { break }
                if kind == APIStatus.kind {
                    guard let value = try value(of: header, in: bytes, at: position, base: base) else {
                        return .needs(length)
                    }
                    throw Self.status(value, in: bytes, base: base)
                }
                guard kind != nil else { throw .unexpectedKind("", expected: Self.listKind(of: items.kind)) }
                hasList = true
                part = header.valueLength == 0 ? .envelope : .list(end: offset + length)
                return .took(header.length)
            case .contentEncoding where header.valueLength > 0:
                throw .malformed(offset: offset, "the list is encoded in a way that is not known")
            case .contentEncoding, nil: break
            }
            return .skip(length)
        case .list(let end):
            guard length <= end - offset else {
                throw .malformed(offset: offset, "\(ProtobufError.Reason.truncated)")
            }
            let step = try field(header, in: bytes, at: position, base: base, items: &items, take: take)
            if case .needs = step { return step }
            if offset + length == end { part = .envelope }
            return step
        }
    }

    /// Says that the body ended.
    func finish(offset: Int, isBetweenUnits: Bool) throws(StreamError) -> ListMetadata {
        guard isBetweenUnits, hasList, case .envelope = part else { throw .truncated(offset: offset) }
        return metadata
    }

    // MARK: Parts

    private func header(_ bytes: Span<UInt8>, _ offset: Int) throws(StreamError) -> ProtobufHeader? {
        do throws(ProtobufError) {
            return try ProtobufHeader(bytes)
        } catch {
            throw .malformed(offset: offset + error.offset, "\(error.reason)")
        }
    }

    private mutating func magic(_ bytes: Span<UInt8>, _ offset: Int) throws(StreamError) -> ProtobufUnits.Step {
        let magic = ProtobufEnvelope.magic
        for index in 0..<min(magic.count, bytes.count) where bytes[index] != magic[index] {
            throw .malformed(offset: offset + index, "not the API server's protobuf, which begins with 'k8s'")
        }
        guard bytes.count >= magic.count else { return .needs(magic.count) }
        part = .envelope
        return .took(magic.count)
    }

    /// Where a value of the list's own lies; nil where not all of it is at hand.
    private func value(
        of header: ProtobufHeader,
        in bytes: Span<UInt8>,
        at position: Int,
        base: Int
    ) throws(StreamError) -> Range<Int>? {
        guard header.wireType == .bytes else {
            throw .malformed(offset: base + position, "field \(header.number) is \(header.wireType.phrase)")
        }
        guard header.valueLength <= Self.maximumHeadLength else {
            throw .tooLarge(offset: base + position, limit: Self.maximumHeadLength)
        }
        let start = position + header.length
        return header.valueLength <= bytes.count - start ? start..<start + header.valueLength : nil
    }

    private mutating func setKind(
        _ value: Range<Int>,
        in bytes: Span<UInt8>,
        base: Int,
        expected: ObjectKind
    ) throws(StreamError) {
        let kind: String
        do throws(ProtobufError) {
            kind = try ProtobufEnvelope.typeMeta(ProtobufFields(value, base: base), in: bytes).kind
        } catch {
            throw .malformed(offset: error.offset, "\(error.reason)")
        }
        let wanted = Self.listKind(of: expected)
        guard kind == wanted || kind == ListDecoder.metadataListKind || kind == APIStatus.kind else {
            throw .unexpectedKind(InventoryFile.printable(kind), expected: wanted)
        }
        self.kind = kind
    }

    /// Reads a field of the list.
    private mutating func field(
        _ header: ProtobufHeader,
        in bytes: Span<UInt8>,
        at position: Int,
        base: Int,
        items: inout ItemDecoder,
        take: (InventoryItem) -> Void
    ) throws(StreamError) -> ProtobufUnits.Step {
        let length = header.length + header.valueLength
        switch ListField(rawValue: header.number) {
        case .metadata:
            guard let value = try value(of: header, in: bytes, at: position, base: base) else { return .needs(length) }
            do throws(ProtobufError) {
                metadata = try ListMetadata(ProtobufFields(value, base: base), in: bytes)
            } catch {
                throw .malformed(offset: error.offset, "\(error.reason)")
            }
            return .took(length)
        case .items where header.wireType == .bytes:
            guard header.valueLength <= ListDecoder.maximumItemLength else {
                items.rejectTooLarge(offset: base + position)
                return .skip(length)
            }
            guard length <= bytes.count - position else { return .needs(length) }
            let range = position + header.length..<position + length
            if let item = items.item(protobuf: range, in: bytes, base: base) { take(item) }
            return .took(length)
        case .items, nil: return .skip(length)
        }
    }

    /// The error that a Status is.
    private static func status(_ value: Range<Int>, in bytes: Span<UInt8>, base: Int) -> StreamError {
        do throws(ProtobufError) {
            return .status(try APIStatus(ProtobufFields(value, base: base), in: bytes))
        } catch {
            return .malformed(offset: error.offset, "\(error.reason)")
        }
    }

    /// The kind of a list of objects.
    static func listKind(of kind: ObjectKind) -> String { "\(kind.rawValue)List" }
}
