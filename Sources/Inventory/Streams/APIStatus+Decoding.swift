import JSONText
import ProtobufReader

private enum StatusField: UInt32 {
    case metadata = 1
    case message = 3
    case reason = 4
    case details = 5
    case code = 6
}

private enum DetailsField: UInt32 {
    case causes = 4
    case retryAfterSeconds = 5
}

private enum CauseField: UInt32 {
    case reason = 1
    case message = 2
    case field = 3
}

private enum StatusKey: String, CaseIterable {
    case kind, metadata, message, reason, details, code, causes, retryAfterSeconds, field
}

private let statusKeys = JSONKeyTable<StatusKey>()

extension APIStatus {
    /// The kind of an error's body.
    static let kind = "Status"

    /// Reads the body of an answer; nil where it is no Status, as a proxy's page or another object.
    package init?(body: [UInt8], encoding: APIEncoding) {
        switch encoding {
        case .json:
            guard let status = try? APIStatus(json: body) else { return nil }
            self = status
        case .protobuf:
            let bytes = body.span
            guard let envelope = try? ProtobufEnvelope(0..<bytes.count, in: bytes, base: 0),
                envelope.kind == Self.kind, let raw = envelope.raw,
                let status = try? APIStatus(ProtobufFields(raw), in: bytes)
            else { return nil }
            self = status
        }
    }

    /// Reads a `Status` message.
    init(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var (code, reason, text) = (0, "", "")
        var details: (causes: [Cause], retryAfter: Int?) = ([], nil)
        var metadata = ListMetadata()
        var fields = message
        while let (name, field) = try fields.next(StatusField.self, in: bytes) {
            switch name {
            case .metadata: metadata = try ListMetadata(try field.message(of: fields), in: bytes)
            case .message: text = try field.string(in: bytes)
            case .reason: reason = try field.string(in: bytes)
            case .details: details = try Self.details(try field.message(of: fields), in: bytes)
            case .code: code = Int(exactly: try field.integer()) ?? 0
            }
        }
        self.init(
            code: code,
            reason: reason,
            message: text,
            causes: details.causes,
            retryAfterSeconds: details.retryAfter,
            continueToken: metadata.continueToken
        )
    }

    private static func details(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> (causes: [Cause], retryAfter: Int?) {
        var causes: [Cause] = []
        var retryAfter: Int?
        var fields = message
        while let (name, field) = try fields.next(DetailsField.self, in: bytes) {
            switch name {
            case .causes: causes.append(try cause(try field.message(of: fields), in: bytes))
            case .retryAfterSeconds:
                let seconds = try field.integer()
                retryAfter = seconds > 0 ? Int(exactly: seconds) : nil
            }
        }
        return (causes, retryAfter)
    }

    private static func cause(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) -> Cause {
        var (reason, text, path) = ("", "", "")
        var fields = message
        while let (name, field) = try fields.next(CauseField.self, in: bytes) {
            switch name {
            case .reason: reason = try field.string(in: bytes)
            case .message: text = try field.string(in: bytes)
            case .field: path = try field.string(in: bytes)
            }
        }
        return Cause(reason: reason, message: text, field: path)
    }

    // MARK: JSON

    /// Reads the text of a Status; nil where it says that it is something else, or nothing.
    init?(json text: [UInt8]) throws(JSONError) {
        var decoder = ObjectDecoder(reader: JSONReader(text))
        var (kind, code, reason, message) = ("", 0, "", "")
        var details: (causes: [Cause], retryAfter: Int?) = ([], nil)
        var metadata = ListMetadata()
        guard try decoder.reader.nextDocument(), try decoder.beginObject() else { return nil }
        while let key = try decoder.nextField(statusKeys) {
            switch key {
            case .kind: kind = try decoder.string() ?? ""
            case .metadata: try metadata.read(&decoder)
            case .message: message = try decoder.string() ?? ""
            case .reason: reason = try decoder.string() ?? ""
            case .code: code = try decoder.integer().flatMap { Int(exactly: $0) } ?? 0
            case .details: details = try Self.details(&decoder)
            case .causes, .retryAfterSeconds, .field: try decoder.skip()
            }
        }
        guard kind == Self.kind else { return nil }
        self.init(
            code: code,
            reason: reason,
            message: message,
            causes: details.causes,
            retryAfterSeconds: details.retryAfter,
            continueToken: metadata.continueToken
        )
    }

    private static func details(
        _ decoder: inout ObjectDecoder
    ) throws(JSONError) -> (causes: [Cause], retryAfter: Int?) {
        var causes: [Cause] = []
        var retryAfter: Int?
        guard try decoder.beginObject() else { return (causes, retryAfter) }
        while let key = try decoder.nextField(statusKeys) {
            switch key {
            case .retryAfterSeconds:
                retryAfter = try decoder.integer().flatMap { $0 > 0 ? Int(exactly: $0) : nil }
            case .causes:
                guard try decoder.beginArray() else { continue }
                while try decoder.nextElement() { causes.append(try cause(&decoder)) }
            default: try decoder.skip()
            }
        }
        return (causes, retryAfter)
    }

    private static func cause(_ decoder: inout ObjectDecoder) throws(JSONError) -> Cause {
        var (reason, message, field) = ("", "", "")
        guard try decoder.beginObject() else { return Cause(reason: "", message: "", field: "") }
        while let key = try decoder.nextField(statusKeys) {
            switch key {
            case .reason: reason = try decoder.string() ?? ""
            case .message: message = try decoder.string() ?? ""
            case .field: field = try decoder.string() ?? ""
            default: try decoder.skip()
            }
        }
        return Cause(reason: reason, message: message, field: field)
    }
}
