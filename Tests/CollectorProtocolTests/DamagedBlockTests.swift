import CollectorProtocol
import NetModel
import Testing

@Suite("A damaged block of entries")
struct DamagedBlockTests {
    /// A block of two UDP entries from 10.0.0.1 and 10.0.0.2, port 1000, to 10.0.0.9, port 53, as its fields.
    private struct Block {
        var fields: [UInt64: [UInt8]] = [
            1: field(1, 4),
            4: field(4, field(1, 0) + field(2, 17)),
            5: field(5, [0, 0]),
            6: field(6, [0, 10, 0, 0, 0, 0, 1, 1, 2]),
            7: field(7, [0, 10, 0, 0, 0, 0, 0, 9]),
            8: field(8, [0, 3, 0, 232]),
            9: field(9, [0, 0, 0, 53]),
        ]

        var payload: [UInt8] { fields.sorted { $0.key < $1.key }.flatMap(\.value) }

        /// The reading of this block with one of its fields replaced.
        func with(_ number: UInt64, _ replacement: [UInt8]) -> Reading {
            var changed = self
            changed.fields[number] = replacement
            return Reading(frame(5, changed.payload))
        }
    }

    @Test("is told from one that is whole, and made by hand after the description of the format")
    func handMade() {
        let reading = Reading(frame(5, Block().payload))
        let tuples = [0x0A00_0001, 0x0A00_0002].map { (source: UInt32) in
            Tuple(
                source: IPAddress(ipv4: source), sourcePort: 1000, destination: IPAddress(ipv4: 0x0A00_0009),
                destinationPort: 53, transport: .udp)
        }
        #expect(reading.entries == tuples.map { ConntrackEntry(original: $0, reply: $0.inverted) })
    }

    private static let cases: [(UInt64, [UInt8], String)] = [
        (1, [], "the address family is neither 4 nor 6"),
        (1, field(1, 5), "the address family is neither 4 nor 6"),
        (5, [], "there is no entry"),
        (5, field(5, []), "there is no entry"),
        (5, field(5, [UInt8](repeating: 0, count: 4097)), "4097 entries, more than 4096"),
        (5, varint(5 << 3 | 2) + varint(1 << 40), "a field of 1099511627776 bytes where 33 are left"),
        (5, field(5, [0, 1]), "an entry of a kind that is not there"),
        (5, field(5, [0, 0, 0]), "a column breaks off"),
        (5, field(5, [0]), "a column of addresses is too long"),
        (4, [], "an entry of a kind that is not there"),
        (4, field(4, field(1, 0)), "a kind has no transport"),
        (4, field(4, field(1, 1 << 17) + field(2, 6)), "a kind of an unknown form"),
        (4, field(4, field(1, 3 << 4) + field(2, 6)), "counters that are to be those of others, which there are not"),
        (4, field(4, field(1, 3 << 13) + field(2, 6)), "counters that are to be those of others, which there are not"),
        (4, field(4, field(1, 1 << 13) + field(2, 6)), "a kind with a window in a block without windows"),
        (4, field(4, field(1, 1) + field(2, 6)), "a column is missing"),
        (4, field(4, field(1, 1 << 10) + field(2, 6)), "the details break off or have a number of more than 64 bits"),
        (4, field(4, field(1, 1 << 8) + field(2, 6)) + field(14, [1, 0]), "a timeout is below 0 or above 32 bits"),
        (
            4, field(4, field(1, 1 << 9) + field(2, 6)) + field(14, varint(1 << 32) + [0]),
            "an age is above 32 bits"
        ),
        (4, (0..<257).flatMap { _ in field(4, field(1, 0) + field(2, 6)) }, "more than 256 kinds"),
        (6, [], "a column is missing"),
        (6, field(6, [0, 10, 0, 0, 0, 0, 2, 1, 2]), "a column breaks off or is of an unknown form"),
        (7, field(7, [0, 10, 0, 0, 0, 0]), "a column breaks off or is of an unknown form"),
        (8, field(8, [0, 3, 0, 232, 0]), "a column of ports is too long"),
        (10, field(10, [0, 10, 0, 0, 0, 0, 0, 9]), "a column is there for no entry"),
        (14, field(14, [0]), "details that belong to no entry"),
    ]

    @Test("is refused with what is wrong, and gives no entry", arguments: cases)
    func refused(number: UInt64, replacement: [UInt8], what: String) {
        let reading = Block().with(number, replacement)
        #expect(reading.messages.isEmpty)
        #expect(reading.error?.reason == .undecodable("ENTRIES: \(what)"))
    }

    @Test("with columns that only a newer version knows is read without them")
    func unknownColumn() {
        let reading = Block().with(15, field(15, [1, 2, 3]))
        #expect(reading.entries.count == 2)
        let kind = field(4, field(1, 0) + field(2, 17) + field(12, 5))
        #expect(Block().with(4, kind).entries.count == 2)
    }

    @Test("whose payload has any one byte replaced, rightly checksummed, never gives more than its bytes hold")
    func anyByte() {
        let stream = snapshot((0..<20).map { FullNode.entry($0) })
        let length = (0..<4).reduce(0) { $0 | Int(stream[$1]) << (8 * $1) }
        let payload = Array(stream[5..<5 + length])
        for position in payload.indices {
            for value: UInt8 in [0, 1, 2, 0x7F, 0x80, 0xFF] {
                var changed = payload
                changed[position] = value
                let reading = Reading(frame(5, changed))
                #expect(reading.entries.count == (reading.error == nil ? 20 : 0))
            }
        }
    }
}
