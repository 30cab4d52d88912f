import JSONText
import ProtobufReader

private enum ObjectField: UInt32 {
    case metadata = 1
    case spec = 2
    case status = 3
}

private enum MetadataField: UInt32 {
    case name = 1
    case labels = 11
}

private enum SpecField: UInt32 {
    case unschedulable = 4
    case taints = 5
}

private enum TaintField: UInt32 {
    case key = 1
    case value = 2
    case effect = 3
}

private enum StatusField: UInt32 {
    case conditions = 4
    case nodeInfo = 7
    case images = 8
    case declaredFeatures = 14
}

private enum ConditionField: UInt32 {
    case type = 1
    case status = 2
    case reason = 5
    case message = 6
}

private enum NodeInfoField: UInt32 {
    case containerRuntimeVersion = 6
    case kubeletVersion = 7
    case operatingSystem = 9
    case architecture = 10
}

private enum ImageField: UInt32 {
    case names = 1
}

private enum Key: String, CaseIterable {
    case metadata, name, labels
    case spec, unschedulable, taints, key, value, effect
    case status, conditions, type, reason, message
    case nodeInfo, containerRuntimeVersion, kubeletVersion, operatingSystem, architecture
    case images, names, declaredFeatures
}

private let keys = JSONKeyTable<Key>()

extension NodeFacts {
    /// Reads a Node message.
    init(_ node: ProtobufFields, in bytes: Span<UInt8>, withImages: Bool) throws(ProtobufError) {
        self.init(name: "")
        var fields = node
        while let (name, field) = try fields.next(ObjectField.self, in: bytes) {
            let content = try field.message(of: fields)
            switch name {
            case .metadata: try readMetadata(content, in: bytes)
            case .spec: try readSpec(content, in: bytes)
            case .status: try readStatus(content, in: bytes, withImages: withImages)
            }
        }
    }

    private mutating func readMetadata(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(MetadataField.self, in: bytes) {
            switch name {
            case .name: self.name = try field.string(in: bytes)
            case .labels:
                let (key, value) = try DecodedObject.entry(try field.message(of: fields), in: bytes)
                labels[key] = value
            }
        }
    }

    private mutating func readSpec(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(SpecField.self, in: bytes) {
            switch name {
            case .unschedulable: isUnschedulable = try field.boolean()
            case .taints:
                var (key, value, effect) = ("", "", "")
                var taint = try field.message(of: fields)
                while let (name, field) = try taint.next(TaintField.self, in: bytes) {
                    switch name {
                    case .key: key = try field.string(in: bytes)
                    case .value: value = try field.string(in: bytes)
                    case .effect: effect = try field.string(in: bytes)
                    }
                }
                taints.append(Taint(key: key, value: value, effect: effect))
            }
        }
    }

    private mutating func readStatus(
        _ message: ProtobufFields,
        in bytes: Span<UInt8>,
        withImages: Bool
    ) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(StatusField.self, in: bytes) {
            switch name {
            case .conditions: try readCondition(try field.message(of: fields), in: bytes)
            case .nodeInfo: try readNodeInfo(try field.message(of: fields), in: bytes)
            case .images where withImages:
                var image = try field.message(of: fields)
                while let (_, field) = try image.next(ImageField.self, in: bytes) {
                    imageNames.append(try field.string(in: bytes))
                }
            case .images: break
            case .declaredFeatures: declaredFeatures.append(try field.string(in: bytes))
            }
        }
    }

    private mutating func readCondition(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var (type, status, reason, text) = ("", "", "", "")
        var fields = message
        while let (name, field) = try fields.next(ConditionField.self, in: bytes) {
            switch name {
            case .type: type = try field.string(in: bytes)
            case .status: status = try field.string(in: bytes)
            case .reason: reason = try field.string(in: bytes)
            case .message: text = try field.string(in: bytes)
            }
        }
        conditions.append(Condition(type: type, status: status, reason: reason, message: text))
    }

    private mutating func readNodeInfo(_ message: ProtobufFields, in bytes: Span<UInt8>) throws(ProtobufError) {
        var fields = message
        while let (name, field) = try fields.next(NodeInfoField.self, in: bytes) {
            switch name {
            case .containerRuntimeVersion: containerRuntimeVersion = try field.string(in: bytes)
            case .kubeletVersion: kubeletVersion = try field.string(in: bytes)
            case .operatingSystem: operatingSystem = try field.string(in: bytes)
            case .architecture: architecture = try field.string(in: bytes)
            }
        }
    }
}

