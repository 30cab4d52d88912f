import NetModel
import TestSupport

/// Entries and windows of any form, made of a seed: every field there or not, usual, at its limits, or random.
struct AnyEntry {
    var random: SplitMix
    /// Random, or the same for all, so that a block holds many kinds or few.
    var manyKinds = true

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    private let transports: [UInt8] = [1, 4, 6, 17, 33, 47, 50, 58, 132, 136, 0, 255]

    mutating func entry() -> ConntrackEntry {
        let transport = TransportProtocol(rawValue: random.pick(transports))
        let isIPv4 = !random.chance(3)
        let original = Tuple(
            source: address(isIPv4: isIPv4),
            sourcePort: port(of: transport),
            destination: address(isIPv4: isIPv4),
            destinationPort: port(of: transport),
            transport: transport
        )
        var reply = original.inverted
        if random.chance(3) { reply.source = address(isIPv4: isIPv4) }
        if random.chance(3) { reply.destination = address(isIPv4: isIPv4 != random.chance(50)) }
        if random.chance(3) { reply.sourcePort = port(of: transport) }
        if random.chance(3) { reply.destinationPort = port(of: transport) }
        if random.chance(50) { reply.transport = TransportProtocol(rawValue: random.pick(transports)) }
        var entry = ConntrackEntry(original: original, reply: reply)
        entry.originalCounters = maybe { $0.counters() }
        entry.replyCounters = maybe { $0.counters() }
        entry.timeout = maybe { UInt32(truncatingIfNeeded: $0.number()) }
        entry.ageSeconds = maybe { UInt32(truncatingIfNeeded: $0.number()) }
        entry.start = maybe { $0.time() }
        entry.stop = maybe { $0.time() }
        entry.eventTime = maybe { $0.time() }
        guard manyKinds else { return entry }
        entry.event = maybe { $0.random.pick([.new, .update, .destroy]) }
        entry.state = maybe { $0.random.pick(ConntrackState.allCases) }
        entry.status = ConntrackStatus(rawValue: UInt32(truncatingIfNeeded: number()))
        entry.mark = maybe { UInt32(truncatingIfNeeded: $0.number()) }
        entry.zone = random.chance(2) ? 0 : UInt16(truncatingIfNeeded: number())
        return entry
    }

    mutating func window(of entry: ConntrackEntry) -> WindowObservation {
        var window = WindowObservation(marks: .inFirstDump)
        window.original = random.chance(3) ? entry.originalCounters : maybe { $0.counters() }
        window.reply = random.chance(3) ? entry.replyCounters : maybe { $0.counters() }
        guard manyKinds else { return window }
        window.marks = WindowObservation.Marks(rawValue: UInt8(truncatingIfNeeded: random.next()))
        window.stateBefore = maybe { $0.random.pick(ConntrackState.allCases) }
        return window
    }

    private mutating func maybe<Value>(_ value: (inout AnyEntry) -> Value) -> Value? {
        random.chance(2) ? nil : value(&self)
    }

    private mutating func address(isIPv4: Bool) -> IPAddress {
        let bits = random.chance(3) ? random.next() : random.next() % 300
        return isIPv4
            ? IPAddress(ipv4: random.pick([UInt32(truncatingIfNeeded: bits), 0, .max, 0x0AF4_0001]))
            : IPAddress(high: random.pick([0, 0xFD00_0010_0244_0000, random.next()]), low: bits)
    }

    private mutating func port(of transport: TransportProtocol) -> UInt16 {
        // ICMP: echo and timestamp, asked and answered.
        transport.isICMP
            ? random.pick([8 << 8, 0, 13 << 8, 14 << 8 | 1, 128 << 8, 129 << 8, 7])
            : random.pick([80, 443, 0, .max, UInt16(truncatingIfNeeded: random.next())])
    }

    private mutating func number() -> UInt64 {
        random.pick([0, 1, 127, 128, 86_400, UInt64(UInt32.max), .max, random.next(), random.next() % 100_000])
    }

    private mutating func counters() -> Counters {
        random.chance(4) ? .zero : Counters(packets: number(), bytes: number())
    }

    private mutating func time() -> Timestamp {
        let now: Int64 = 1_795_000_000_000_000_000
        let near = now + Int64(random.next() % 20_000_000_000)
        return Timestamp(nanoseconds: random.pick([near, near, near, 0, .min, .max, -1]))
    }
}
