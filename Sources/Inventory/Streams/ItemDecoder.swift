import JSONText
import ProtobufReader

/// Decodes single objects of one kind, and keeps what could not be used of them.
struct ItemDecoder: Sendable {
    let kind: ObjectKind
    private let details: InventoryItem.Details
    private var texts = TextCache()
    private(set) var problems: [InventoryProblem] = []
    private var rejected = 0

    /// How many objects that cannot be used are named one by one.
    private static let maximumRejections = 20

    init(_ kind: ObjectKind, details: InventoryItem.Details) {
        self.kind = kind
        self.details = details
    }

    // MARK: Decoding

    /// Decodes an object that lies in `range` of `bytes`, without an envelope; nil where it cannot be used.
    ///
    /// - Parameter base: how many bytes of the stream came before `bytes`.
    mutating func item(protobuf range: Range<Int>, in bytes: Span<UInt8>, base: Int) -> InventoryItem? {
        let fields = ProtobufFields(range, base: base)
        var object = DecodedObject()
        object.offset = base + range.lowerBound
        do throws(ProtobufError) {
            try object.read(fields, in: bytes, as: kind, texts: &texts)
            guard isUsable(object) else { return nil }
            return item(
                object,
                nodeFacts: kind == .node && details.contains(.nodeFacts)
                    ? try NodeFacts(fields, in: bytes, withImages: details.contains(.nodeImages)) : nil,
                podImages: kind == .pod && details.contains(.podImages)
                    ? try PodImages(fields, of: object, in: bytes, texts: &texts) : nil
            )
        } catch {
            reject(object, offset: error.offset, "\(error.reason)")
            return nil
        }
    }

    /// Decodes an object from its JSON text; nil where it cannot be used.
    ///
    /// - Parameter base: how many bytes of the stream came before the text.
    mutating func item(json text: [UInt8], base: Int) -> InventoryItem? {
        var object = DecodedObject()
        var decoder = ObjectDecoder(reader: JSONReader(text))
        do throws(JSONError) {
            guard try decoder.reader.nextDocument(), try decoder.kind() == .object else {
                object.offset = base
                reject(object, offset: base, "not an object")
                return nil
            }
            try object.read(&decoder) { (decoder: inout ObjectDecoder, _) throws(JSONError) in try decoder.skip() }
            object.offset += base
            object.fault = decoder.fault.map {
                ObjectDecoder.Fault(line: 0, offset: base + $0.offset, message: $0.message)
            }
            if let kindName = object.kind, kindName != InventoryItem.metadataKind,
                ObjectKind(kind: kindName, apiVersion: object.apiVersion) != kind
            {
                reject(object, offset: base, "it is a \(kindName)")
                return nil
            }
            guard isUsable(object) else { return nil }
            return item(
                object,
                nodeFacts: kind == .node && details.contains(.nodeFacts)
                    ? try NodeFacts(json: text, withImages: details.contains(.nodeImages)) : nil,
                podImages: kind == .pod && details.contains(.podImages)
                    ? try PodImages(json: text, of: object) : nil
            )
        } catch {
            reject(object, offset: base + error.offset, "\(error.reason)")
            return nil
        }
    }

    private func item(_ object: DecodedObject, nodeFacts: NodeFacts?, podImages: PodImages?) -> InventoryItem {
        InventoryItem(
            object.object(as: kind),
            kind: kind,
            namespace: object.namespace,
            name: object.name,
            resourceVersion: object.resourceVersion,
            nodeFacts: nodeFacts,
            podImages: podImages
        )
    }

    // MARK: Problems

    /// Notes an object that is passed over because it is too large to be kept.
    mutating func rejectTooLarge(offset: Int) {
        reject(DecodedObject(), offset: offset, "it has more than \(ListDecoder.maximumItemLength >> 20) MiB")
    }

    /// Notes what comes instead of an object.
    mutating func reject(offset: Int, _ message: String) {
        reject(DecodedObject(), offset: offset, message)
    }

    private mutating func isUsable(_ object: DecodedObject) -> Bool {
        if let fault = object.fault {
            reject(object, offset: fault.offset, fault.message)
        } else if object.name.isEmpty {
            reject(object, offset: object.offset, "it has no name")
        } else if let excess = object.excess {
            reject(object, offset: object.offset, excess)
        } else {
            return true
        }
        return false
    }

    private mutating func reject(_ object: DecodedObject, offset: Int, _ message: String) {
        rejected += 1
        guard rejected <= Self.maximumRejections else { return }
        let what = object.name.isEmpty ? "a \(kind.rawValue)" : "\(kind.rawValue) \(object.fullName)"
        add(offset: offset, "\(what) is not used: \(message)")
    }

    /// Says how many more objects were not used than are named.
    mutating func conclude() {
        guard rejected > Self.maximumRejections else { return }
        add(offset: nil, "\(rejected - Self.maximumRejections) more objects are not used")
        rejected = Self.maximumRejections
    }

    private mutating func add(offset: Int?, _ message: String) {
        problems.append(
            InventoryProblem(
                severity: .warning,
                file: "\(kind.rawValue) objects",
                offset: offset,
                message: InventoryFile.printable(message)
            ))
    }
}

extension InventoryItem {
    /// The kind that objects have of which only `metadata` was asked for (`meta/v1.PartialObjectMetadata`).
    static let metadataKind = "PartialObjectMetadata"
}
