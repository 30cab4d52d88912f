import JSONText
import ProtobufReader

private enum ObjectField: UInt32 {
    case spec = 2
}

private enum SpecField: UInt32 {
    case containers = 2
}

private enum ContainerField: UInt32 {
    case image = 2
}

private enum Key: String, CaseIterable {
    case spec, containers, image
}

private let keys = JSONKeyTable<Key>()

extension PodImages {
    /// What is known of a pod whose other fields were decoded.
    private init(_ object: DecodedObject) {
        self.init(
            namespace: object.namespace,
            name: object.name,
            nodeName: object.nodeName ?? "",
            phase: object.phase,
            application: object.labels["k8s-app"] ?? ""
        )
    }

    /// Reads the images of a Pod message.
    init(
        _ pod: ProtobufFields,
        of object: DecodedObject,
        in bytes: Span<UInt8>,
        texts: inout TextCache
    ) throws(ProtobufError) {
        self.init(object)
        var fields = pod
        while let (_, spec) = try fields.next(ObjectField.self, in: bytes) {
            var specFields = try spec.message(of: fields)
            while let (_, container) = try specFields.next(SpecField.self, in: bytes) {
                var containerFields = try container.message(of: specFields)
                while let (_, image) = try containerFields.next(ContainerField.self, in: bytes) {
                    let text = try texts.text(image, in: bytes)
                    if !text.isEmpty { images.append(text) }
                }
            }
        }
    }

    /// Reads the images from the text of a Pod.
    init(json text: [UInt8], of object: DecodedObject) throws(JSONError) {
        self.init(object)
        var decoder = ObjectDecoder(reader: JSONReader(text))
        guard try decoder.reader.nextDocument(), try decoder.beginObject() else { return }
        while let key = try decoder.nextField(keys) {
            guard key == .spec, try decoder.beginObject() else {
                if key != .spec { try decoder.skip() }
                continue
            }
            while let key = try decoder.nextField(keys) {
                guard key == .containers else {
                    try decoder.skip()
                    continue
                }
                try decoder.objects(keys, [.image]) { container in
                    if !container[0].isEmpty { images.append(container[0]) }
                }
            }
        }
    }
}
