import CNetfilterConntrack
import Glibc
package import NetModel

/// The conntrack table of the calling thread's network namespace, read over netlink (`NETLINK_NETFILTER`, ctnetlink).
///
/// Each request opens a socket of its own: a dump that was stopped leaves no rest behind for the next one.
package struct ConntrackTable: Sendable {
    package init() {}

    /// Reads every entry: all families, zones and protocols.
    ///
    /// Times are the kernel's: `start` where it keeps timestamps; `ageSeconds` is never set.
    ///
    /// - Parameters:
    ///   - entry: called for each entry, in the kernel's order.
    ///   - between: called between two receives, some 100 entries apart; false stops the dump.
    /// - Throws: when the kernel refuses or the dump breaks; entries that were delivered before stay true.
    package func dump(
        entry: (ConntrackEntry) -> Void,
        between: () -> Bool = { true }
    ) throws(ConntrackError) -> DumpSummary {
        let socket = try Self.openSocket()
        try socket.sendDumpRequest()
        let receiver = try ReceiveAhead(descriptor: socket.descriptor)
        // Before the socket is closed.
        defer { receiver.stop() }
        var reading = DumpReading()
        while true {
            let goesOn = try receiver.next { (datagram: RawSpan) throws(ConntrackError) in
                try reading.read(datagram, entry: entry)
            }
            guard goesOn, between() else { return reading.summary }
            if receiver.isOver { throw ConntrackError(.malformedAnswer, .dumpTable) }
        }
    }

    /// The table's own counters.
    package func statistics() throws(ConntrackError) -> ConntrackStatistics {
        let socket = try Self.openSocket()
        try socket.send(IPCTNL_MSG_CT_GET_STATS_CPU, flags: NLM_F_DUMP, for: .readStatistics)
        var buffer = Self.makeBuffer()
        var reading = StatisticsReading()
        while true {
            let count = try Self.receive(from: socket, into: &buffer, for: .readStatistics)
            let datagram = unsafe buffer.span.bytes.extracting(first: count)
            guard try reading.read(datagram) else { return reading.sum }
        }
    }

    /// How many entries there are and how many there may be.
    package func size() throws(ConntrackError) -> TableSize {
        let socket = try Self.openSocket()
        try socket.send(IPCTNL_MSG_CT_GET_STATS, flags: 0, for: .readSize)
        var buffer = Self.makeBuffer()
        let count = try Self.receive(from: socket, into: &buffer, for: .readSize)
        return try unsafe SizeReading.size(buffer.span.bytes.extracting(first: count))
    }

    private static func openSocket() throws(ConntrackError) -> NetlinkSocket {
        let socket = try NetlinkSocket()
        // The kernel makes the next datagram of an answer while the last is taken, so it is never waited for. Where that
        // fails all the same, failing is better than hanging.
        _ = socket.setReceiveTimeout(seconds: 30)
        return socket
    }

    /// As long as a datagram can be.
    private static func makeBuffer() -> [UInt8] {
        [UInt8](repeating: 0, count: 32 << 10)
    }

    @inline(__always)
    private static func receive(
        from socket: borrowing NetlinkSocket,
        into buffer: inout [UInt8],
        for request: ConntrackError.Request
    ) throws(ConntrackError) -> Int {
        switch try socket.receive(into: &buffer, for: request) {
        case .datagram(let byteCount): return byteCount
        case .nothing: throw ConntrackError(.timedOut, request)
        case .overrun: throw ConntrackError(.system, request, errorNumber: ENOBUFS)
        }
    }
}
