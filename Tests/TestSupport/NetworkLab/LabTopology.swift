/// A host of the lab: a network namespace with one link to the router.
package struct LabHost: Sendable {
    /// At most 12 characters, because the router's interface is called `to-NAME`.
    package let name: String
    /// Its IPv4 address, in a /24 of its own.
    package let ipv4: String
    /// Its IPv6 address, in a /64 of its own.
    package let ipv6: String
    /// The router's addresses on the link.
    package let gatewayIPv4: String
    package let gatewayIPv6: String
    /// `nf_conntrack_acct`: whether packets and bytes are counted here.
    package let accounting: Bool
    /// What the host's packet filter drops on input without an answer, as nftables matches: `udp dport 9999`.
    package let drops: [String]

    package init(
        _ name: String,
        ipv4: String,
        ipv6: String,
        gatewayIPv4: String,
        gatewayIPv6: String,
        accounting: Bool = true,
        drops: [String] = []
    ) {
        self.name = name
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.gatewayIPv4 = gatewayIPv4
        self.gatewayIPv6 = gatewayIPv6
        self.accounting = accounting
        self.drops = drops
    }
}

/// Addresses and a port which the router translates to a server, as kube-proxy does for a Service.
package struct LabService: Sendable {
    package enum Transport: String, Sendable {
        case tcp, udp, sctp
    }

    package let transport: Transport
    /// The addresses that clients dial; nil where the family has none.
    package let ipv4: String?
    package let ipv6: String?
    package let port: UInt16
    /// The name of the host that answers.
    package let server: String
    package let serverPort: UInt16
    /// Whether the server sees the router as its client, as with a NodePort and `externalTrafficPolicy: Cluster`.
    package let masquerades: Bool

    package init(
        _ transport: Transport,
        ipv4: String?,
        ipv6: String?,
        port: UInt16,
        server: String,
        serverPort: UInt16,
        masquerades: Bool = false
    ) {
        self.transport = transport
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.port = port
        self.server = server
        self.serverPort = serverPort
        self.masquerades = masquerades
    }
}

/// Hosts joined by one router that forwards IPv4 and IPv6, every one of them tracking connections.
package struct LabTopology: Sendable {
    package let hosts: [LabHost]
    package let services: [LabService]
    /// The hosts which the others reach only behind the router's own address, as a cluster reaches the world.
    package let masqueradedTowards: Set<String>
    /// `nf_conntrack_acct` of the router.
    package let routerAccounting: Bool

    package init(
        hosts: [LabHost],
        services: [LabService] = [],
        masqueradedTowards: Set<String> = [],
        routerAccounting: Bool = true
    ) {
        self.hosts = hosts
        self.services = services
        self.masqueradedTowards = masqueradedTowards
        self.routerAccounting = routerAccounting
    }
}
