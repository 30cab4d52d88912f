/// One object of a list or of a watch's event.
package struct InventoryItem: Sendable {
    /// What is read of an object beside its identity, because only some callers need it and it is large.
    package struct Details: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// `nodeFacts` of every Node.
        package static let nodeFacts = Details(rawValue: 1)
        /// The names of the images that each Node holds, in `nodeFacts`.
        package static let nodeImages = Details(rawValue: 2)
        /// `podImages` of every Pod.
        package static let podImages = Details(rawValue: 4)
    }

    package let kind: ObjectKind
    /// "" for objects that have none.
    package let namespace: String
    package let name: String
    /// `metadata.resourceVersion`, to be given back as it is; "" where there is none.
    package let resourceVersion: String
    /// What was asked for of a Node.
    package let nodeFacts: NodeFacts?
    /// What was asked for of a Pod.
    package let podImages: PodImages?
    let object: InventoryObjects.Object

    init(
        _ object: InventoryObjects.Object,
        kind: ObjectKind,
        namespace: String,
        name: String,
        resourceVersion: String,
        nodeFacts: NodeFacts? = nil,
        podImages: PodImages? = nil
    ) {
        self.object = object
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.resourceVersion = resourceVersion
        self.nodeFacts = nodeFacts
        self.podImages = podImages
    }

    /// The object, when it is a Pod.
    package var pod: Pod? { if case .pod(let pod) = object { pod } else { nil } }
}
