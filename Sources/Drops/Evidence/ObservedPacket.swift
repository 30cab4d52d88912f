import FirewallRules
import NetModel

/// One of a connection's packets, as it looks somewhere on its way.
struct ObservedPacket: Hashable {
    var source: IPAddress
    var sourcePort: UInt16
    var destination: IPAddress
    var destinationPort: UInt16
    var transport: TransportProtocol
    var direction: DropEvidence.Direction
    /// Whether the connection was dialled at another address than the server's, and whether the server sees another
    /// client: on some node on the way, which need not be this one.
    var isTranslated: Bool
    var isMasqueraded: Bool
}

extension ConnectionAttempt {
    /// As what the connection's packets can come to a hook.
    ///
    /// Before translation the client's packets have the address dialled; on a later node, and behind the translation, the
    /// server's, and a masquerading node's as their source. What the server answers has the client that it sees as its
    /// destination, until the masquerading node has put the client's own back, which is before it filters.
    func packets(at hook: ChainHook) -> [ObservedPacket] {
        var packets: [ObservedPacket] = []
        func add(_ packet: ObservedPacket) {
            if !packets.contains(packet) { packets.append(packet) }
        }
        let isBefore = hook.isBeforeTranslation
        if isBefore { add(original(from: client, clientPort, to: dialled, dialledPort)) }
        add(original(from: client, clientPort, to: server, serverPort))
        add(original(from: seenClient, seenClientPort, to: server, serverPort))
        add(reply(to: seenClient, seenClientPort))
        if !isBefore { add(reply(to: client, clientPort)) }
        return packets
    }

    private func original(
        from source: IPAddress, _ sourcePort: UInt16, to destination: IPAddress, _ destinationPort: UInt16
    ) -> ObservedPacket {
        ObservedPacket(
            source: source, sourcePort: sourcePort, destination: destination, destinationPort: destinationPort,
            transport: transport, direction: .original, isTranslated: isTranslated, isMasqueraded: isMasqueraded)
    }

    private func reply(to destination: IPAddress, _ destinationPort: UInt16) -> ObservedPacket {
        ObservedPacket(
            source: server, sourcePort: serverPort, destination: destination, destinationPort: destinationPort,
            transport: transport, direction: .reply, isTranslated: isTranslated, isMasqueraded: isMasqueraded)
    }

    private var isTranslated: Bool { dialled != server || dialledPort != serverPort }
    private var isMasqueraded: Bool { client != seenClient || clientPort != seenClientPort }
}
