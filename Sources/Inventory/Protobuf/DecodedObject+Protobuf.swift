import NetModel
import ProtobufReader

// The numbers of fields are those of generated.proto in k8s.io/api (core/v1, discovery/v1) and k8s.io/apimachinery
// (meta/v1). They are part of the API: none changes its meaning within a version. discovery.k8s.io/v1beta1 has the same
// ones for what is read here.

private enum ObjectField: UInt32 {
    case metadata = 1
    case second = 2
    case third = 3
}

private enum MetadataField: UInt32 {
    case name = 1
    case namespace = 3
    case uid = 5
    case resourceVersion = 6
    case creationTimestamp = 8
    case labels = 11
    case ownerReferences = 13
}

private enum OwnerField: UInt32 {
    case kind = 1
    case name = 3
    case uid = 4
    case controller = 6
}

private enum EntryField: UInt32 {
    case key = 1
    case value = 2
}

private enum TimeField: UInt32 {
    case seconds = 1
}

extension DecodedObject {
    /// Reads an object of a known kind: `metadata` of all, and of nodes, pods, services and endpoint slices the rest.
    ///
    /// - Parameter bytes: those that `message` lies in.
    mutating func read(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>,
        as kind: ObjectKind,
        texts: inout TextCache
    ) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(ObjectField.self, in: bytes) {
            let content = try field.message(of: fields)
            switch (kind, name) {
            case (_, .metadata): try readMetadata(content, in: bytes, as: kind, texts: &texts)
            case (.pod, .second): try readPodSpec(content, in: bytes, texts: &texts)
            case (.pod, .third): try readPodStatus(content, in: bytes)
            case (.node, .second): try readNodeSpec(content, in: bytes)
            case (.node, .third): try readNodeStatus(content, in: bytes)
            case (.service, .second): try readServiceSpec(content, in: bytes)
            case (.service, .third): try readServiceStatus(content, in: bytes)
            case (.endpointSlice, .second): try readEndpoint(content, in: bytes, texts: &texts)
            case (.endpointSlice, .third): try readEndpointPort(content, in: bytes)
            default: break
            }
        }
    }

    private mutating func readMetadata(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>,
        as kind: ObjectKind,
        texts: inout TextCache
    ) throws(ProtobufError) {
        var fields = message
        var labelEntries: Range<Int>?
        while let (name, field) = try fields.next(MetadataField.self, in: bytes) {
            switch name {
            case .name: self.name = try field.string(in: bytes)
            case .namespace: namespace = try texts.text(field, in: bytes)
            case .uid where kind == .pod: podUID = ObjectUID(bytes.extracting(try field.bytes()))
            case .uid: uid = try field.string(in: bytes)
            case .resourceVersion: resourceVersion = try field.string(in: bytes)
            case .creationTimestamp: created = try Self.time(try field.message(of: fields), in: bytes)
            case .labels:
                let start = field.offset - fields.base
                labelEntries = (labelEntries?.lowerBound ?? start)..<fields.position
            case .ownerReferences: try readOwner(try field.message(of: fields), in: bytes, texts: &texts)
            }
        }
        guard let labelEntries else { return }
        labels = try texts.labels(labelEntries, in: bytes) { () throws(ProtobufError) in
            try Self.labels(ProtobufFields(labelEntries, base: message.base), in: bytes)
        }
    }

    /// The labels among the fields of `metadata`.
    private static func labels(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> [String: String] {
        var labels: [String: String] = [:]
        var fields = message
        while let (name, field) = try fields.next(MetadataField.self, in: bytes) {
            guard name == .labels else { continue }
            let (key, value) = try entry(try field.message(of: fields), in: bytes)
            labels[key] = value
        }
        return labels
    }

    /// An entry of a map of strings.
    static func entry(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>
    ) throws(ProtobufError) -> (key: String, value: String) {
        var (key, value) = ("", "")
        var fields = message
        while let (name, field) = try fields.next(EntryField.self, in: bytes) {
            switch name {
            case .key: key = try field.string(in: bytes)
            case .value: value = try field.string(in: bytes)
            }
        }
        return (key, value)
    }

    private mutating func readOwner(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>,
        texts: inout TextCache
    ) throws(ProtobufError) {
        var (kind, name, uid) = ("", "", "")
        var isController = false
        var fields = message
        while let (field, value) = try fields.next(OwnerField.self, in: bytes) {
            switch field {
            case .kind: kind = try texts.text(value, in: bytes)
            case .name: name = try texts.text(value, in: bytes)
            case .uid: uid = try texts.text(value, in: bytes)
            case .controller: isController = try value.boolean()
            }
        }
        if isController { controller = OwnerReference(kind: kind, name: name, uid: uid) }
    }

    // MARK: Values

    /// A `meta/v1.Time`, whose fraction the API leaves out; nil for the zero time, which has no fields.
    static func time(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) -> Timestamp? {
        var seconds: Int64 = 0
        var fields = message
        while let (_, field) = try fields.next(TimeField.self, in: bytes) { seconds = try field.integer() }
        return seconds == 0 ? nil : Timestamp(seconds: seconds)
    }

    /// An address; nil for a text that is none, such as "None", "" or a host name.
    static func address(_ field: ProtobufField, in bytes: Span<UInt8>) throws(ProtobufError) -> IPAddress? {
        IPAddress(bytes.extracting(try field.bytes()))
    }

    /// A port from 1 to 65535; nil for 0, which the API writes for none. Any other number makes the object unusable.
    mutating func port(_ field: ProtobufField, named name: String) throws(ProtobufError) -> UInt16? {
        let number = try field.integer()
        if let port = UInt16(exactly: number) { return port == 0 ? nil : port }
        if fault == nil {
            fault = ObjectDecoder.Fault(line: 0, offset: field.offset, message: "\(name): \(number) is not a port")
        }
        return nil
    }

    /// The protocol of a port, "TCP", "UDP" or "SCTP"; TCP for any other, as for JSON.
    static func transport(_ field: ProtobufField, in bytes: Span<UInt8>) throws(ProtobufError) -> TransportProtocol {
        ObjectDecoder.transport(bytes.extracting(try field.bytes())) ?? .tcp
    }
}
