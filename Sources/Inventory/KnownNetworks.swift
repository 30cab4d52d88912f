import NetModel

/// The networks that a cluster's own addresses come from: outside of them an address is external.
struct KnownNetworks {
    private var networks: Set<IPPrefix> = []
    private var lengths: Set<Int> = []

    mutating func add(_ prefix: IPPrefix) {
        networks.insert(prefix)
        lengths.insert(prefix.length)
    }

    /// Adds the neighbourhood of an address: its /24, or /64 for IPv6.
    mutating func add(around address: IPAddress) {
        add(IPPrefix(address, length: address.isIPv4 ? 24 : 64))
    }

    func contains(_ address: IPAddress) -> Bool {
        lengths.contains { $0 <= address.bitWidth && networks.contains(IPPrefix(address, length: $0)) }
    }
}
