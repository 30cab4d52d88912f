import JSONText
import ProtobufReader

/// A `meta/v1.WatchEvent`.
private enum EventField: UInt32 {
    case type = 1
    case object = 2
}

/// A `runtime.RawExtension`.
private enum ExtensionField: UInt32 {
    case raw = 1
}

/// What of an object a bookmark has: `metadata`, of any kind.
private enum ObjectField: UInt32 {
    case metadata = 1
}

private enum MetadataField: UInt32 {
    case resourceVersion = 6
    case annotations = 12
}

private enum MetadataKey: String, CaseIterable {
    case metadata, resourceVersion, annotations
    case initialEventsEnd = "k8s.io/initial-events-end"
}

private let metadataKeys = JSONKeyTable<MetadataKey>()

/// Decodes single events of a watch.
struct EventDecoder: Sendable {
    /// `type` of an event.
    private enum EventType: String {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
        case bookmark = "BOOKMARK"
        case error = "ERROR"
    }

    private(set) var items: ItemDecoder

    init(_ kind: ObjectKind, details: InventoryItem.Details) {
        items = ItemDecoder(kind, details: details)
    }

    mutating func conclude() { items.conclude() }

    mutating func rejectTooLarge(offset: Int) { items.rejectTooLarge(offset: offset) }

    // MARK: Protobuf

    /// Decodes the event that fills `range`; nil where it cannot be used.
    mutating func event(protobuf range: Range<Int>, in bytes: Span<UInt8>, base: Int) -> WatchEvent? {
        do throws(ProtobufError) {
            var (typeName, raw) = ("", range.upperBound..<range.upperBound)
            var fields = ProtobufFields(range, base: base)
            while let (name, field) = try fields.next(EventField.self, in: bytes) {
                switch name {
                case .type: typeName = try field.string(in: bytes)
                case .object:
                    var object = try field.message(of: fields)
                    while let (_, field) = try object.next(ExtensionField.self, in: bytes) { raw = try field.bytes() }
                }
            }
            let offset = base + range.lowerBound
            guard let type = type(typeName, offset: offset) else { return nil }
            guard let envelope = try ProtobufEnvelope(raw, in: bytes, base: base), let object = envelope.raw else {
                items.reject(offset: offset, "the event has no object")
                return nil
            }
            let message = ProtobufFields(object, base: base)
            switch type {
            case .error: return .error(try APIStatus(message, in: bytes))
            case .bookmark: return try Self.bookmark(message, in: bytes)
            case .added, .modified, .deleted:
                let kind = ObjectKind(kind: envelope.kind, apiVersion: envelope.apiVersion)
                guard kind == items.kind || envelope.kind == InventoryItem.metadataKind else {
                    items.reject(offset: offset, "it is a \(envelope.kind)")
                    return nil
                }
                return items.item(protobuf: object, in: bytes, base: base).map { Self.event(type, $0) } ?? nil
            }
        } catch {
            items.reject(offset: error.offset, "\(error.reason)")
            return nil
        }
    }

    private static func bookmark(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) -> WatchEvent {
        var (resourceVersion, isInitialEventsEnd) = ("", false)
        var object = message
        while let (_, metadata) = try object.next(ObjectField.self, in: bytes) {
            var fields = try metadata.message(of: object)
            while let (name, field) = try fields.next(MetadataField.self, in: bytes) {
                switch name {
                case .resourceVersion: resourceVersion = try field.string(in: bytes)
                case .annotations:
                    let (key, value) = try DecodedObject.entry(try field.message(of: fields), in: bytes)
                    if key == MetadataKey.initialEventsEnd.rawValue { isInitialEventsEnd = value == "true" }
                }
            }
        }
        return .bookmark(resourceVersion: resourceVersion, isInitialEventsEnd: isInitialEventsEnd)
    }

    // MARK: JSON

    /// Decodes an event from the texts of its `type` and its `object`; nil where it cannot be used.
    ///
    /// - Parameters:
    ///   - offset: where the event ends.
    ///   - base: where the text of the object begins.
    mutating func event(json type: [UInt8], _ object: [UInt8], offset: Int, base: Int) -> WatchEvent? {
        do throws(JSONError) {
            var reader = JSONReader(type)
            guard let type = self.type(try reader.nextDocument() ? try reader.string() : "", offset: offset) else {
                return nil
            }
            switch type {
            case .error:
                guard let status = try APIStatus(json: object) else {
                    items.reject(offset: base, "an error that is no Status")
                    return nil
                }
                return .error(status)
            case .bookmark: return try Self.bookmark(json: object)
            case .added, .modified, .deleted:
                return items.item(json: object, base: base).map { Self.event(type, $0) } ?? nil
            }
        } catch {
            items.reject(offset: base + error.offset, "\(error.reason)")
            return nil
        }
    }

    private static func bookmark(json object: [UInt8]) throws(JSONError) -> WatchEvent {
        var (resourceVersion, isInitialEventsEnd) = ("", false)
        var decoder = ObjectDecoder(reader: JSONReader(object))
        if try decoder.reader.nextDocument(), try decoder.beginObject() {
            while let key = try decoder.nextField(metadataKeys) {
                guard key == .metadata else {
                    try decoder.skip()
                    continue
                }
                guard try decoder.beginObject() else { continue }
                while let key = try decoder.nextField(metadataKeys) {
                    switch key {
                    case .resourceVersion: resourceVersion = try decoder.string() ?? ""
                    case .annotations:
                        isInitialEventsEnd = try decoder.labels()[MetadataKey.initialEventsEnd.rawValue] == "true"
                    case .metadata, .initialEventsEnd: try decoder.skip()
                    }
                }
            }
        }
        return .bookmark(resourceVersion: resourceVersion, isInitialEventsEnd: isInitialEventsEnd)
    }

    // MARK: Both

    private mutating func type(_ name: String, offset: Int) -> EventType? {
        if let type = EventType(rawValue: name) { return type }
        items.reject(offset: offset, "an event of type '\(name)' is not known")
        return nil
    }

    private static func event(_ type: EventType, _ item: InventoryItem) -> WatchEvent? {
        switch type {
        case .added: .added(item)
        case .modified: .modified(item)
        case .deleted: .deleted(item)
        case .bookmark, .error: nil
        }
    }
}
