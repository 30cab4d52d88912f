import JSONText
import NetModel

/// Writes single objects, each with the fields that its kind's reader looks at.
enum ObjectWriter {
    private typealias Failure = DocumentWriterError

    static func write(_ kept: InventoryObjects.Kept, to writer: inout JSONWriter) throws(DocumentWriterError) {
        try writer.beginObject()
        try writer.field("apiVersion", apiVersion(of: kept.key.kind))
        try writer.field("kind", kept.key.kind.rawValue)
        try writer.object("metadata") { (writer: inout JSONWriter) throws(Failure) in
            try writer.field("name", kept.key.name)
            if !kept.key.namespace.isEmpty { try writer.field("namespace", kept.key.namespace) }
            try writer.field("resourceVersion", kept.resourceVersion.map { String($0) })
            try metadata(kept.object, to: &writer)
        }
        switch kept.object {
        case .node(let node): try write(node, to: &writer)
        case .pod(let pod): try write(pod, to: &writer)
        case .service(let service): try write(service, to: &writer)
        case .endpoints(let slices): try write(slices, as: kept.key.kind, to: &writer)
        case .controller, .namespace: break
        }
        try writer.endObject()
    }

    private static func apiVersion(of kind: ObjectKind) -> String {
        switch kind {
        case .node, .pod, .service, .endpoints, .namespace, .replicationController: "v1"
        case .endpointSlice: "discovery.k8s.io/v1"
        case .replicaSet, .deployment, .statefulSet, .daemonSet: "apps/v1"
        case .job, .cronJob: "batch/v1"
        }
    }

    /// What of `metadata` only some kinds have.
    private static func metadata(
        _ object: InventoryObjects.Object,
        to writer: inout JSONWriter
    ) throws(DocumentWriterError) {
        switch object {
        case .node(let node):
            if let zone = node.zone { try labels(["topology.kubernetes.io/zone": zone], to: &writer) }
        case .pod(let pod):
            try writer.field("uid", pod.uid?.description)
            try labels(pod.labels, to: &writer)
            try owner(pod.owner, to: &writer)
        case .endpoints(let slices):
            if let slice = slices.first, !slice.serviceName.isEmpty {
                try labels(["kubernetes.io/service-name": slice.serviceName], to: &writer)
            }
        case .controller(let controller):
            try writer.field("uid", controller.uid)
            try owner(controller.owner, to: &writer)
        case .service, .namespace: break
        }
    }

    private static func labels(_ labels: [String: String], to writer: inout JSONWriter) throws(DocumentWriterError) {
        guard !labels.isEmpty else { return }
        try writer.object("labels") { (writer: inout JSONWriter) throws(Failure) in
            for (key, value) in labels.sorted(by: { $0.key < $1.key }) { try writer.field(key, value) }
        }
    }

    private static func owner(_ owner: OwnerReference?, to writer: inout JSONWriter) throws(DocumentWriterError) {
        try writer.objects("ownerReferences", owner.map { [$0] } ?? []) {
            (writer: inout JSONWriter, owner: OwnerReference) throws(Failure) in
            try writer.field("kind", owner.kind)
            try writer.field("name", owner.name)
            try writer.field("uid", owner.uid)
            try writer.key("controller")
            try writer.boolean(true)
        }
    }

    // MARK: Kinds

    private static func write(_ node: Node, to writer: inout JSONWriter) throws(DocumentWriterError) {
        try writer.object("spec") { (writer: inout JSONWriter) throws(Failure) in
            try writer.array("podCIDRs", node.podCIDRs) {
                (writer: inout JSONWriter, prefix: IPPrefix) throws(Failure) in
                try writer.string(prefix.description)
            }
        }
        try writer.object("status") { (writer: inout JSONWriter) throws(Failure) in
            try writer.objects("addresses", node.addresses) {
                (writer: inout JSONWriter, address: IPAddress) throws(Failure) in
                try writer.field("type", "InternalIP")
                try writer.field("address", address.description)
            }
            guard let port = node.kubeletPort else { return }
            try writer.object("daemonEndpoints") { (writer: inout JSONWriter) throws(Failure) in
                try writer.object("kubeletEndpoint") { (writer: inout JSONWriter) throws(Failure) in
                    try writer.field("Port", port)
                }
            }
        }
    }

    private static func write(_ service: Service, to writer: inout JSONWriter) throws(DocumentWriterError) {
        try writer.object("spec") { (writer: inout JSONWriter) throws(Failure) in
            try addresses("clusterIPs", service.clusterAddresses, to: &writer)
            try addresses("externalIPs", service.externalAddresses, to: &writer)
            try writer.objects("ports", service.ports) {
                (writer: inout JSONWriter, port: Service.Port) throws(Failure) in
                try writer.field("name", port.name)
                try writer.field("port", port.port)
                try writer.field("protocol", port.transport.description)
                try writer.field("nodePort", port.nodePort)
            }
        }
    }

    static func addresses(
        _ key: String,
        _ addresses: [IPAddress],
        to writer: inout JSONWriter
    ) throws(DocumentWriterError) {
        try writer.array(key, addresses) { (writer: inout JSONWriter, address: IPAddress) throws(Failure) in
            try writer.string(address.description)
        }
    }
}
