/// The objects that inventory files held, each once.
package struct InventoryObjects: Sendable {
    /// An object as it is kept, by kind.
    enum Object: Hashable, Sendable {
        case node(Node)
        case pod(Pod)
        case service(Service)
        /// An EndpointSlice is one, an Endpoints object one for each subset.
        case endpoints([EndpointSlice])
        case controller(Controller)
        case namespace(String)
    }

    struct Key: Hashable, Sendable {
        let kind: ObjectKind
        let namespace: String
        let name: String
    }

    struct Kept: Hashable, Sendable {
        let key: Key
        var object: Object
        var resourceVersion: UInt64?
    }

    /// In the order they came.
    private(set) var kept: [Kept] = []
    private var positions: [Key: Int] = [:]
    /// How many objects came more than once and were not added again.
    package private(set) var duplicates = 0

    package init() {}

    package var count: Int { kept.count }

    /// Adds an object. Of two with the same kind, namespace and name the one with the larger resourceVersion stays;
    /// where one has none, or both are equal, the later.
    mutating func add(_ object: Object, kind: ObjectKind, namespace: String, name: String, resourceVersion: UInt64?) {
        let key = Key(kind: kind, namespace: namespace, name: name)
        let new = Kept(key: key, object: object, resourceVersion: resourceVersion)
        guard let position = positions[key] else {
            positions[key] = kept.count
            kept.append(new)
            return
        }
        duplicates += 1
        if let old = kept[position].resourceVersion, let resourceVersion, old > resourceVersion { return }
        kept[position] = new
    }

    package mutating func add(_ node: Node) {
        add(.node(node), kind: .node, namespace: "", name: node.name, resourceVersion: nil)
    }

    package mutating func add(_ pod: Pod) {
        add(.pod(pod), kind: .pod, namespace: pod.namespace, name: pod.name, resourceVersion: nil)
    }

    package mutating func add(_ service: Service) {
        add(.service(service), kind: .service, namespace: service.namespace, name: service.name, resourceVersion: nil)
    }

    package mutating func add(_ controller: Controller) {
        add(
            .controller(controller),
            kind: controller.kind,
            namespace: controller.namespace,
            name: controller.name,
            resourceVersion: nil
        )
    }

    /// Adds a slice under its own name, of which a service may have several.
    package mutating func add(_ slice: EndpointSlice, name: String) {
        add(.endpoints([slice]), kind: .endpointSlice, namespace: slice.namespace, name: name, resourceVersion: nil)
    }

    // MARK: By kind, in the order they came

    package var nodes: [Node] { kept.compactMap { if case .node(let node) = $0.object { node } else { nil } } }

    package var pods: [Pod] { kept.compactMap { if case .pod(let pod) = $0.object { pod } else { nil } } }

    package var services: [Service] {
        kept.compactMap { if case .service(let service) = $0.object { service } else { nil } }
    }

    package var endpointSlices: [EndpointSlice] {
        kept.flatMap { kept -> [EndpointSlice] in if case .endpoints(let slices) = kept.object { slices } else { [] } }
    }

    package var controllers: [Controller] {
        kept.compactMap { if case .controller(let controller) = $0.object { controller } else { nil } }
    }

    package var namespaces: [String] {
        kept.compactMap { if case .namespace(let name) = $0.object { name } else { nil } }
    }
}
