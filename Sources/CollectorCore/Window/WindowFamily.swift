import NetModel

/// The connections of one address family within a window.
struct WindowFamily<Form: KeptAddressForm>: Sendable {
    private(set) var table = KeptTable<Form>()
    private(set) var untracked: UInt64 = 0
    private(set) var countersWentDown: UInt64 = 0

    /// Keeps an entry, or adds the marks to the one that is kept.
    mutating func keep(_ entry: ConntrackEntry, at now: Int64, _ marks: WindowObservation.Marks, isFull: Bool) {
        let addresses = Form(KeptAddresses(entry))
        if let index = table.index(of: entry, addresses) {
            // The kernel fills its answer ahead: a dump can still show an entry whose DESTROY event came already.
            if !table[index].entry.isTold { table[index].entry.marks.formUnion(marks) }
            return
        }
        guard !isFull else {
            untracked += 1
            return
        }
        table.keep(entry, KeptEntry(entry, at: now, marks: marks, isTold: false), addresses)
    }

    mutating func event(
        _ entry: ConntrackEntry,
        at now: Int64,
        isDumping: Bool,
        isFull: Bool,
        _ tell: WindowTable.Tell
    ) {
        if entry.event == .new { keep(entry, at: now, .newEvent, isFull: isFull) }
        guard entry.event == .destroy else { return }
        let addresses = Form(KeptAddresses(entry))
        guard let index = table.index(of: entry, addresses) else {
            tell(entry, WindowObservation(marks: .destroyEvent))
            // The dump that is running may still show it.
            if isDumping, !isFull {
                table.keep(entry, KeptEntry(entry, at: now, marks: .destroyEvent, isTold: true), addresses)
            }
            return
        }
        guard !table[index].entry.isTold else { return }
        var observation = difference(table[index].entry, to: entry, at: now)
        observation.marks.insert(.destroyEvent)
        if isDumping { table[index].entry.isTold = true } else { table.forget(index) }
        tell(entry, observation)
    }

    /// - Parameter isNewKnown: whether an entry that is not kept must be new, since all others were kept.
    mutating func second(
        _ entry: ConntrackEntry,
        at now: Int64,
        isFull: Bool,
        isNewKnown: Bool,
        _ tell: WindowTable.Tell
    ) {
        let addresses = Form(KeptAddresses(entry))
        if let index = table.index(of: entry, addresses) {
            // Told already: destroyed while the dump runs, or the dump was begun anew and shows it again.
            guard !table[index].entry.isTold else { return }
            var observation = difference(table[index].entry, to: entry, at: now)
            observation.marks.insert(.inSecondDump)
            table[index].entry.isTold = true
            tell(entry, observation)
            return
        }
        guard isNewKnown else {
            tell(entry, WindowObservation(marks: []))
            return
        }
        let observation = WindowObservation(
            marks: .inSecondDump,
            original: entry.originalCounters,
            reply: entry.replyCounters
        )
        if !isFull { table.keep(entry, KeptEntry(entry, at: now, marks: .inSecondDump, isTold: true), addresses) }
        tell(entry, observation)
    }

    mutating func finish(_ tell: WindowTable.Tell) {
        table.forEachUntold { kept in
            var observation = WindowObservation(marks: kept.entry.marks)
            if kept.entry.marks.contains(.inFirstDump) { observation.stateBefore = kept.entry.stateBefore }
            tell(kept.entry.entry(kept.addresses.all), observation)
        }
        table = KeptTable()
    }

    /// What an entry carried since it was kept: all of it where it is new.
    private mutating func difference(_ kept: KeptEntry, to entry: ConntrackEntry, at now: Int64) -> WindowObservation {
        var observation = WindowObservation(marks: kept.marks)
        if kept.marks.contains(.inFirstDump) { observation.stateBefore = kept.stateBefore }
        if kept.isRefreshed(by: entry, at: now) { observation.marks.insert(.refreshed) }
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

extension Counters {
    /// What was added from these to later ones; nil when a number went down.
    fileprivate func difference(to later: Counters) -> Counters? {
        guard later.packets >= packets, later.bytes >= bytes else { return nil }
        return Counters(packets: later.packets - packets, bytes: later.bytes - bytes)
    }
}
