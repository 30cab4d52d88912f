package import NetModel

/// Turns what several nodes report into connections, each counted once.
///
/// Two observations are one connection when their outer tuples, what the server received, are equal: on the node
/// that translated, the reply tuple inverted; on the server's node, the original tuple as well. What a further
/// translation hides (a NodePort on a third node that masquerades) is joined by `joinTranslations()`.
/// Numbers of one connection are merged by maximum, since every observer counted the same packets.
package struct ConnectionTable: Sendable {
    /// One record a connection, and those that `joinTranslations()` absorbed.
    private(set) var records = RecordStore()
    package private(set) var addresses = AddressTable()
    package private(set) var observers: [Observer] = []
    private(set) var observerSets = ObserverSets()
    private var singles: [UInt32] = []
    private var events = ReportedEvents()
    /// Of a connection the one that had the same tuple before it.
    private var earlier: [Int: Int] = [:]
    /// Open addressing with linear probing: the upper half of a slot holds 32 bits of the hash, its tag, the lower
    /// half an index into `records` + 1. 0 is free.
    private var slots: [UInt64]
    private let mixing = Mixing()
    private var keys = 0
    /// What is being added, and its addresses and their numbers; kept for their memory.
    private var arrivals: [Arrival] = []
    private var named: [IPAddress] = []
    private var numbers: [UInt32] = []
    /// The conntrack zone of all entries, nil before the first.
    private var zone: UInt16?
    private var hasSeveralZones = false
    /// Whether any observer reported events: only then is it known which connections are new.
    package private(set) var hasEvents = false

    private struct Arrival: Sendable {
        let observation: ConnectionRecord
        let tag: UInt64
        let event: ConntrackEntry.Event?
        /// Whether the slot that the tag leads to belongs to another key, which it then always will.
        var isFirstSlotPassed: Bool
    }

    package init() {
        slots = [UInt64](repeating: 0, count: 4096)
    }

    /// Registers an observer and gives the number that `add` wants. The same observer has one number however often
    /// it is registered; beyond 65,535 observers all are the last.
    package mutating func register(_ observer: Observer) -> UInt16 {
        if let known = observers.firstIndex(of: observer) { return UInt16(known) }
        guard observers.count < Int(UInt16.max) - 1 else { return UInt16(observers.count - 1) }
        observers.append(observer)
        singles.append(observerSets.single(UInt16(observers.count - 1)))
        return UInt16(observers.count - 1)
    }

    /// Adds what one observer reported.
    package mutating func add(_ entry: ConntrackEntry, observer: UInt16) {
        add([entry], observer: observer)
    }

    /// Adds what one observer reported, in its order.
    package mutating func add(_ entries: [ConntrackEntry], observer: UInt16) {
        while (keys + entries.count) * 2 > slots.count { grow() }
        numberAddresses(of: entries)
        arrivals.removeAll(keepingCapacity: true)
        for position in entries.indices {
            let entry = entries[position]
            note(entry)
            let observation = ConnectionRecord(
                entry,
                addresses: ConnectionRecord.Addresses(
                    client: numbers[4 * position],
                    dialled: numbers[4 * position + 1],
                    seenClient: numbers[4 * position + 2],
                    server: numbers[4 * position + 3]
                ),
                observers: singles[Int(observer)],
                ownScope: observer + 1
            )
            let tag = observation.outerKey.hash(mixing) >> 32
            arrivals.append(Arrival(observation: observation, tag: tag, event: entry.event, isFirstSlotPassed: false))
        }
        // A slot is far away in memory. Looking at all of them first, nothing waiting for anything, lets the
        // processor fetch many at once; one by one each insertion would wait for its own.
        let mask = slots.count - 1
        for position in arrivals.indices {
            let first = slots[Int(arrivals[position].tag) & mask]
            arrivals[position].isFirstSlotPassed = first != 0 && first >> 32 != arrivals[position].tag
        }
        for position in arrivals.indices { insert(position, observer: observer) }
    }

    /// Fills `numbers` with those of the addresses of the entries, four of each.
    private mutating func numberAddresses(of entries: [ConntrackEntry]) {
        named.removeAll(keepingCapacity: true)
        for entry in entries {
            let outer = MeshRedirect.outerTuple(of: entry).tuple
            named.append(entry.original.source)
            named.append(entry.original.destination)
            named.append(outer.source)
            named.append(outer.destination)
        }
        addresses.numbers(of: named, into: &numbers)
    }

    private mutating func note(_ entry: ConntrackEntry) {
        if entry.event != nil { hasEvents = true }
        if entry.zone != zone {
            hasSeveralZones = hasSeveralZones || zone != nil
            zone = entry.zone
        }
    }

    private mutating func insert(_ position: Int, observer: UInt16) {
        let arrival = arrivals[position]
        let mask = slots.count - 1
        var slot = (Int(arrival.tag) + (arrival.isFirstSlotPassed ? 1 : 0)) & mask
        while slots[slot] != 0 {
            let index = Int(UInt32(truncatingIfNeeded: slots[slot])) - 1
            if slots[slot] >> 32 == arrival.tag, records[index].outerKey == arrival.observation.outerKey {
                merge(arrival.observation, event: arrival.event, observer: observer, newest: index, slot: slot)
                return
            }
            slot = (slot + 1) & mask
        }
        append(arrival.observation, slot: slot, tag: arrival.tag)
        noteEvent(arrival.event, of: records.count - 1, observer: observer)
        keys += 1
    }

    /// Whether one connection can stand in several entries. Within one zone of one node the kernel keeps every tuple
    /// once, in whichever direction.
    var mayHoldConnectionsTwice: Bool { observers.count > 1 || hasSeveralZones }

    /// The record whose outer tuple has this key: the newest of them.
    func index(of key: ConnectionKey) -> Int? {
        let tag = key.hash(mixing) >> 32
        let mask = slots.count - 1
        var slot = Int(tag) & mask
        while slots[slot] != 0 {
            let index = Int(UInt32(truncatingIfNeeded: slots[slot])) - 1
            if slots[slot] >> 32 == tag, records[index].outerKey == key { return index }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Changes one record in place; its outer tuple must keep its key.
    mutating func update(_ index: Int, _ body: (inout ConnectionRecord) -> Void) {
        body(&records[index])
    }

    /// Merges the numbers and observers of the record at `absorbed` into the one at `index`.
    mutating func absorb(_ absorbed: Int, into index: Int, swapped: Bool) {
        let other = records[absorbed]
        records[absorbed].flags.insert(.absorbed)
        records[index].take(other, swapped: swapped)
        records[index].observers = observerSets.union(records[index].observers, other.observers)
    }

    /// Gives back the memory of the index; nothing can be added or joined afterwards.
    mutating func forgetKeys() {
        slots = [0]
        arrivals = []
    }

    private mutating func append(_ observation: ConnectionRecord, slot: Int, tag: UInt64) {
        records.append(observation)
        slots[slot] = (tag << 32) | UInt64(records.count)
    }

    private mutating func merge(
        _ observation: ConnectionRecord,
        event: ConntrackEntry.Event?,
        observer: UInt16,
        newest: Int,
        slot: Int
    ) {
        guard let index = incarnation(of: observation, event: event, observer: observer, newest: newest) else {
            earlier[records.count] = newest
            append(observation, slot: slot, tag: slots[slot] >> 32)
            noteEvent(event, of: records.count - 1, observer: observer)
            return
        }
        noteEvent(event, of: index, observer: observer)
        var record = records[index]
        let swapped = record.transport.hasPorts && record.server != observation.server
        record.take(observation, swapped: swapped)
        if observation.isTranslated, !record.isTranslated {
            // Only a first packet sets up a translation, so who translated also knows who dialled.
            record.client = observation.client
            record.dialled = observation.dialled
            if swapped {
                record.seenClient = observation.seenClient
                record.server = observation.server
                record.swapCounters()
            }
        }
        if record.observers != observation.observers {
            record.observers = observerSets.union(record.observers, observation.observers)
        }
        records[index] = record
    }

    /// Which of the connections that had this tuple, one after the other, an observation belongs to; nil when it
    /// is one more.
    ///
    /// An entry of a dump is of the newest. Every observer reports the beginning and the end of a connection once, so
    /// an event is of the oldest that still lacks this observer's. An update, and an end, is rather of the one that
    /// this observer reported last.
    private func incarnation(
        of observation: ConnectionRecord,
        event: ConntrackEntry.Event?,
        observer: UInt16,
        newest: Int
    ) -> Int? {
        guard let event else { return records[newest].overlaps(observation) ? newest : nil }
        var oldest: Int?
        var next: Int? = newest
        for _ in 0..<Self.incarnationsSearched {
            guard let index = next else { break }
            next = earlier[index]
            // Events of one observer come in their order: behind one that it ended, none is open.
            if events.hasEnded(index, observer, in: observerSets) { break }
            if event == .new, events.hasOpened(index, observer, in: observerSets) { break }
            guard records[index].overlaps(observation) else { continue }
            if event != .new, observerSets.contains(observer, in: records[index].observers) { return index }
            oldest = index
        }
        return oldest
    }

    /// How many connections of the same tuple are looked through: it bounds the time that a file of events of one
    /// tuple takes.
    private static let incarnationsSearched = 256

    private mutating func noteEvent(_ event: ConntrackEntry.Event?, of index: Int, observer: UInt16) {
        switch event {
        case .new: events.open(index, singles[Int(observer)], in: &observerSets)
        case .destroy: events.end(index, singles[Int(observer)], in: &observerSets)
        case .update, nil: break
        }
    }

    private mutating func grow() {
        let mask = slots.count * 2 - 1
        let old = slots
        slots = [UInt64](repeating: 0, count: mask + 1)
        for entry in old where entry != 0 {
            // The tag alone says where an entry goes, so the records need not be fetched.
            var slot = Int(entry >> 32) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = entry
        }
    }
}
