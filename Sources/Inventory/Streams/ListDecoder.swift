import JSONText

/// Decodes the body of a list, as JSON or protobuf, while it arrives. Of the body no more is kept than one object.
package struct ListDecoder: Sendable {
    /// Bytes of one object that are kept; the API server takes requests of at most 3 MiB. A larger one is passed over.
    package static let maximumItemLength = 8 << 20
    /// The kind of a list that was asked for with `as=PartialObjectMetadataList`.
    static let metadataListKind = "PartialObjectMetadataList"

    private let encoding: APIEncoding
    private var items: ItemDecoder
    private var units = ProtobufUnits()
    private var protobuf = ProtobufListBody()
    private var cutter = JSONListBody.cutter
    private var json = JSONListBody()

    /// - Parameters:
    ///   - kind: what the list has; bodies of `PartialObjectMetadataList` do not say it.
    ///   - details: what is read beside the objects.
    package init(_ encoding: APIEncoding, of kind: ObjectKind, details: InventoryItem.Details = []) {
        self.encoding = encoding
        items = ItemDecoder(kind, details: details)
    }

    /// Objects that could not be used; `finish` adds how many more there were.
    package var problems: [InventoryProblem] { items.problems }

    /// Decodes what comes next of the body.
    ///
    /// - Parameter take: called with each object that is complete, in order.
    /// - Throws: when no more of the body can be read; what came before has been taken. Nothing can be decoded after it.
    package mutating func append(_ chunk: Span<UInt8>, take: (InventoryItem) -> Void) throws(StreamError) {
        switch encoding {
        case .protobuf: try Self.append(chunk, &units, &protobuf, &items, take)
        case .json: try Self.append(chunk, &cutter, &json, &items, take)
        }
    }

    /// Says that the body ended.
    ///
    /// - Throws: when it ended before the list did.
    package mutating func finish() throws(StreamError) -> ListMetadata {
        items.conclude()
        return switch encoding {
        case .protobuf: try protobuf.finish(offset: units.offset, isBetweenUnits: units.isBetweenUnits)
        case .json: try json.finish(cutter)
        }
    }

    private static func append(
        _ chunk: Span<UInt8>,
        _ units: inout ProtobufUnits,
        _ body: inout ProtobufListBody,
        _ items: inout ItemDecoder,
        _ take: (InventoryItem) -> Void
    ) throws(StreamError) {
        try units.append(chunk) { (bytes: Span<UInt8>, position: Int, offset: Int) throws(StreamError) in
            try body.step(bytes, position, offset, items: &items, take: take)
        }
    }

    private static func append(
        _ chunk: Span<UInt8>,
        _ cutter: inout JSONMemberCutter,
        _ body: inout JSONListBody,
        _ items: inout ItemDecoder,
        _ take: (InventoryItem) -> Void
    ) throws(StreamError) {
        try cutter.append(chunk, failure: StreamError.init) {
            (piece: JSONMemberCutter.Piece, text: [UInt8], offset: Int) throws(StreamError) in
            try body.take(piece, text, offset, items: &items, take: take)
        }
    }
}

extension StreamError {
    /// What a text is that is not JSON, or not the object that it should be.
    init(_ error: JSONError) {
        self = .malformed(offset: error.offset, "\(error.reason)")
    }
}
