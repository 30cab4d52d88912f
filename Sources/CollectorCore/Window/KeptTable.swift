import NetModel

/// Entries kept between two dumps, found by what identifies them: tuple, zone and the kernel's id.
///
/// Open addressing over 4-byte slots, half full at the most; the entries themselves in segments, so that growing never
/// copies them.
struct KeptTable<Addresses: KeptAddressForm>: Sendable {
    struct Kept: Sendable {
        var entry: KeptEntry
        let addresses: Addresses
    }

    private static var segmentBits: Int { 9 }
    private var segments: [[Kept]] = []
    /// Beside each segment; empty where no entry of it ever had any.
    private var rarities: [[KeptRarities]] = []
    /// How many places of the segments were ever used.
    private var used = 0
    /// Places whose entries were forgotten.
    private var free: [Int] = []
    /// An index + 1, or 0 where the slot is free; a single one until something is kept.
    private var slots: [UInt32] = [0]
    private let seed = UInt64.random(in: .min ... .max)

    /// How many entries are kept.
    var count: Int { used - free.count }

    /// The kept entry at an index.
    subscript(index: Int) -> Kept {
        get { segments[index >> Self.segmentBits][index & (1 << Self.segmentBits - 1)] }
        set { segments[index >> Self.segmentBits][index & (1 << Self.segmentBits - 1)] = newValue }
    }

    /// The index of the entry with the same tuple, zone and id; nil when none is kept.
    func index(of entry: borrowing ConntrackEntry, _ addresses: Addresses) -> Int? {
        let slot = slots[slot(of: entry, addresses)]
        return slot > 0 ? Int(slot) - 1 : nil
    }

    /// Keeps an entry that is not kept.
    mutating func keep(_ entry: borrowing ConntrackEntry, _ kept: KeptEntry, _ addresses: Addresses) {
        if (count + 1) * 2 > slots.count { grow() }
        let slot = slot(of: entry, addresses)
        let kept = Kept(entry: kept, addresses: addresses)
        let rare = KeptRarities(entry)
        if let index = free.popLast() {
            self[index] = kept
            keep(rare, at: index)
            slots[slot] = UInt32(index + 1)
            return
        }
        if used & (1 << Self.segmentBits - 1) == 0 {
            var segment: [Kept] = []
            segment.reserveCapacity(1 << Self.segmentBits)
            segments.append(segment)
            rarities.append([])
        }
        segments[used >> Self.segmentBits].append(kept)
        keep(rare, at: used)
        used += 1
        slots[slot] = UInt32(used)
    }

    private mutating func keep(_ rare: KeptRarities, at index: Int) {
        let segment = index >> Self.segmentBits
        if rarities[segment].isEmpty {
            guard !rare.isNone else { return }
            rarities[segment] = [KeptRarities](repeating: KeptRarities(), count: 1 << Self.segmentBits)
        }
        rarities[segment][index & (1 << Self.segmentBits - 1)] = rare
    }

    /// What the kept entry at an index has and most have not.
    func rarities(of index: Int) -> KeptRarities {
        let segment = rarities[index >> Self.segmentBits]
        return segment.isEmpty ? KeptRarities() : segment[index & (1 << Self.segmentBits - 1)]
    }

    /// Forgets the kept entry at an index; its memory is used for the next one.
    mutating func forget(_ index: Int) {
        let mask = slots.count - 1
        var hole = home(of: self[index])
        while slots[hole] != UInt32(index + 1) { hole = (hole + 1) & mask }
        // What was pushed beyond the hole by what stood in it moves back, so that no search ends too early.
        var next = (hole + 1) & mask
        while slots[next] > 0 {
            let home = home(of: self[Int(slots[next]) - 1])
            if (next - home) & mask >= (next - hole) & mask {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = 0
        self[index].entry.isTold = true
        free.append(index)
    }

    /// The indices of the kept entries that were told.
    func toldIndices() -> [Int] {
        let forgotten = Set(free)
        return (0..<used).filter { self[$0].entry.isTold && !forgotten.contains($0) }
    }

    /// Calls `body` for every kept entry that was not told.
    func forEachUntold(_ body: (Kept, KeptRarities) -> Void) {
        for index in 0..<used where !self[index].entry.isTold { body(self[index], rarities(of: index)) }
    }

    private func slot(of entry: borrowing ConntrackEntry, _ addresses: Addresses) -> Int {
        let ports = (source: entry.original.sourcePort, destination: entry.original.destinationPort)
        let id = entry.id ?? 0
        let mask = slots.count - 1
        var slot = hash(addresses, ports: ports, entry.original.transport, zone: entry.zone, id: id) & mask
        while slots[slot] > 0 {
            let kept = self[Int(slots[slot]) - 1]
            if kept.entry.id == id, kept.entry.originalPorts == ports, kept.entry.zone == entry.zone,
                kept.entry.transport == entry.original.transport, kept.addresses.hasSameOriginal(addresses)
            {
                break
            }
            slot = (slot + 1) & mask
        }
        return slot
    }

    /// The slot at which the search for a kept entry begins.
    private func home(of kept: Kept) -> Int {
        let entry = kept.entry
        return hash(kept.addresses, ports: entry.originalPorts, entry.transport, zone: entry.zone, id: entry.id)
            & (slots.count - 1)
    }

    private func hash(
        _ addresses: Addresses,
        ports: (source: UInt16, destination: UInt16),
        _ transport: TransportProtocol,
        zone: UInt16,
        id: UInt32
    ) -> Int {
        let ports = UInt64(ports.source) << 48 | UInt64(ports.destination) << 32 | UInt64(id)
        let rest = UInt64(transport.rawValue) << 16 | UInt64(zone)
        let first = (addresses.originalWord ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        let second = (first.high ^ first.low ^ ports).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        let third = (second.high ^ second.low ^ rest ^ seed).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return Int(truncatingIfNeeded: third.high ^ third.low)
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt32](repeating: 0, count: max(1024, old.count * 2))
        let mask = slots.count - 1
        for entry in old where entry > 0 {
            var slot = home(of: self[Int(entry) - 1])
            while slots[slot] > 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }
}
