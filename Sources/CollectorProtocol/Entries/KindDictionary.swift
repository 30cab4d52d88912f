/// The kinds of the entries of an open block, each found by its value in one or two steps.
struct KindDictionary: Sendable {
    private(set) var kinds: [EntryKind] = []
    /// What the timeouts of each kind are written as differences from, in seconds.
    private(set) var timeoutBases: [UInt32] = []
    /// Where a kind's hash leads: its index plus one; 0 is free. Twice as many as there are kinds, so that one is free.
    private var slots: [UInt16] = []
    private static let slotCount = StreamFormat.blockKinds * 2

    /// The index of `kind`, which is entered if it is new; nil when it is new and the dictionary is full.
    @inline(__always)
    mutating func index(of kind: EntryKind, timeout: UInt32) -> UInt8? {
        if slots.isEmpty { slots = [UInt16](repeating: 0, count: Self.slotCount) }
        var slot = Int(truncatingIfNeeded: kind.hash) & (Self.slotCount - 1)
        while slots[slot] != 0 {
            let index = Int(slots[slot]) &- 1
            if kinds[index] == kind { return UInt8(truncatingIfNeeded: index) }
            slot = (slot &+ 1) & (Self.slotCount - 1)
        }
        return enter(kind, timeout: timeout, slot: slot)
    }

    private mutating func enter(_ kind: EntryKind, timeout: UInt32, slot: Int) -> UInt8? {
        guard kinds.count < StreamFormat.blockKinds else { return nil }
        kinds.append(kind)
        timeoutBases.append(timeout)
        slots[slot] = UInt16(kinds.count)
        return UInt8(kinds.count - 1)
    }

    mutating func removeAll() {
        kinds.removeAll(keepingCapacity: true)
        timeoutBases.removeAll(keepingCapacity: true)
        for slot in slots.indices { slots[slot] = 0 }
    }
}
