import JSONText

/// Decodes the stream of a watch, as JSON or protobuf, while it arrives. Of the stream no more is kept than one event.
package struct WatchDecoder: Sendable {
    /// Bytes of one event that are kept. A larger one is passed over.
    private static let maximumEventLength = ListDecoder.maximumItemLength + 1024
    /// Bytes of an event's length in protobuf, the highest first (k8s.io/apimachinery, util/framer).
    private static let prefixLength = 4

    /// The members of an event in JSON, in the order of `JSONEvent`.
    private static let members = ["type", "object"]

    /// What came of an event in JSON.
    private struct JSONEvent {
        var type: [UInt8] = []
        var object: [UInt8] = []
        /// Where the object begins.
        var base = 0
    }

    private let encoding: APIEncoding
    private var events: EventDecoder
    private var units = ProtobufUnits()
    private var cutter = JSONMemberCutter(names: members, elementsOf: "", limit: maximumEventLength)
    private var event = JSONEvent()

    /// - Parameters:
    ///   - kind: what is watched; events with `PartialObjectMetadata` do not say it.
    ///   - details: what is read beside the objects.
    package init(_ encoding: APIEncoding, of kind: ObjectKind, details: InventoryItem.Details = []) {
        self.encoding = encoding
        events = EventDecoder(kind, details: details)
    }

    /// Events that could not be used; `finish` adds how many more there were. As long as there are none, all is known.
    package var problems: [InventoryProblem] { events.items.problems }

    /// Decodes what comes next of the stream.
    ///
    /// - Parameter take: called with each event that is complete, in order.
    /// - Throws: when no more of the stream can be read; what came before has been taken. Nothing can be decoded after it.
    package mutating func append(_ chunk: Span<UInt8>, take: (WatchEvent) -> Void) throws(StreamError) {
        switch encoding {
        case .protobuf: try Self.append(chunk, &units, &events, take)
        case .json: try Self.append(chunk, &cutter, &event, &events, take)
        }
    }

    /// Says that the stream ended, as every watch does after its time.
    ///
    /// - Throws: when it ended within an event.
    package mutating func finish() throws(StreamError) {
        events.conclude()
        switch encoding {
        case .protobuf: guard units.isBetweenUnits else { throw .truncated(offset: units.offset) }
        case .json: guard cutter.missing == nil else { throw .truncated(offset: cutter.offset) }
        }
    }

    private static func append(
        _ chunk: Span<UInt8>,
        _ units: inout ProtobufUnits,
        _ events: inout EventDecoder,
        _ take: (WatchEvent) -> Void
    ) throws(StreamError) {
        try units.append(chunk) { (bytes: Span<UInt8>, position: Int, offset: Int) throws(StreamError) in
            let rest = bytes.count - position
            guard rest >= prefixLength else { return .needs(prefixLength) }
            var length = prefixLength
            for index in 0..<prefixLength {
                length += Int(bytes[position + index]) << (8 * (prefixLength - 1 - index))
            }
            guard length <= maximumEventLength else {
                events.rejectTooLarge(offset: offset)
                return .skip(length)
            }
            guard rest >= length else { return .needs(length) }
            let range = position + prefixLength..<position + length
            if let event = events.event(protobuf: range, in: bytes, base: offset - position) { take(event) }
            return .took(length)
        }
    }

    private static func append(
        _ chunk: Span<UInt8>,
        _ cutter: inout JSONMemberCutter,
        _ event: inout JSONEvent,
        _ events: inout EventDecoder,
        _ take: (WatchEvent) -> Void
    ) throws(StreamError) {
        try cutter.append(chunk, failure: StreamError.init) {
            (piece: JSONMemberCutter.Piece, text: [UInt8], offset: Int) throws(StreamError) in
            switch piece {
            case .member(0): event.type = text
            case .member: (event.object, event.base) = (text, offset)
            case .element, .tooLongElement: break
            case .end:
                let found = events.event(json: event.type, event.object, offset: offset, base: event.base)
                event = JSONEvent()
                if let found { take(found) }
            }
        }
    }
}
