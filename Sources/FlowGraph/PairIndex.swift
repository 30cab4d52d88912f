/// Numbers pairs of words in the order in which they come, for tables with an entry a connection or an address.
///
/// Open addressing with linear probing over 4-byte slots, half full at the most, and the pairs themselves in a dense
/// list: for thousands of pairs both stay in the processor's cache, which a dictionary of them would not.
struct PairIndex: Sendable {
    struct Pair: Hashable, Sendable {
        var first: UInt64
        var second: UInt64
    }

    /// All pairs; a pair's number is its position.
    private(set) var pairs: [Pair] = []
    /// A number + 1, or 0 where the slot is free.
    private var slots: [UInt32]
    private let mixing = Mixing()

    init() {
        slots = [UInt32](repeating: 0, count: 256)
    }

    var count: Int { pairs.count }

    /// The number of a pair; nil when it was never inserted.
    @inline(__always)
    subscript(first: UInt64, second: UInt64) -> Int? {
        let slot = slots[slot(first, second)]
        return slot == 0 ? nil : Int(slot) - 1
    }

    /// The number of a pair, the next one when it is new. Numbers reach `UInt32.max - 1`.
    @inline(__always)
    mutating func insert(_ first: UInt64, _ second: UInt64) -> Int {
        let slot = slot(first, second)
        if slots[slot] != 0 { return Int(slots[slot]) - 1 }
        append(Pair(first: first, second: second), at: slot)
        return pairs.count - 1
    }

    /// Looks at the first slot of each of several pairs, and replaces `slots` by what stands there.
    ///
    /// A slot is far away in memory. Looking at many of them, nothing waiting for anything, lets the processor fetch
    /// them at once; looking each pair up in turn waits for every one.
    @inline(__always)
    func glimpse(_ count: Int, into glimpsed: inout [UInt32], pair: (Int) -> Pair) {
        let mask = slots.count - 1
        glimpsed.removeAll(keepingCapacity: true)
        for position in 0..<count {
            let pair = pair(position)
            glimpsed.append(slots[Int(truncatingIfNeeded: mixing.hash(pair.first, pair.second)) & mask])
        }
    }

    /// Whether a glimpse, a number + 1 or 0, is of this pair.
    @inline(__always)
    func isNumber(_ glimpsed: UInt32, of first: UInt64, _ second: UInt64) -> Bool {
        guard glimpsed > 0 else { return false }
        let pair = pairs[Int(glimpsed) - 1]
        return pair.first == first && pair.second == second
    }

    @inline(__always)
    private func slot(_ first: UInt64, _ second: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: mixing.hash(first, second)) & mask
        while slots[slot] != 0 {
            let pair = pairs[Int(slots[slot]) - 1]
            if pair.first == first, pair.second == second { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func append(_ pair: Pair, at slot: Int) {
        pairs.append(pair)
        slots[slot] = UInt32(pairs.count)
        guard pairs.count * 2 > slots.count else { return }
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for (number, pair) in pairs.enumerated() {
            let mask = slots.count - 1
            var slot = Int(truncatingIfNeeded: mixing.hash(pair.first, pair.second)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = UInt32(number) + 1
        }
    }
}
