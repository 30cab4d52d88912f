import NetModel

/// A set of address, port and transport that answers in some ten nanoseconds: it is asked for both ends of every
/// connection. Open addressing, at most half full.
struct PortSet: Sendable {
    /// A free slot has no transport; protocol 0 (IPv6 hop-by-hop options) has no ports.
    private var slots: [PortKey]
    private let mask: Int
    /// Of every port whether any key has it: most clients' ports nobody declares, and this is near at hand.
    private var ports = [Bool](repeating: false, count: 1 << 16)
    /// Keeps a cluster's users from choosing addresses that collide.
    private let seed = UInt64.random(in: 0...UInt64.max) | 1

    init(_ keys: Set<PortKey>) {
        var capacity = 2
        while capacity < keys.count * 2 { capacity *= 2 }
        let free = PortKey(address: IPAddress(high: 0, low: 0), port: 0, transport: TransportProtocol(rawValue: 0))
        slots = Array(repeating: free, count: capacity)
        mask = capacity - 1
        for key in keys where key.transport.rawValue != 0 {
            var index = slot(of: key)
            while slots[index].transport.rawValue != 0 { index = (index + 1) & mask }
            slots[index] = key
            ports[Int(key.port)] = true
        }
    }

    func contains(_ key: PortKey) -> Bool {
        guard ports[Int(key.port)] else { return false }
        var index = slot(of: key)
        while slots[index].transport.rawValue != 0 {
            let found = slots[index]
            if found.address.low == key.address.low, found.address.high == key.address.high, found.port == key.port,
                found.transport.rawValue == key.transport.rawValue
            {
                return true
            }
            index = (index + 1) & mask
        }
        return false
    }

    private func slot(of key: PortKey) -> Int {
        let ends = UInt64(key.port) << 8 | UInt64(key.transport.rawValue)
        let first = (key.address.high ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        let second = (key.address.low ^ seed ^ ends << 40).multipliedFullWidth(by: first.high ^ first.low | 1)
        return Int(truncatingIfNeeded: second.high ^ second.low) & mask
    }
}
