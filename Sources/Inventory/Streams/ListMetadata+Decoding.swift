import JSONText
import ProtobufReader

private enum ListMetaField: UInt32 {
    case resourceVersion = 2
    case continueToken = 3
    case remainingItemCount = 4
}

private enum ListMetaKey: String, CaseIterable {
    case resourceVersion, `continue`, remainingItemCount
}

private let listMetaKeys = JSONKeyTable<ListMetaKey>()

extension ListMetadata {
    /// Reads a `ListMeta`.
    init(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        self.init()
        var fields = message
        while let (name, field) = try fields.next(ListMetaField.self, in: bytes) {
            switch name {
            case .resourceVersion: resourceVersion = try field.string(in: bytes)
            case .continueToken: continueToken = try field.string(in: bytes)
            case .remainingItemCount: remainingItemCount = Int(exactly: try field.integer())
            }
        }
    }

    /// Reads the text of `metadata`.
    init(json text: [UInt8]) throws(JSONError) {
        self.init()
        var decoder = ObjectDecoder(reader: JSONReader(text))
        guard try decoder.reader.nextDocument() else { return }
        try read(&decoder)
    }

    /// Reads the object that comes next.
    mutating func read(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        while let key = try decoder.nextField(listMetaKeys) {
            switch key {
            case .resourceVersion: resourceVersion = try decoder.string() ?? ""
            case .continue: continueToken = try decoder.string() ?? ""
            case .remainingItemCount: remainingItemCount = try decoder.integer().flatMap { Int(exactly: $0) }
            }
        }
    }
}
