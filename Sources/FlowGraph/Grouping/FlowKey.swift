import NetModel

/// What tells one flow from another under a grouping: positions of groups, a service, a port.
struct FlowKey: Hashable {
    var source: UInt32
    var destination: UInt32
    /// Position of the service + 1, 0 for none.
    var service: UInt32
    /// The server's port, or one of the two values that no port has.
    var port: UInt32
    var transport: TransportProtocol
    var leg: Leg?

    /// The grouping does not keep ports, or the protocol has none.
    static let noPort: UInt32 = 1 << 16
    /// A port that was handed out for one connection.
    static let ephemeralPort: UInt32 = 1 << 17

    /// The two groups in one word.
    var pair: UInt64 { (UInt64(source) << 32) | UInt64(destination) }

    /// The whole key in two words: 32 bits each for the groups and the service, 18 for the port, 8 and 2 for the rest.
    var words: (UInt64, UInt64) {
        let legBits: UInt64 =
            switch leg {
            case nil: 0
            case .overlay: 1
            case .mesh: 2
            }
        return (
            pair,
            (UInt64(service) << 32) | (UInt64(port) << 12) | (UInt64(transport.rawValue) << 2) | legBits
        )
    }
}
