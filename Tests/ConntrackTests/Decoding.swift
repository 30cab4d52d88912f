import Conntrack
import NetModel

/// What the decoder gives for the datagrams of a dump.
struct DecodedDump {
    var entries: [ConntrackEntry] = []
    var summary = DumpSummary()
    var error: ConntrackError?

    init(_ datagrams: [[UInt8]]) {
        var reading = DumpReading()
        var entries: [ConntrackEntry] = []
        do throws(ConntrackError) {
            for datagram in datagrams {
                let isMoreToCome = try unsafe reading.read(datagram.span.bytes) { entries.append($0) }
                if !isMoreToCome { break }
            }
        } catch {
            self.error = error
        }
        self.entries = entries
        summary = reading.summary
    }
}

/// What the decoder gives for the datagrams of events.
struct DecodedEvents {
    var entries: [ConntrackEntry] = []
    var undecodable = 0

    init(_ datagrams: [[UInt8]]) {
        var reading = EventReading()
        var entries: [ConntrackEntry] = []
        for datagram in datagrams {
            unsafe reading.read(datagram.span.bytes) { entries.append($0) }
        }
        self.entries = entries
        undecodable = reading.undecodable
    }
}

/// The entries of the table of this thread's namespace.
func table() throws -> [ConntrackEntry] {
    var entries: [ConntrackEntry] = []
    let summary = try ConntrackTable().dump { entries.append($0) }
    guard summary.isComplete, summary.undecodable == 0, summary.entries == entries.count else {
        throw ShellError(command: "dump: \(summary)", status: 0)
    }
    return entries
}

/// The entry that is dialled at this port of 10.1.0.2, or another address.
func entry(
    _ entries: [ConntrackEntry],
    _ transport: TransportProtocol,
    _ port: UInt16,
    at address: String = "10.1.0.2"
) -> ConntrackEntry? {
    let found = entries.filter {
        $0.original.transport == transport && $0.original.destinationPort == port
            && $0.original.destination == IPAddress(address)
    }
    return found.count == 1 ? found.first : nil
}