// MARK: JSON

extension NodeFacts {
    /// Reads the text of a Node. What has another type than it should is read as absent.
    init(json text: [UInt8], withImages: Bool) throws(JSONError) {
        self.init(name: "")
        var decoder = ObjectDecoder(reader: JSONReader(text))
        guard try decoder.reader.nextDocument(), try decoder.beginObject() else { return }
        while let key = try decoder.nextField(keys) {
            switch key {
            case .metadata, .spec, .status:
                guard try decoder.beginObject() else { continue }
                while let member = try decoder.nextField(keys) {
                    try read(key, member, &decoder, withImages: withImages)
                }
            default: try decoder.skip()
            }
        }
    }

    private mutating func read(
        _ part: Key,
        _ member: Key,
        _ decoder: inout ObjectDecoder,
        withImages: Bool
    ) throws(JSONError) {
        switch (part, member) {
        case (.metadata, .name): name = try decoder.string() ?? ""
        case (.metadata, .labels): labels = try decoder.labels()
        case (.spec, .unschedulable): isUnschedulable = try decoder.boolean() ?? false
        case (.spec, .taints):
            try decoder.objects(keys, [.key, .value, .effect]) { taint in
                taints.append(Taint(key: taint[0], value: taint[1], effect: taint[2]))
            }
        case (.status, .conditions):
            try decoder.objects(keys, [.type, .status, .reason, .message]) { condition in
                conditions.append(
                    Condition(type: condition[0], status: condition[1], reason: condition[2], message: condition[3]))
            }
        case (.status, .nodeInfo): try readNodeInfo(&decoder)
        case (.status, .images) where withImages:
            guard try decoder.beginArray() else { return }
            while try decoder.nextElement() {
                guard try decoder.beginObject() else { continue }
                while let key = try decoder.nextField(keys) {
                    if key == .names { imageNames += try decoder.strings() } else { try decoder.skip() }
                }
            }
        case (.status, .declaredFeatures): declaredFeatures = try decoder.strings()
        default: try decoder.skip()
        }
    }

    private mutating func readNodeInfo(_ decoder: inout ObjectDecoder) throws(JSONError) {
        guard try decoder.beginObject() else { return }
        while let key = try decoder.nextField(keys) {
            switch key {
            case .containerRuntimeVersion: containerRuntimeVersion = try decoder.string() ?? ""
            case .kubeletVersion: kubeletVersion = try decoder.string() ?? ""
            case .operatingSystem: operatingSystem = try decoder.string() ?? ""
            case .architecture: architecture = try decoder.string() ?? ""
            default: try decoder.skip()
            }
        }
    }
}

extension ObjectDecoder {
    /// A list of strings; what is none is left out.
    mutating func strings() throws(JSONError) -> [String] {
        var strings: [String] = []
        guard try beginArray() else { return strings }
        while try nextElement() {
            if let string = try string() { strings.append(string) }
        }
        return strings
    }

    /// A list of objects, of each of which the strings of some members are taken, "" where there is none.
    mutating func objects<Key: RawRepresentable<String> & Equatable>(
        _ table: JSONKeyTable<Key>,
        _ wanted: [Key],
        take: ([String]) -> Void
    ) throws(JSONError) {
        guard try beginArray() else { return }
        while try nextElement() {
            guard try beginObject() else { continue }
            var values = [String](repeating: "", count: wanted.count)
            while let key = try nextField(table) {
                guard let position = wanted.firstIndex(of: key) else {
                    try skip()
                    continue
                }
                values[position] = try string() ?? ""
            }
            take(values)
        }
    }
}
