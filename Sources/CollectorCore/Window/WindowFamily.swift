import NetModel

/// The connections of one address family within a window.
struct WindowFamily<Form: KeptAddressForm>: Sendable {
    private(set) var table = KeptTable<Form>()
    private(set) var untracked: UInt64 = 0
    private(set) var countersWentDown: UInt64 = 0
    /// Of timeouts, in milliseconds.
    private let tolerance: UInt64

    init(tolerance: UInt64) { self.tolerance = tolerance }

    /// An entry of the first dump.
    mutating func first(_ entry: ConntrackEntry, at now: Int64, isFull: Bool) {
        let addresses = Form(KeptAddresses(entry))
        if let index = table.index(of: entry, addresses) {
            // The kernel fills its answer ahead: a dump can still show an entry whose DESTROY event came already.
            if !table[index].entry.isTold { table[index].entry.marks.insert(.inFirstDump) }
        } else {
            keep(entry, addresses, at: now, .inFirstDump, isFull: isFull)
        }
    }

    /// The first dump is over, and no event of its time waits any more: what only had to be told apart from stale
    /// entries of the dump is forgotten.
    mutating func endFirstDump() {
        for index in table.toldIndices() { table.forget(index) }
    }

    mutating func event(
        _ entry: ConntrackEntry,
        at now: Int64,
        _ phase: WindowTable.Phase,
        isFull: Bool,
        _ tell: WindowTable.Tell
    ) {
        switch entry.event {
        case .new: new(entry, at: now, phase, isFull: isFull, tell)
        case .destroy: destroyed(entry, at: now, phase, isFull: isFull, tell)
        case .update, nil: break
        }
    }

    /// A NEW event. The kernel makes an entry's id of its place in memory, which the next entry of the same tuple often
    /// gets: a NEW of a tuple and id that are known is another connection, unless it only comes late.
    private mutating func new(
        _ entry: ConntrackEntry,
        at now: Int64,
        _ phase: WindowTable.Phase,
        isFull: Bool,
        _ tell: WindowTable.Tell
    ) {
        let addresses = Form(KeptAddresses(entry))
        let marks: WindowObservation.Marks = entry.isPickUp ? [.newEvent, .pickedUp] : .newEvent
        if let index = table.index(of: entry, addresses) {
            let known = table[index].entry
            if !known.isTold {
                if phase == .firstDump, !known.marks.contains(.newEvent) {
                    // The dump showed it before its event came.
                    table[index].entry.marks.formUnion(marks)
                    return
                }
                tellVanished(table[index], table.rarities(of: index), tell)
            }
            table.forget(index)
        }
        if phase == .secondDump {
            // It began after the window: only what is told of it by mistake has to be kept away.
            guard !isFull else { return }
            table.keep(entry, KeptEntry(entry, at: now, marks: marks, isTold: true), addresses)
        } else {
            keep(entry, addresses, at: now, marks, isFull: isFull)
        }
    }

    private mutating func destroyed(
        _ entry: ConntrackEntry,
        at now: Int64,
        _ phase: WindowTable.Phase,
        isFull: Bool,
        _ tell: WindowTable.Tell
    ) {
        let addresses = Form(KeptAddresses(entry))
        var known = table.index(of: entry, addresses)
        if let index = known, !table[index].entry.isTold, !table[index].entry.mayBe(entry, table.rarities(of: index)) {
            tellVanished(table[index], table.rarities(of: index), tell)
            table.forget(index)
            known = nil
        }
        guard let index = known else {
            tell(entry, WindowObservation(marks: .destroyEvent))
            // The dump that is running may still show it.
            if phase != .between, !isFull {
                table.keep(entry, KeptEntry(entry, at: now, marks: .destroyEvent, isTold: true), addresses)
            }
            return
        }
        if !table[index].entry.isTold {
            var observation = difference(table[index].entry, to: entry, at: now)
            observation.marks.insert(.destroyEvent)
            tell(entry, observation)
        }
        if phase == .between {
            table.forget(index)
        } else {
            table[index].entry.isTold = true
            table[index].entry.marks.insert(.destroyEvent)
        }
    }

