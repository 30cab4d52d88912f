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
    /// What was seen of each of `records` within a window, at the same index.
    var windows = WindowStore()
    package private(set) var addresses = AddressTable()
    package private(set) var observers: [Observer] = []
    private(set) var observerSets = ObserverSets()
    private var singles: [UInt32] = []
    /// Of every observer its window, nil where it has none.
    var observerWindows: [ObservationWindow?] = []
    /// Of every set of observers that records have the longest window, once all is joined.
    var periods: [ObservationWindow?] = []
    var incarnations = Incarnations()
    /// Whether `slots` leads to the records, as it does once a connection may be told more than once.
    private(set) var isIndexed = false
    /// Open addressing with linear probing: the upper half of a slot holds 32 bits of the hash, its tag, the lower
    /// half an index into `records` + 1. 0 is free.
    private var slots: [UInt64] = []
    private let mixing = Mixing()
    private var keys = 0
    /// What is being added, its addresses and their numbers; kept for their memory.
    private var arrivals: [Arrival] = []
    private var named: [IPAddress] = []
    private var numbers: [UInt32] = []
    /// The conntrack zone of all entries, nil before the first.
    private var zone: UInt16?
    private(set) var hasSeveralZones = false
    /// Of every observer, whether it reported events or had a window.
    private var tellsNew: [Bool] = []
    /// How many times an observer was registered: each of its files is a table of its own.
    private var tables = 0

    /// Where one entry belongs.
    private struct Arrival: Sendable {
        let key: ConnectionKey
        let tag: UInt64
        let addresses: ConnectionRecord.Addresses
        /// Whether the slot that the tag leads to belongs to another key, which it then always will.
        var isFirstSlotPassed: Bool
    }

    package init() {}

    /// Registers an observer, once for each table that it gives, and returns the number that `add` wants. The same
    /// observer has one number however often it is registered; beyond 65,535 observers all are the last.
    package mutating func register(_ observer: Observer) -> UInt16 {
        tables += 1
        if let known = observers.firstIndex(of: observer) { return UInt16(known) }
        guard observers.count < Int(UInt16.max) - 1 else { return UInt16(observers.count - 1) }
        observers.append(observer)
        tellsNew.append(false)
        observerWindows.append(nil)
        singles.append(observerSets.single(UInt16(observers.count - 1)))
        return UInt16(observers.count - 1)
    }

    /// Adds what one observer reported.
    package mutating func add(_ entry: ConntrackEntry, observer: UInt16) {
        add([entry], observer: observer)
    }

    /// Adds what one observer reported, in its order.
    ///
    /// - Parameters:
    ///   - windows: of each entry what was seen of its connection within the observer's window; empty where the observer
    ///     had none. Such an entry is a whole connection, reported once: whatever came of it is in its marks.
    ///   - clockOffset: by how many nanoseconds the clock of the observer's node is ahead; the entries' times are by it.
    package mutating func add(
        _ entries: [ConntrackEntry],
        windows: [WindowObservation] = [],
        observer: UInt16,
        clockOffset: Int64 = 0
    ) {
        takeNote(of: entries, observer: observer)
        if !windows.isEmpty { tellsNew[Int(observer)] = true }
        if !isIndexed {
            if !mayHoldConnectionsTwice, windows.count == entries.count {
                return append(entries, windows, observer: observer, clockOffset: clockOffset)
            }
            indexRecords()
        }
        makeRoom(for: entries.count)
        arrivals.removeAll(keepingCapacity: true)
        var number = 0
        for entry in entries {
            let addresses = takeAddresses(of: entry, &number)
            let key = ConnectionKey(outerOf: entry, addresses, ownScope: observer + 1)
            let tag = key.hash(mixing) >> 32
            arrivals.append(Arrival(key: key, tag: tag, addresses: addresses, isFirstSlotPassed: false))
        }
        // A slot is far away in memory. Looking at all of them first, nothing waiting for anything, lets the
        // processor fetch many at once; one by one each insertion would wait for its own.
        let mask = slots.count - 1
        for position in arrivals.indices {
            let first = slots[Int(arrivals[position].tag) & mask]
            arrivals[position].isFirstSlotPassed = first != 0 && first >> 32 != arrivals[position].tag
        }
        guard !windows.isEmpty else {
            for position in arrivals.indices {
                insert(entries[position], arrivals[position], nil, observer: observer, clockOffset: clockOffset)
            }
            return
        }
        for position in arrivals.indices {
            let window = position < windows.count ? windows[position] : nil
            insert(entries[position], arrivals[position], window, observer: observer, clockOffset: clockOffset)
        }
    }

    /// Adds entries of which each is a connection of its own.
    private mutating func append(
        _ entries: [ConntrackEntry],
        _ windows: [WindowObservation],
        observer: UInt16,
        clockOffset: Int64
    ) {
        let single = singles[Int(observer)]
        let ownScope = observer + 1
        var number = 0
        for position in entries.indices {
            let addresses = takeAddresses(of: entries[position], &number)
            var record = ConnectionRecord(
                entries[position],
                addresses: addresses,
                scope: ConnectionKey.outerScope(of: entries[position], ownScope: ownScope),
                observers: single,
                ownScope: ownScope,
                clockOffset: clockOffset
            )
            record.note(windows[position].marks)
            let reporter = ConnectionWindow.Reporter(observer: observer, zone: entries[position].zone)
            self.windows.append(ConnectionWindow(windows[position], reporter: reporter), at: records.count)
            records.append(record)
        }
    }

    /// Makes the index, so that connections that are told more than once are found.
    ///
    /// Of one table in one zone the kernel has every tuple once, and a collector tells a whole connection in one entry.
    /// So as long as nothing else was added, the records need no index, which takes an eighth of the memory. What
    /// was added before is then added anew: the result is the same as if there had been an index all the while.
    mutating func indexRecords() {
        guard !isIndexed else { return }
        isIndexed = true
        slots = [UInt64](repeating: 0, count: 4096)
        guard records.count > 0 else { return }
        // All of them are of one zone, whatever comes next.
        let hadSeveralZones = hasSeveralZones
        hasSeveralZones = false
        defer { hasSeveralZones = hadSeveralZones }
        var told = RecordStore()
        var toldWindows = WindowStore()
        swap(&told, &records)
        swap(&toldWindows, &windows)
        makeRoom(for: told.count)
        for index in told.indices {
            let record = told[index]
            let key = record.outerKey
            insert(record, toldWindows[index], event: nil, key: key, tag: key.hash(mixing) >> 32)
            told.forgetSegment(endingWith: index)
            toldWindows.forgetSegment(endingWith: index)
        }
    }

    /// Notes of which zones the entries are, and fills `numbers` with those of their addresses: the client's and the
    /// dialled one of each, then what the server sees as the client and the server's own, where those are others.
    private mutating func takeNote(of entries: [ConntrackEntry], observer: UInt16) {
        named.removeAll(keepingCapacity: true)
        for entry in entries {
            note(entry, observer: observer)
            named.append(entry.original.source)
            named.append(entry.original.destination)
            if entry.reply.destination != entry.original.source { named.append(entry.reply.destination) }
            if entry.reply.source != entry.original.destination { named.append(entry.reply.source) }
        }
        addresses.numbers(of: named, into: &numbers)
    }

    /// The numbers of an entry's addresses, of which the first stands at `position` in `numbers`.
    @inline(__always)
    private func takeAddresses(of entry: ConntrackEntry, _ position: inout Int) -> ConnectionRecord.Addresses {
        let client = numbers[position]
        let dialled = numbers[position + 1]
        position += 2
        var addresses = ConnectionRecord.Addresses(
            client: client, dialled: dialled, seenClient: client, server: dialled)
        if entry.reply.destination != entry.original.source {
            addresses.seenClient = numbers[position]
            position += 1
        }
        if entry.reply.source != entry.original.destination {
            addresses.server = numbers[position]
            position += 1
        }
        return addresses
    }

    @inline(__always)
    private mutating func note(_ entry: ConntrackEntry, observer: UInt16) {
        if entry.event != nil, !tellsNew[Int(observer)] { tellsNew[Int(observer)] = true }
        if entry.zone != zone {
            hasSeveralZones = hasSeveralZones || zone != nil
            zone = entry.zone
        }
    }

    @inline(__always)
    private mutating func insert(
        _ entry: ConntrackEntry,
        _ arrival: Arrival,
        _ seen: WindowObservation?,
        observer: UInt16,
        clockOffset: Int64
    ) {
        let reporter = ConnectionWindow.Reporter(observer: observer, zone: entry.zone)
        let event = seen == nil ? entry.event.map { ConntrackEvent(kind: $0, reporter: reporter) } : nil
        let window = seen.map { ConnectionWindow($0, reporter: reporter) }
        var record = ConnectionRecord(
            entry,
            addresses: arrival.addresses,
            scope: arrival.key.scope,
            observers: singles[Int(observer)],
            ownScope: observer + 1,
            clockOffset: clockOffset
        )
        if let seen { record.note(seen.marks) }
        insert(
            record, window, event: event, key: arrival.key, tag: arrival.tag,
            isFirstSlotPassed: arrival.isFirstSlotPassed)
    }

    @inline(__always)
    private mutating func insert(
        _ observation: ConnectionRecord,
        _ window: ConnectionWindow?,
        event: ConntrackEvent?,
        key: ConnectionKey,
        tag: UInt64,
        isFirstSlotPassed: Bool = false
    ) {
        let mask = slots.count - 1
        var slot = (Int(tag) + (isFirstSlotPassed ? 1 : 0)) & mask
        while slots[slot] != 0 {
            let index = Int(UInt32(truncatingIfNeeded: slots[slot])) - 1
            if slots[slot] >> 32 == tag, records[index].outerKey == key {
                merge(observation, window, event: event, newest: index, slot: slot)
                return
            }
            slot = (slot + 1) & mask
        }
        append(observation, window, slot: slot, tag: tag)
        if let event { incarnations.note(event, of: records.count - 1) }
        keys += 1
    }

    /// Whether one connection can stand in several entries. Within one zone of one table the kernel keeps every tuple
    /// once, in whichever direction.
    var mayHoldConnectionsTwice: Bool { tables > 1 || hasSeveralZones }

    /// Whether an observer of a set reported events or had a window: only then is it known which connections are new.
    func tellsNew(anyOf set: [UInt16]) -> Bool {
        set.contains { tellsNew[Int($0)] }
    }

    /// Whether any observer reported events or had a window.
    var tellsAnyNew: Bool { tellsNew.contains(true) }

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

    /// Makes the server of a connection the client and the client the server.
    mutating func turnRound(_ index: Int) {
        records[index].turnRound()
        updateWindow(index) { $0.swapDirections() }
    }

    /// Merges the numbers and observers of the record at `absorbed` into the one at `index`.
    mutating func absorb(_ absorbed: Int, into index: Int, swapped: Bool) {
        let other = records[absorbed]
        records[absorbed].flags.insert(.absorbed)
        records[index].take(other, swapped: swapped)
        records[index].observers = observerSets.union(records[index].observers, other.observers)
        if let window = windows[absorbed] { merge(window, into: index, swapped: swapped) }
    }

    /// Gives back the memory of the index; nothing can be added or joined afterwards.
    mutating func forgetKeys() {
        settlePeriods()
        slots = [0]
        arrivals = []
    }

    private mutating func append(
        _ observation: ConnectionRecord,
        _ window: ConnectionWindow?,
        slot: Int,
        tag: UInt64
    ) {
        if let window { windows[records.count] = window }
        records.append(observation)
        slots[slot] = (tag << 32) | UInt64(records.count)
    }

    private mutating func merge(
        _ observation: ConnectionRecord,
        _ window: ConnectionWindow?,
        event: ConntrackEvent?,
        newest: Int,
        slot: Int
    ) {
        guard let index = incarnation(of: observation, window, event: event, newest: newest) else {
            incarnations.append(records.count, after: newest)
            append(observation, window, slot: slot, tag: slots[slot] >> 32)
            if let event { incarnations.note(event, of: records.count - 1) }
            if let window { incarnations.note(window.reporter, of: records.count - 1) }
            return
        }
        if let event { incarnations.note(event, of: index) }
        var record = records[index]
        let wasAssured = record.isAssured
        let swapped = record.hasUnorderedEnds && record.server != observation.server
        record.take(observation, swapped: swapped)
        let knowsBetter = swapped && observation.isAssured && !wasAssured
        if let window { merge(window, into: index, swapped: swapped) }
        if !record.isTranslated, observation.isTranslated || knowsBetter {
            // Only a first packet sets up a translation, so who translated also knows who dialled; and who saw both
            // directions from the beginning on rather than who picked the connection up.
            record.client = observation.client
            record.dialled = observation.dialled
            if swapped {
                record.seenClient = observation.seenClient
                record.server = observation.server
                record.swapCounters()
                updateWindow(index) { $0.swapDirections() }
            }
        }
        if record.observers != observation.observers {
            record.observers = observerSets.union(record.observers, observation.observers)
        }
        records[index] = record
    }

    /// Which of the connections that had this tuple an observation belongs to; nil when it is one more. An entry of a
    /// dump is of the newest.
    private mutating func incarnation(
        of observation: ConnectionRecord,
        _ window: ConnectionWindow?,
        event: ConntrackEvent?,
        newest: Int
    ) -> Int? {
        if let window { return incarnation(of: observation, window, newest: newest) }
        guard let event else { return records[newest].overlaps(observation) ? newest : nil }
        return incarnations.index(of: event, newest: newest) { records[$0].overlaps(observation) }
    }

    /// Makes `slots` large enough to hold so many more keys.
    private mutating func makeRoom(for count: Int) {
        while (keys + count) * 2 > slots.count { grow() }
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
