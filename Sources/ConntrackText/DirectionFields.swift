import NetModel

/// What has been read of one direction: its tuple and the counters that follow it.
struct DirectionFields {
    private struct Seen: OptionSet {
        let rawValue: UInt8
        static let source = Seen(rawValue: 1)
        static let destination = Seen(rawValue: 1 << 1)
        /// Source port, GRE source key or ICMP identifier.
        static let sourcePort = Seen(rawValue: 1 << 2)
        /// Destination port or GRE destination key.
        static let destinationPort = Seen(rawValue: 1 << 3)
        static let icmpType = Seen(rawValue: 1 << 4)
        static let icmpCode = Seen(rawValue: 1 << 5)
        static let packets = Seen(rawValue: 1 << 6)
        static let bytes = Seen(rawValue: 1 << 7)

        static let addresses: Seen = [.source, .destination]
        static let ports: Seen = [.sourcePort, .destinationPort]
        static let icmp: Seen = [.icmpType, .icmpCode, .sourcePort]
        static let counters: Seen = [.packets, .bytes]
        static let tuple: Seen = [.source, .destination, .sourcePort, .destinationPort]
    }

    private(set) var tuple: Tuple
    private var packets: UInt64 = 0
    private var bytes: UInt64 = 0
    private var seen: Seen = []

    @inline(__always)
    init(transport: TransportProtocol) {
        let unspecified = IPAddress(ipv4: 0)
        tuple = Tuple(
            source: unspecified,
            sourcePort: 0,
            destination: unspecified,
            destinationPort: 0,
            transport: transport
        )
    }

    /// A direction with ports of which all has been read.
    @inline(__always)
    init(_ tuple: Tuple, _ counters: Counters?) {
        self.tuple = tuple
        seen = .tuple
        guard let counters else { return }
        packets = counters.packets
        bytes = counters.bytes
        seen.formUnion(.counters)
    }

    /// Whether nothing of the direction has been read.
    @inline(__always) var isUntouched: Bool { seen.isEmpty }
    @inline(__always) var hasSource: Bool { seen.contains(.source) }
    @inline(__always) var hasAddresses: Bool { seen.contains(.addresses) }
    /// Whether an `id=` that comes now is the tuple's and not the entry's.
    @inline(__always) var awaitsICMPIdentifier: Bool {
        seen.contains(.icmpType) && !seen.contains(.sourcePort)
    }

    /// Nil when one of the two is missing.
    @inline(__always) var counters: Counters? {
        seen.isSuperset(of: .counters) ? Counters(packets: packets, bytes: bytes) : nil
    }

    /// Reads the value of `key` at `position`, which is after the `=` of the word at `start`.
    @inline(__always)
    mutating func read(
        _ key: Vocabulary.Key,
        in line: Span<UInt8>,
        at position: inout Int,
        wordStart start: Int
    ) throws(LineFailure) {
        switch key {
        case .source:
            try mark(.source, start)
            tuple.source = try address(line, &position, start)
        case .destination:
            try mark(.destination, start)
            tuple.destination = try address(line, &position, start)
        case .sourcePort:
            try mark(.sourcePort, start)
            tuple.sourcePort = try line.number(&position, start, .invalidPort)
        case .destinationPort:
            try mark(.destinationPort, start)
            tuple.destinationPort = try line.number(&position, start, .invalidPort)
        case .packets:
            try mark(.packets, start)
            packets = try line.number(&position, start, .invalidNumber)
        case .bytes:
            try mark(.bytes, start)
            bytes = try line.number(&position, start, .invalidNumber)
        case .icmpType:
            try mark(.icmpType, start)
            let type: UInt8 = try line.number(&position, start, .invalidICMP)
            tuple.destinationPort |= UInt16(type) << 8
        case .icmpCode:
            try mark(.icmpCode, start)
            let code: UInt8 = try line.number(&position, start, .invalidICMP)
            tuple.destinationPort |= UInt16(code)
        case .identifier:
            try mark(.sourcePort, start)
            tuple.sourcePort = try line.number(&position, start, .invalidICMP)
        case .greSourceKey:
            try mark(.sourcePort, start)
            tuple.sourcePort = try key16(line, &position, start)
        case .greDestinationKey:
            try mark(.destinationPort, start)
            tuple.destinationPort = try key16(line, &position, start)
        case .mark, .use, .zone, .deltaTime:
            break
        }
    }

    /// Whether all that this protocol's tuple must have is there, and counters are both there or both absent.
    ///
    /// Ports are wanted of TCP and UDP. A kernel without the tracker of another protocol prints its tuples without
    /// ports or keys; but one of the two alone is a line cut short.
    @inline(__always)
    var isComplete: Bool {
        guard seen.isSuperset(of: .addresses) else { return false }
        let counters = seen.intersection(.counters)
        guard counters.isEmpty || counters == .counters else { return false }
        let transport = tuple.transport
        if transport.isICMP { return seen.isSuperset(of: .icmp) }
        let ports = seen.intersection(.ports)
        return ports == .ports || ports.isEmpty && transport != .tcp && transport != .udp
    }

    @inline(__always)
    func isOfFamily(isIPv4: Bool) -> Bool {
        tuple.source.isIPv4 == isIPv4 && tuple.destination.isIPv4 == isIPv4
    }

    @inline(__always)
    private mutating func mark(_ field: Seen, _ start: Int) throws(LineFailure) {
        guard !seen.contains(field) else { throw LineFailure(code: .repeatedField, position: start) }
        seen.insert(field)
    }

    @inline(__always)
    private func address(_ line: Span<UInt8>, _ position: inout Int, _ start: Int) throws(LineFailure) -> IPAddress {
        guard let address = line.address(&position) else {
            throw LineFailure(code: .invalidAddress, position: start)
        }
        return address
    }

    private func key16(_ line: Span<UInt8>, _ position: inout Int, _ start: Int) throws(LineFailure) -> UInt16 {
        guard let key = line.greKey(&position) else { throw LineFailure(code: .invalidKey, position: start) }
        return key
    }
}
