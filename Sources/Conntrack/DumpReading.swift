import CNetfilterConntrack
package import NetModel

/// Decodes the datagrams of a dump as they come.
package struct DumpReading {
    private var answer = Answer(to: .dumpTable)
    private var entries = 0
    private var isComplete = false

    package init() {}

    /// What was read so far.
    package var summary: DumpSummary {
        var summary = DumpSummary()
        summary.entries = entries
        summary.undecodable = answer.undecodable
        summary.wasInterrupted = answer.wasInterrupted
        summary.isComplete = isComplete
        return summary
    }

    /// Decodes the next datagram.
    ///
    /// - Returns: whether more must come.
    /// - Throws: what the kernel says that ended the dump.
    package mutating func read(
        _ datagram: RawSpan,
        entry: (ConntrackEntry) -> Void
    ) throws(ConntrackError) -> Bool {
        var decoded = 0
        defer { entries += decoded }
        isComplete = try answer.read(datagram, of: IPCTNL_MSG_CT_NEW) { datagram, message in
            var fields = EntryFields()
            guard let attributes = message.attributes, fields.read(attributes, in: datagram),
                let value = fields.entry(nil)
            else { return false }
            decoded += 1
            entry(value)
            return true
        }
        return !isComplete
    }
}
