/// The cluster's connections as `conntrack -L -o extended` prints them, with accounting and timestamps on.
///
/// No two lines have the same original tuple: every address counts its own source ports.
struct ConntrackLines {
    private let cluster: SyntheticCluster
    private var random = SplitMix64(seed: 2)
    private var lastPorts: [String: Int] = [:]

    init(cluster: SyntheticCluster) {
        self.cluster = cluster
    }

    /// Writes `count` lines into the file at `path` unless it is there.
    mutating func write(_ count: Int, to path: String) throws(BenchmarkError) {
        try makeFile(path) { (file: inout FileWriter) throws(BenchmarkError) in
            for _ in 0..<count { try file.write(next()) }
        }
    }

    /// The next line: of a hundred, 70 go to a Service and are translated, 20 of those to the cluster's DNS.
    mutating func next() -> String {
        let client = cluster.pods[random.below(cluster.pods.count)]
        let workload = cluster.workloads[client.workload]
        let dialled = cluster.workloads[workload.dials[random.below(workload.dials.count)]]
        let server = pod(of: dialled)
        switch random.below(100) {
        case 0..<50: return toService(client, dialled, server)
        case 50..<70: return toDNS(client)
        case 70..<76:
            let node = cluster.nodes[client.node].address
            return tcp(from: node, to: client.address, port: workload.targetPort)
        case 76..<84: return toOutside(client)
        case 84..<88: return fromOutside(dialled, server)
        case 88..<93: return tcp(from: client.addressV6, to: server.addressV6, port: dialled.targetPort)
        case 93..<97: return tcp(from: client.address, to: server.address, port: dialled.targetPort)
        case 97..<99: return unanswered(client, server)
        default: return ping(client, server)
        }
    }

    private mutating func toService(
        _ client: SyntheticCluster.Pod,
        _ service: SyntheticCluster.Workload,
        _ server: SyntheticCluster.Pod
    ) -> String {
        let port = sourcePort(of: client.address)
        return tcp(
            original: (client.address, port, service.clusterIP, service.port),
            reply: (server.address, service.targetPort, client.address, port)
        )
    }

    private mutating func toDNS(_ client: SyntheticCluster.Pod) -> String {
        let service = cluster.workloads[0]
        let port = sourcePort(of: client.address)
        let packets = 1 + random.below(2)
        let original = "src=\(client.address) dst=\(service.clusterIP) sport=\(port) dport=\(service.port)"
        let reply = "src=\(pod(of: service).address) dst=\(client.address) sport=\(service.targetPort) dport=\(port)"
        return "ipv4     2 udp      17 \(random.below(30)) \(original) \(counters(packets, size: 78)) "
            + "\(reply) \(counters(packets, size: 160)) \(end(assured: false))"
    }

    /// Masqueraded behind the node's address, with another source port.
    private mutating func toOutside(_ client: SyntheticCluster.Pod) -> String {
        let port = sourcePort(of: client.address)
        let node = cluster.nodes[client.node].address
        let outside = "198.51.100.\(random.below(254) + 1)"
        return tcp(
            original: (client.address, port, outside, 443),
            reply: (outside, 443, node, 32768 + random.below(28232))
        )
    }

    /// To a NodePort, sent on to a pod and masqueraded.
    private mutating func fromOutside(
        _ service: SyntheticCluster.Workload,
        _ server: SyntheticCluster.Pod
    ) -> String {
        let outside = "203.0.113.\(random.below(254) + 1)"
        let port = sourcePort(of: outside)
        let node = cluster.nodes[random.below(cluster.nodes.count)].address
        let nodePort = 30000 + service.pods.lowerBound / SyntheticCluster.replicas
        return tcp(
            original: (outside, port, node, nodePort),
            reply: (server.address, service.targetPort, node, 32768 + random.below(28232))
        )
    }

    private mutating func unanswered(_ client: SyntheticCluster.Pod, _ server: SyntheticCluster.Pod) -> String {
        let port = sourcePort(of: client.address)
        let original = "src=\(client.address) dst=\(server.address) sport=\(port) dport=8125"
        let reply = "src=\(server.address) dst=\(client.address) sport=8125 dport=\(port)"
        return "ipv4     2 tcp      6 \(random.below(120)) SYN_SENT \(original) \(counters(3, size: 60)) [UNREPLIED] "
            + "\(reply) packets=0 bytes=0 \(end(assured: false))"
    }

    private mutating func ping(_ client: SyntheticCluster.Pod, _ server: SyntheticCluster.Pod) -> String {
        let id = sourcePort(of: client.address)
        let original = "src=\(client.address) dst=\(server.address) type=8 code=0 id=\(id)"
        let reply = "src=\(server.address) dst=\(client.address) type=0 code=0 id=\(id)"
        return "ipv4     2 icmp     1 \(random.below(30)) \(original) \(counters(4, size: 84)) "
            + "\(reply) \(counters(4, size: 84)) \(end(assured: false))"
    }

    private mutating func tcp(from source: String, to destination: String, port: Int) -> String {
        let client = sourcePort(of: source)
        return tcp(original: (source, client, destination, port), reply: (destination, port, source, client))
    }

    private mutating func tcp(
        original: (String, Int, String, Int),
        reply: (String, Int, String, Int)
    ) -> String {
        let family = original.0.utf8.contains(UInt8(ascii: ":")) ? "ipv6     10" : "ipv4     2"
        let state: String
        let timeout: Int
        switch random.below(20) {
        case 0..<11: (state, timeout) = ("TIME_WAIT", random.below(120))
        case 11..<18: (state, timeout) = ("ESTABLISHED", 86400 - random.below(600))
        case 18: (state, timeout) = ("CLOSE_WAIT", random.below(60))
        default: (state, timeout) = ("CLOSE", random.below(10))
        }
        let packets = 5 + random.below(60)
        let (source, sourcePort, destination, destinationPort) = original
        let (replySource, replySourcePort, replyDestination, replyDestinationPort) = reply
        return "\(family) tcp      6 \(timeout) \(state) src=\(source) dst=\(destination) sport=\(sourcePort) "
            + "dport=\(destinationPort) \(counters(packets, size: 70)) src=\(replySource) dst=\(replyDestination) "
            + "sport=\(replySourcePort) dport=\(replyDestinationPort) \(counters(packets, size: 700)) "
            + end(assured: true)
    }

    private mutating func counters(_ packets: Int, size: Int) -> String {
        "packets=\(packets) bytes=\(packets * size + random.below(size) / 2)"
    }

    private mutating func end(assured: Bool) -> String {
        "\(assured ? "[ASSURED] " : "")mark=0 delta-time=\(random.below(3600)) use=1\n"
    }

    private mutating func pod(of workload: SyntheticCluster.Workload) -> SyntheticCluster.Pod {
        cluster.pods[workload.pods.lowerBound + random.below(workload.pods.count)]
    }

    /// Ports from 32768 up as Linux picks them (`ip_local_port_range`), one more at each call; of a million lines no
    /// address has more than a thousand.
    private mutating func sourcePort(of address: String) -> Int {
        let port = lastPorts[address, default: 32767] + 1
        lastPorts[address] = port
        return port
    }
}
