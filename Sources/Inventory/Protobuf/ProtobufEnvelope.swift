import ProtobufReader

/// What the API server puts around every object in protobuf: four bytes and a `runtime.Unknown`
/// (k8s.io/apimachinery, runtime/serializer/protobuf).
struct ProtobufEnvelope {
    /// "k8s" and a zero.
    static let magic: [UInt8] = [0x6B, 0x38, 0x73, 0x00]

    /// A `runtime.Unknown`.
    enum UnknownField: UInt32 {
        case typeMeta = 1
        case raw = 2
        case contentEncoding = 3
    }

    /// A `runtime.TypeMeta`.
    private enum TypeMetaField: UInt32 {
        case apiVersion = 1
        case kind = 2
    }

    private(set) var apiVersion = ""
    private(set) var kind = ""
    /// Where the object lies.
    private(set) var raw: Range<Int>?

    /// Reads the envelope that fills `range` of `bytes`; nil where it does not begin as one.
    init?(_ range: Range<Int>, in bytes: Span<UInt8>, base: Int) throws(ProtobufError) {
        guard range.count >= Self.magic.count else { return nil }
        for index in 0..<Self.magic.count where bytes[range.lowerBound + index] != Self.magic[index] { return nil }
        var fields = ProtobufFields(range.lowerBound + Self.magic.count..<range.upperBound, base: base)
        while let (name, field) = try fields.next(UnknownField.self, in: bytes) {
            switch name {
            case .typeMeta: (apiVersion, kind) = try Self.typeMeta(try field.message(of: fields), in: bytes)
            case .raw: raw = try field.bytes()
            case .contentEncoding: break
            }
        }
    }

    static func typeMeta(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> (apiVersion: String, kind: String) {
        var (apiVersion, kind) = ("", "")
        var fields = message
        while let (name, field) = try fields.next(TypeMetaField.self, in: bytes) {
            switch name {
            case .apiVersion: apiVersion = try field.string(in: bytes)
            case .kind: kind = try field.string(in: bytes)
            }
        }
        return (apiVersion, kind)
    }
}
