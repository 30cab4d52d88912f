import NetModel

/// What was seen of connections within windows, beside their records and in their order, in 24 bytes each: without
/// windows it takes nothing.
struct WindowStore: Sendable {
    /// Numbers within a window fit 32 bits, but for those of a few connections, which stand in `large`.
    private struct Packed: Sendable {
        var sentBytes: UInt32 = 0
        var sentPackets: UInt32 = 0
        var receivedBytes: UInt32 = 0
        var receivedPackets: UInt32 = 0
        var observer: UInt16 = 0
        var zone: UInt16 = 0
        var marks: UInt8 = 0
        var stateBefore: ConntrackState?
        var flags: Flags = []
    }

    private struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        static let isPresent = Flags(rawValue: 1 << 0)
        static let hasSent = Flags(rawValue: 1 << 1)
        static let hasReceived = Flags(rawValue: 1 << 2)
        static let isLarge = Flags(rawValue: 1 << 3)
    }

    private struct Large: Sendable {
        var sent: Counters
        var received: Counters
    }

    private static let segmentBits = 14
    private static let segmentMask = 1 << segmentBits - 1
    private var segments: [[Packed]] = []
    private var count = 0
    private var large: [Int: Large] = [:]

    /// Whether no connection has a window.
    var isEmpty: Bool { count == 0 }

    /// What was seen of the connection at an index; nil where no observer had a window.
    subscript(index: Int) -> ConnectionWindow? {
        @inline(__always) get { index < count ? unpacked(index) : nil }
        set {
            guard let newValue else { return }
            while count <= index { append(Packed()) }
            segments[index >> Self.segmentBits][index & Self.segmentMask] = packed(newValue, at: index)
        }
    }

    /// Adds what was seen of the connection at an index behind all that have anything.
    @inline(__always)
    mutating func append(_ window: ConnectionWindow, at index: Int) {
        while count < index { append(Packed()) }
        append(packed(window, at: index))
    }

    /// Gives back the memory of a segment once the last of it was read; none of it can be read again.
    mutating func forgetSegment(endingWith index: Int) {
        if index < count, index & Self.segmentMask == Self.segmentMask { segments[index >> Self.segmentBits] = [] }
    }

    private func unpacked(_ index: Int) -> ConnectionWindow? {
        let packed = segments[index >> Self.segmentBits][index & Self.segmentMask]
        guard packed.flags.contains(.isPresent) else { return nil }
        var sent = Counters(packets: UInt64(packed.sentPackets), bytes: UInt64(packed.sentBytes))
        var received = Counters(packets: UInt64(packed.receivedPackets), bytes: UInt64(packed.receivedBytes))
        if packed.flags.contains(.isLarge), let large = large[index] { (sent, received) = (large.sent, large.received) }
        return ConnectionWindow(
            marks: WindowObservation.Marks(rawValue: packed.marks),
            sent: packed.flags.contains(.hasSent) ? sent : nil,
            received: packed.flags.contains(.hasReceived) ? received : nil,
            stateBefore: packed.stateBefore,
            reporter: ConnectionWindow.Reporter(observer: packed.observer, zone: packed.zone)
        )
    }

    @inline(__always)
    private mutating func packed(_ window: ConnectionWindow, at index: Int) -> Packed {
        let sent = window.sent ?? .zero
        let received = window.received ?? .zero
        var packed = Packed()
        packed.observer = window.reporter.observer
        packed.zone = window.reporter.zone
        packed.marks = window.marks.rawValue
        packed.stateBefore = window.stateBefore
        packed.flags = .isPresent
        if window.sent != nil { packed.flags.insert(.hasSent) }
        if window.received != nil { packed.flags.insert(.hasReceived) }
        if (sent.bytes | sent.packets | received.bytes | received.packets) >> 32 != 0 {
            packed.flags.insert(.isLarge)
            large[index] = Large(sent: sent, received: received)
        } else {
            packed.sentBytes = UInt32(truncatingIfNeeded: sent.bytes)
            packed.sentPackets = UInt32(truncatingIfNeeded: sent.packets)
            packed.receivedBytes = UInt32(truncatingIfNeeded: received.bytes)
            packed.receivedPackets = UInt32(truncatingIfNeeded: received.packets)
        }
        return packed
    }

    private mutating func append(_ packed: Packed) {
        if count & Self.segmentMask == 0 {
            var segment: [Packed] = []
            segment.reserveCapacity(1 << Self.segmentBits)
            segments.append(segment)
        }
        segments[count >> Self.segmentBits].append(packed)
        count += 1
    }
}
