import NetModel

extension ConnectionRecord {
    /// What one observer saw of a connection.
    ///
    /// - Parameters:
    ///   - entry: as the observer reported it.
    ///   - addresses: the numbers of its addresses.
    ///   - scope: that of the outer tuple.
    ///   - observers: the number of the set that holds the observer alone.
    ///   - ownScope: the observer + 1, for a tuple that means something on its node only.
    ///   - clockOffset: by how many nanoseconds the clock of the observer's node is ahead.
    @inline(__always)
    init(
        _ entry: ConntrackEntry,
        addresses: Addresses,
        scope: UInt16,
        observers: UInt32,
        ownScope: UInt16,
        clockOffset: Int64
    ) {
        let outer = MeshRedirect.outerPorts(of: entry)
        let inner = entry.original
        let isInnerScoped = inner.source.isNodeScoped || inner.destination.isNodeScoped
        var start = entry.start
        if start == nil, case .new? = entry.event { start = entry.eventTime }
        let end = entry.stop ?? entry.eventTime
        var flags = Flags(entry)
        if outer.isMeshInbound { flags.insert(.meshInbound) }
        if start != nil { flags.insert(.hasStart) }
        if end != nil { flags.insert(.hasEnd) }
        self.init(
            client: End(address: addresses.client, port: inner.sourcePort),
            dialled: End(address: addresses.dialled, port: inner.destinationPort),
            seenClient: End(address: addresses.seenClient, port: outer.source),
            server: End(address: addresses.server, port: outer.destination),
            sent: entry.originalCounters ?? .zero,
            received: entry.replyCounters ?? .zero,
            start: start?.nanoseconds.subtractingSaturating(clockOffset) ?? 0,
            end: end?.nanoseconds.subtractingSaturating(clockOffset) ?? 0,
            age: entry.ageSeconds ?? 0,
            observers: observers,
            scope: scope,
            innerScope: isInnerScoped ? ownScope : 0,
            flags: flags,
            transport: inner.transport,
            state: entry.state ?? .none
        )
    }
}

extension ConnectionRecord {
    /// Notes what events told within a window.
    @inline(__always)
    mutating func note(_ marks: WindowObservation.Marks) {
        if marks.contains(.newEvent), !marks.contains(.pickedUp) {
            flags.insert(.opened)
            // The only event there was, so its time is that of the beginning.
            if !marks.contains(.destroyEvent), flags.contains(.hasEnd), !flags.contains(.hasStart) {
                start = end
                flags.insert(.hasStart)
            }
        }
        if marks.contains(.destroyEvent) { flags.insert(.destroyed) }
    }
}

extension ConnectionRecord.Flags {
    fileprivate init(_ entry: ConntrackEntry) {
        self.init()
        if entry.originalCounters != nil { insert(.hasSent) }
        if entry.replyCounters != nil { insert(.hasReceived) }
        if entry.status.contains(.seenReply) { insert(.seenReply) }
        if entry.status.contains(.assured) { insert(.assured) }
        switch entry.event {
        case .new: insert(.opened)
        case .destroy: insert(.destroyed)
        case .update, nil: break
        }
        if entry.state != nil { insert(.hasState) }
        if entry.ageSeconds != nil { insert(.hasAge) }
    }
}
