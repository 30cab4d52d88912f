import TestSupport

/// One of the two families of addresses that every host of the lab has: what is tested of one is tested of both.
enum LabFamily: String, CaseIterable, Sendable {
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"

    /// The header without options (RFC 791, RFC 8200), in bytes.
    var header: Int { self == .ipv4 ? 20 : 40 }

    /// A TCP segment without payload as Linux sends it on an open connection: a header of 20 bytes and the timestamps
    /// option, padded to 12 (RFC 7323).
    var segment: Int { header + 32 }

    /// What the options of a SYN, 20 bytes, take more than those of other segments.
    static let synOptions = 8

    /// What curl, nc and others are told to use.
    var flag: String { self == .ipv4 ? "-4" : "-6" }

    /// The bytes of a TCP connection's one direction, from the first SYN to the last acknowledgement, in which no
    /// segment went twice and none is a reset: every packet has its headers.
    func tcpBytes(payload: Int, packets: Int, connections: Int = 1) -> Int {
        payload + packets * segment + connections * Self.synOptions
    }

    /// The address of a host of the lab.
    func address(of host: String) -> String {
        guard let host = LabCluster.topology.hosts.first(where: { $0.name == host }) else { return "no host \(host)" }
        return self == .ipv4 ? host.ipv4 : host.ipv6
    }

    /// The address as it stands in URLs and in the arguments of socat.
    func literal(_ address: String) -> String { self == .ipv4 ? address : "[\(address)]" }
}
