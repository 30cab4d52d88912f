import TestSupport

/// The cluster that the traffic tests play: every host is a pod on a node of its own, the router is the node `edge`
/// that translates Services and NodePorts, and `external` is a machine outside.
enum LabCluster {
    static let topology = LabTopology(
        hosts: [
            host("client-0", network: 1),
            host("client-1", network: 2, accounting: false),
            host("server-0", network: 3),
            host("server-1", network: 4, accounting: false, drops: ["udp dport 9999", "tcp dport 9998"]),
            LabHost(
                "external",
                ipv4: "172.16.0.2",
                ipv6: "fd00:172::2",
                gatewayIPv4: "172.16.0.1",
                gatewayIPv6: "fd00:172::1"
            ),
        ],
        services: [
            LabService(.tcp, ipv4: "10.96.0.10", ipv6: "fd00:96::10", port: 80, server: "server-0", serverPort: 8080),
            LabService(.udp, ipv4: "10.96.0.53", ipv6: "fd00:96::53", port: 53, server: "server-1", serverPort: 5353),
            LabService(
                .tcp,
                ipv4: "10.240.0.10",
                ipv6: "fd00:240::10",
                port: 30080,
                server: "server-0",
                serverPort: 8080,
                masquerades: true
            ),
        ],
        masqueradedTowards: ["external"]
    )

    /// The hosts that are pods, with the node each runs on.
    static let nodes = [
        "client-0": "worker-1", "client-1": "worker-2", "server-0": "worker-3", "server-1": "worker-4",
        NetworkLab.router: "edge",
    ]

    private static func host(
        _ name: String,
        network: Int,
        accounting: Bool = true,
        drops: [String] = []
    ) -> LabHost {
        LabHost(
            name,
            ipv4: "10.244.\(network).2",
            ipv6: "fd00:244:\(network)::2",
            gatewayIPv4: "10.244.\(network).1",
            gatewayIPv6: "fd00:244:\(network)::1",
            accounting: accounting,
            drops: drops
        )
    }
}
