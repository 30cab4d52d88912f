import NetModel
import TestSupport

/// The entries of two nodes that are busy in different ways.
enum FullNode {
    private static let now: Int64 = 1_795_000_000_000_000_000

    /// One of a million established connections that carried nothing yet, made within 20 s, every third with another
    /// address behind the one that was dialled; `index` is its place in the table, which has no order.
    static func entry(_ index: Int, counters: Counters? = .zero) -> ConntrackEntry {
        let number = index * 611_953 % 1_000_000
        let original = Tuple(
            source: IPAddress(ipv4: 0x0AF4_0000 + UInt32(number % 65_000)),
            sourcePort: UInt16(1024 + number / 65_000 * 53 + number % 20_000),
            destination: IPAddress(ipv4: 0x0A60_0001 + UInt32(number % 97)),
            destinationPort: UInt16(80 + number % 11),
            transport: .tcp
        )
        var reply = original.inverted
        if number % 3 == 0 { reply.source = IPAddress(ipv4: 0x0AF5_0000 + UInt32(number / 65_000 * 7 + number % 251)) }
        return ConntrackEntry(
            original: original,
            reply: reply,
            state: .established,
            status: [.assured, .seenReply],
            originalCounters: counters,
            replyCounters: counters,
            timeout: UInt32(86_380 + number / 50_000),
            mark: 0,
            start: Timestamp(nanoseconds: now + Int64(number) * 20_123)
        )
    }

    /// A short HTTP connection of a pod to a Service, over for some seconds: its Service's address is replaced by that
    /// of one of 60 pods, and every fourth also gets the node's address and another port.
    static func shortConnection(_ random: inout SplitMix) -> ConntrackEntry {
        let original = Tuple(
            source: IPAddress(ipv4: 0x0AF4_0102 + UInt32(random.next() % 60)),
            sourcePort: UInt16(32_768 + random.next() % 28_232),
            destination: IPAddress(ipv4: 0x0A60_0000 + UInt32(random.next() % 4000)),
            destinationPort: random.pick([80, 443, 8080]),
            transport: .tcp
        )
        var reply = original.inverted
        reply.source = IPAddress(ipv4: 0x0AF4_0002 + UInt32(random.next() % 4) << 8 + UInt32(random.next() % 60))
        reply.sourcePort = random.pick([8080, 8443, 3000])
        if random.chance(4) {
            reply.destination = IPAddress(ipv4: 0xC0A8_010A)
            reply.destinationPort = UInt16(1024 + random.next() % 64_000)
        }
        let life = Int64(random.next() % 120_000_000_000)
        return ConntrackEntry(
            original: original,
            reply: reply,
            state: .timeWait,
            status: [.assured, .seenReply],
            originalCounters: Counters(packets: 5 + random.next() % 6, bytes: 400 + random.next() % 3000),
            replyCounters: Counters(packets: 4 + random.next() % 30, bytes: 500 + random.next() % 40_000),
            timeout: UInt32(random.next() % 120),
            mark: 0,
            start: Timestamp(nanoseconds: now - life)
        )
    }
}
