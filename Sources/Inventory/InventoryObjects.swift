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
    /// Of pods that had the same name after one another the last.
    private var positions: [Key: Int] = [:]
    /// The pods that had a name before the last one.
    private var formerPositions: [ObjectUID: Int] = [:]
    /// How many objects came more than once and were not added again.
    package private(set) var duplicates = 0

    package init() {}

    package var count: Int { kept.count }

    /// Adds an object. Of two with the same kind, namespace and name the one with the larger resourceVersion stays;
    /// where one has none, or both are equal, the later. Two pods with different uids both stay: the earlier one ended
    /// when the later one began, at the latest.
    mutating func add(_ object: Object, kind: ObjectKind, namespace: String, name: String, resourceVersion: UInt64?) {
        add(
            Kept(
                key: Key(kind: kind, namespace: namespace, name: name),
                object: object,
                resourceVersion: resourceVersion
            ))
    }

    /// Adds an object as it was kept elsewhere.
    mutating func add(_ new: Kept) {
        guard let position = positions[new.key] else {
            positions[new.key] = kept.count
            kept.append(new)
            return
        }
        guard kept[position].object.isOtherLife(than: new.object) else {
            duplicates += 1
            if !kept[position].isNewer(than: new) { kept[position] = new }
            return
        }
        addLife(new, besides: position)
    }

    /// Adds a pod that is another than the one at `position` with its name.
    private mutating func addLife(_ new: Kept, besides position: Int) {
        if let former = new.podUID.flatMap({ formerPositions[$0] }) {
            duplicates += 1
            guard !kept[former].isNewer(than: new) else { return }
            kept[former] = new.ended(before: kept[position])
        } else if kept[position].isNewer(than: new) {
            if let uid = new.podUID { formerPositions[uid] = kept.count }
            kept.append(new.ended(before: kept[position]))
        } else {
            if let uid = kept[position].podUID { formerPositions[uid] = position }
            kept[position] = kept[position].ended(before: new)
            positions[new.key] = kept.count
            kept.append(new)
        }
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

extension InventoryObjects.Kept {
    /// Whether this has the larger resourceVersion of the two, for sure.
    fileprivate func isNewer(than other: InventoryObjects.Kept) -> Bool {
        guard let resourceVersion, let otherVersion = other.resourceVersion else { return false }
        return resourceVersion > otherVersion
    }

    fileprivate var podUID: ObjectUID? { if case .pod(let pod) = object { pod.uid } else { nil } }

    /// The same pod, which is over now that another has its name.
    fileprivate func ended(before later: InventoryObjects.Kept) -> InventoryObjects.Kept {
        guard case .pod(var pod) = object, case .pod(let laterPod) = later.object, pod.end == .running else {
            return self
        }
        pod.end = laterPod.start.map { .finished($0) } ?? .finishedAtUnknownTime
        var copy = self
        copy.object = .pod(pod)
        return copy
    }
}
