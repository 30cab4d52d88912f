import Conntrack
import NetModel
import TestSupport
import Testing

@Suite("Memory")
struct AllocationTests {
    @Test("is not allocated for an entry of a dump")
    func dump() throws {
        let datagram = Array(repeating: Message.entry(), count: 100).flatMap { $0 }
        var reading = DumpReading()
        // The first in a process sets things up.
        _ = DecodedDump([datagram])
        var bytes: UInt64 = 0
        var failure: ConntrackError?
        let count = allocations {
            do throws(ConntrackError) {
                for _ in 0..<10 {
                    _ = try unsafe reading.read(datagram.span.bytes) { bytes += UInt64($0.original.sourcePort) }
                }
            } catch {
                failure = error
            }
        }
        #expect(failure == nil)
        #expect(reading.summary.entries == 1000)
        #expect(bytes == 1_000_000)
        #expect(count == 0)
    }

    @Test("is not allocated for an event")
    func events() {
        let datagram = Message.entry(type: 0x102)
        var reading = EventReading()
        // The first in a process sets things up.
        _ = DecodedEvents([datagram])
        var ports = 0
        let count = allocations {
            for _ in 0..<1000 {
                unsafe reading.read(datagram.span.bytes) { ports += Int($0.original.destinationPort) }
            }
        }
        #expect(reading.events == 1000)
        #expect(ports == 80_000)
        #expect(count == 0)
    }

    @Test("of a dump does not grow with the table")
    func table() throws {
        let (few, many) = try inNewNamespace {
            let library = try LibraryHandle()
            let reader = ConntrackTable()
            var entries = 0
            func read() -> Int {
                allocations { entries += (try? reader.dump(entry: { _ in }))?.entries ?? 0 }
            }
            for port in 1...UInt16(10) { try library.create(17, sourcePort: port, destinationPort: 1) }
            // The first in a process sets things up.
            _ = read()
            let few = read()
            for port in 11...UInt16(2000) { try library.create(17, sourcePort: port, destinationPort: 1) }
            let many = read()
            #expect(entries == 10 + 10 + 2000)
            return (few, many)
        }
        #expect(few == many)
        #expect(few < 20)
    }
}
