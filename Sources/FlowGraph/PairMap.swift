/// A map from two words to a small number, for tables with an entry a connection or an address.
///
/// Open addressing with linear probing, half full at the most. A look-up costs one multiplication and mostly one
/// cache line, several times less than a dictionary with its keyed hash.
struct PairMap: Sendable {
    private struct Slot: Sendable {
        var first: UInt64
        var second: UInt64
        /// The value + 1, or 0 where the slot is free.
        var value: UInt32
    }

    private let mixing = Mixing()
    private var slots: [Slot]
    private(set) var count = 0

    init() {
        slots = [Slot](repeating: Slot(first: 0, second: 0, value: 0), count: 256)
    }

    /// The value of a pair; nil when it has none.
    @inline(__always)
    subscript(first: UInt64, second: UInt64) -> UInt32? {
        let slot = slots[position(first, second)]
        return slot.value == 0 ? nil : slot.value - 1
    }

    /// The value of a pair, which becomes `value()` when it has none yet. Values reach `UInt32.max - 1`.
    @inline(__always)
    mutating func value(_ first: UInt64, _ second: UInt64, orInsert value: @autoclosure () -> UInt32) -> UInt32 {
        let position = position(first, second)
        if slots[position].value != 0 { return slots[position].value - 1 }
        let new = value()
        insert(Slot(first: first, second: second, value: new + 1), at: position)
        return new
    }

    @inline(__always)
    private func position(_ first: UInt64, _ second: UInt64) -> Int {
        let mask = slots.count - 1
        var position = Int(truncatingIfNeeded: mixing.hash(first, second)) & mask
        while slots[position].value != 0, slots[position].first != first || slots[position].second != second {
            position = (position + 1) & mask
        }
        return position
    }

    private mutating func insert(_ slot: Slot, at position: Int) {
        slots[position] = slot
        count += 1
        guard count * 2 > slots.count else { return }
        let old = slots
        slots = [Slot](repeating: Slot(first: 0, second: 0, value: 0), count: old.count * 2)
        for slot in old where slot.value != 0 { slots[self.position(slot.first, slot.second)] = slot }
    }
}

/// A multiplicative hash for keys of two words.
///
/// The input comes from nodes that may be hostile, so every table draws a seed of its own: nobody can prepare
/// addresses and ports that all fall into one slot.
struct Mixing: Sendable {
    private let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = (first ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        let folded = product.high ^ product.low ^ second
        let last = (folded ^ (seed &<< 1)).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return last.high ^ last.low
    }
}