    /// An entry of the second dump.
    mutating func second(
        _ entry: ConntrackEntry,
        at now: Int64,
        _ known: WindowKnowledge,
        _ tell: WindowTable.Tell
    ) {
        let addresses = Form(KeptAddresses(entry))
        if let index = table.index(of: entry, addresses) {
            // Told already, or not to be told: destroyed while the dump runs, or the dump was begun anew and shows it again.
            guard !table[index].entry.isTold else { return }
            if table[index].entry.mayBe(entry, table.rarities(of: index)) {
                var observation = difference(table[index].entry, to: entry, at: now, known.uncertainty)
                observation.marks.insert(.inSecondDump)
                if !known.tellsIdle, observation.original == nil, observation.marks == [.inFirstDump, .inSecondDump] {
                    observation.marks = []
                }
                table[index].entry.isTold = true
                tell(entry, observation)
                return
            }
            tellVanished(table[index], table.rarities(of: index), tell)
            table.forget(index)
        }
        guard known.isNewKnown else {
            tell(entry, WindowObservation(marks: []))
            return
        }
        guard !known.areNewOnesOutside else { return }
        let observation = WindowObservation(
            marks: .inSecondDump,
            original: entry.originalCounters,
            reply: entry.replyCounters
        )
        if !known.isFull { table.keep(entry, KeptEntry(entry, at: now, marks: .inSecondDump, isTold: true), addresses) }
        tell(entry, observation)
    }

    private mutating func keep(
        _ entry: ConntrackEntry,
        _ addresses: Form,
        at now: Int64,
        _ marks: WindowObservation.Marks,
        isFull: Bool
    ) {
        guard !isFull else {
            untracked += 1
            return
        }
        table.keep(entry, KeptEntry(entry, at: now, marks: marks, isTold: false), addresses)
    }

    mutating func finish(_ tell: WindowTable.Tell) {
        table.forEachUntold { tellVanished($0, $1, tell) }
        table = KeptTable()
    }

    mutating func abandon(_ tell: (ConntrackEntry) -> Void) {
        table.forEachUntold { tell($0.entry.entry($0.addresses.all, $1)) }
        table = KeptTable()
    }

    /// Tells an entry that is there no more, and that no event told of.
    private func tellVanished(_ kept: KeptTable<Form>.Kept, _ rarities: KeptRarities, _ tell: WindowTable.Tell) {
        var observation = WindowObservation(marks: kept.entry.marks)
        if kept.entry.marks.contains(.inFirstDump) { observation.stateBefore = kept.entry.stateBefore }
        tell(kept.entry.entry(kept.addresses.all, rarities), observation)
    }

    /// What an entry carried since it was kept: all of it where it is new.
    private mutating func difference(
        _ kept: KeptEntry,
        to entry: ConntrackEntry,
        at now: Int64,
        _ uncertainty: UInt64 = 0
    ) -> WindowObservation {
        var observation = WindowObservation(marks: kept.marks)
        if kept.marks.contains(.inFirstDump) { observation.stateBefore = kept.stateBefore }
        if kept.isRefreshed(by: entry, at: now, tolerance: max(tolerance, uncertainty)) {
            observation.marks.insert(.refreshed)
        }
        guard let original = entry.originalCounters, let reply = entry.replyCounters else { return observation }
        if kept.marks.contains(.newEvent) {
            observation.original = original
            observation.reply = reply
            return observation
        }
        guard let before = kept.counters else { return observation }
        observation.original = before.original.difference(to: original)
        observation.reply = before.reply.difference(to: reply)
        if observation.original == nil || observation.reply == nil {
            observation.original = nil
            observation.reply = nil
            observation.marks.insert(.countersWentDown)
            countersWentDown += 1
        }
        return observation
    }
}

extension ConntrackEntry {
    /// Whether a NEW event is of a TCP connection that was there before: its first packet was no SYN
    /// (`nf_conntrack_tcp_loose`), so the entry begins in a later state.
    fileprivate var isPickUp: Bool {
        guard original.transport == .tcp, let state else { return false }
        switch state {
        case .none, .synSent, .synSent2, .synReceived: return false
        default: return true
        }
    }
}

extension Counters {
    /// What was added from these to later ones; nil when a number went down.
    fileprivate func difference(to later: Counters) -> Counters? {
        guard later.packets >= packets, later.bytes >= bytes else { return nil }
        return Counters(packets: later.packets - packets, bytes: later.bytes - bytes)
    }
}
