import NetModel

/// A TCP entry from a port of 10.0.0.1 to 10.0.0.2:80, or the same over IPv6.
func tcp(
    _ port: UInt16,
    id: UInt32 = 1,
    event: ConntrackEntry.Event? = nil,
    state: ConntrackState? = nil,
    sent: UInt64? = nil,
    received: UInt64? = nil,
    timeout: UInt32? = 100,
    zone: UInt16 = 0,
    isIPv6: Bool = false
) -> ConntrackEntry {
    let client = isIPv6 ? IPAddress(high: 0xFD00_0000_0000_0000, low: 1) : IPAddress(ipv4: 0x0A00_0001)
    let server = isIPv6 ? IPAddress(high: 0xFD00_0000_0000_0000, low: 2) : IPAddress(ipv4: 0x0A00_0002)
    let original = Tuple(
        source: client,
        sourcePort: port,
        destination: server,
        destinationPort: 80,
        transport: .tcp
    )
    return ConntrackEntry(
        original: original,
        reply: original.inverted,
        event: event,
        state: state ?? (event == .new ? .synSent : .established),
        status: [.seenReply],
        originalCounters: sent.map { Counters(packets: $0, bytes: $0 * 100) },
        replyCounters: received.map { Counters(packets: $0, bytes: $0 * 1000) },
        timeout: timeout,
        zone: zone,
        id: id
    )
}

/// One told connection in words: its port, its marks, and what it carried within the window.
struct Told: Equatable, CustomStringConvertible {
    let description: String

    init(_ entry: ConntrackEntry, _ observation: WindowObservation) {
        let names: [(WindowObservation.Marks, String)] = [
            (.inFirstDump, "first"), (.inSecondDump, "second"), (.newEvent, "new"), (.destroyEvent, "destroy"),
            (.countersWentDown, "down"), (.refreshed, "refreshed"), (.pickedUp, "picked-up"),
        ]
        var words = ["\(entry.original.sourcePort)"]
        words += names.filter { observation.marks.contains($0.0) }.map(\.1)
        if let original = observation.original, let reply = observation.reply {
            words.append("\(original.packets)/\(original.bytes)")
            words.append("\(reply.packets)/\(reply.bytes)")
        }
        if let before = observation.stateBefore { words.append("was \(before.name)") }
        description = words.joined(separator: " ")
    }
}
