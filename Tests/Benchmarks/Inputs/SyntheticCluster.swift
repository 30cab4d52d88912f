/// A cluster of 125 nodes and 500 Deployments of 20 pods, each behind a Service; the same at every call.
struct SyntheticCluster {
    struct Node {
        let name: String
        let uid: String
        let address: String
        let podRange: String
    }

    /// A Deployment with its ReplicaSet, its pods and its Service.
    struct Workload {
        let name: String
        let namespace: String
        let uid: String
        let replicaSet: String
        let replicaSetUID: String
        let service: String
        let clusterIP: String
        let clusterIPv6: String
        let port: Int
        let targetPort: Int
        /// Indices into `pods`.
        let pods: Range<Int>
        /// Indices into `workloads`: whose Services the pods dial.
        let dials: [Int]
    }

    struct Pod {
        let name: String
        let uid: String
        let address: String
        let addressV6: String
        /// Index into `nodes`.
        let node: Int
        /// Index into `workloads`.
        let workload: Int
    }

    static let nodeCount = 125
    static let replicas = 20
    private static let namespaces = [
        "kube-system", "accounts", "basket", "billing", "catalogue", "checkout", "delivery", "fraud", "identity",
        "invoices", "loyalty", "mail", "payments", "pricing", "reporting", "returns", "reviews", "search", "stock",
        "warehouse",
    ]
    private static let roles = [
        "dns", "admin", "api", "audit", "batch", "broker", "cache", "consumer", "cron", "database", "events", "export",
        "frontend", "gateway", "import", "index", "mailer", "metrics", "notifier", "proxy", "queue", "sync", "tasks",
        "web", "worker",
    ]
    private static let ports = [
        (80, 8080), (443, 8443), (8080, 8080), (9090, 9090), (5432, 5432), (6379, 6379), (50051, 50051), (80, 3000),
    ]

    let nodes: [Node]
    let workloads: [Workload]
    let pods: [Pod]

    init() {
        var random = SplitMix64(seed: 1)
        nodes = (1...Self.nodeCount).map { number in
            Node(
                name: "n\(number)",
                uid: random.uid(),
                address: "10.99.\(number / 100).\(number % 100 + 11)",
                podRange: "10.244.\(number).0/24"
            )
        }
        let count = Self.namespaces.count * Self.roles.count
        let workloads = (0..<count).map { index in
            // The first one answers the cluster's DNS, as CoreDNS does.
            let (port, targetPort) = index == 0 ? (53, 53) : Self.ports[index % Self.ports.count]
            let name = index == 0 ? "coredns" : Self.roles[index % Self.roles.count]
            return Workload(
                name: name,
                namespace: Self.namespaces[index / Self.roles.count],
                uid: random.uid(),
                replicaSet: "\(name)-\(random.name(10))",
                replicaSetUID: random.uid(),
                service: index == 0 ? "kube-dns" : name,
                clusterIP: "10.96.\(index / 240).\(index % 240 + 10)",
                clusterIPv6: "fd00:10:96::\(String(index + 10, radix: 16))",
                port: port,
                targetPort: targetPort,
                pods: index * Self.replicas..<(index + 1) * Self.replicas,
                dials: (1...8).map { (index * 7 + $0 * 31) % count }
            )
        }
        self.workloads = workloads
        pods = workloads.indices.flatMap { workload in
            workloads[workload].pods.map { index in
                let node = index % Self.nodeCount
                let slot = index / Self.nodeCount + 2
                return Pod(
                    name: "\(workloads[workload].replicaSet)-\(random.name(5))",
                    uid: random.uid(),
                    address: "10.244.\(node + 1).\(slot)",
                    addressV6: "fd00:10:244:\(String(node + 1, radix: 16))::\(String(slot, radix: 16))",
                    node: node,
                    workload: workload
                )
            }
        }
    }
}
