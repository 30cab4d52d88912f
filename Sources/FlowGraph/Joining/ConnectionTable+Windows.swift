import NetModel

extension ConnectionTable {
    /// Notes over which time an observer watched its table; the rates of what it saw are over this time. It may be
    /// known only after all entries were added.
    package mutating func setWindow(_ window: ObservationWindow, of observer: UInt16) {
        let known = observerWindows[Int(observer)]
        observerWindows[Int(observer)] = ObservationWindow.longest([known, window].compactMap { $0 })
    }

    /// The longest window of the observers of a set; nil where none has one.
    func window(ofAny set: [UInt16]) -> ObservationWindow? {
        ObservationWindow.longest(set.lazy.compactMap { observerWindows[Int($0)] })
    }

    /// What was seen within a window of the connection at an index; nil where no observer had one.
    @inline(__always)
    func window(of index: Int) -> ConnectionWindow? {
        guard var window = windows[index] else { return nil }
        let set = Int(records[index].observers)
        window.period = set < periods.count ? periods[set] : nil
        return window
    }

    /// Finds the window of every set of observers, once no set is added any more.
    mutating func settlePeriods() {
        if !windows.isEmpty { periods = observerSets.map { window(ofAny: $0) } }
    }

    /// Changes what was seen of a connection within a window, where anything was.
    mutating func updateWindow(_ index: Int, _ body: (inout ConnectionWindow) -> Void) {
        guard var window = windows[index] else { return }
        body(&window)
        windows[index] = window
    }

    /// Adds to a connection what an observer saw of it within a window.
    ///
    /// - Parameter swapped: the observer has client and server the other way round.
    mutating func merge(_ window: ConnectionWindow, into index: Int, swapped: Bool) {
        guard var known = windows[index] else {
            var window = window
            if swapped { window.swapDirections() }
            windows[index] = window
            return
        }
        known.take(window, swapped: swapped)
        windows[index] = known
    }

    /// Which of the connections that had this tuple an observation within a window belongs to; nil when it is one
    /// more. Nearly always the tuple had one connection; only where it has several, or may have, it is noted who
    /// reported which.
    mutating func incarnation(
        of observation: ConnectionRecord,
        _ window: ConnectionWindow,
        newest: Int
    ) -> Int? {
        guard incarnations.first(of: newest) != newest else {
            guard records[newest].overlaps(observation), !isRepeated(newest, window) else { return nil }
            // Who reports a connection that another may follow must be known when the other comes.
            if hasSeveralZones, window.entryEnded || window.began { incarnations.note(window.reporter, of: newest) }
            return newest
        }
        var candidate = incarnations.candidate(of: window.reporter, newest: newest)
        while let index = candidate {
            if records[index].overlaps(observation), !isRepeated(index, window) {
                incarnations.note(window.reporter, of: index)
                return index
            }
            candidate = incarnations.next(after: index)
        }
        return nil
    }

    /// The connections that had the same tuple one after the other, found now where no index was needed before.
    func incarnationsOfTuples() -> Incarnations {
        guard !isIndexed else { return incarnations }
        var found = Incarnations()
        var newest: [ConnectionKey: Int] = [:]
        for index in records.indices {
            // What was there all the while had its tuple alone.
            guard let window = windows[index], window.entryBegan || window.entryEnded else { continue }
            let key = records[index].outerKey
            if let before = newest[key] { found.append(index, after: before) }
            newest[key] = index
        }
        return found
    }

    /// Whether the reporter of an observation reported the connection at an index already, so that this is another.
    private func isRepeated(_ index: Int, _ window: ConnectionWindow) -> Bool {
        guard let known = windows[index], known.isFollowed(by: window),
            observerSets.contains(window.reporter.observer, in: records[index].observers)
        else { return false }
        // A node may hold one connection in several zones, and then reports it once in each.
        return known.reporter == window.reporter || !hasSeveralZones
    }
}
