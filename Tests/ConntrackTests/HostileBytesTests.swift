import Conntrack
import Glibc
import NetModel
import TestSupport
import Testing

@Suite("Bytes that no kernel sends")
struct HostileBytesTests {
    private func read(_ name: String) throws -> [UInt8] {
        let bytes = try shell("cat \(Repository.path("Tests/Corpus/Conntrack/\(name)"))")
        try #require(!bytes.isEmpty)
        return bytes
    }

    @Test("are counted where a recorded message is cut off, wherever that is", arguments: recordedMessages)
    func truncated(name: String) throws {
        let bytes = try read(name)
        let messages = libraryMessages(bytes)
        let ends = messages.reduce(into: [0]) { ends, message in ends.append(ends[ends.count - 1] + message.bytes.count)
        }
        for length in 0..<bytes.count {
            let decoded = DecodedDump([Array(bytes[..<length])])
            let whole = ends.lastIndex { $0 <= length } ?? 0
            #expect(decoded.entries.count <= whole)
            #expect(decoded.summary.entries == decoded.entries.count)
            let isBetweenMessages = ends.contains(length)
            #expect(decoded.summary.undecodable >= (isBetweenMessages ? 0 : 1))
            #expect(decoded.entries.count + decoded.summary.undecodable <= whole + 1)
        }
    }

    @Test("are decoded or counted where one byte of a recorded message is another", arguments: recordedMessages)
    func mutated(name: String) throws {
        let bytes = try read(name)
        let mostMessages = bytes.count / 16 + 1
        for index in bytes.indices {
            for value in [0, 1, 3, 4, 0x7F, 0x80, 0xFF, bytes[index] ^ 1, bytes[index] &+ 4] {
                var mutated = bytes
                mutated[index] = value
                let dump = DecodedDump([mutated])
                if dump.entries.count + dump.summary.undecodable > mostMessages {
                    Issue.record("byte \(index) as \(value): more than there are")
                }
                let events = DecodedEvents([mutated])
                if events.entries.count + events.undecodable > mostMessages {
                    Issue.record("byte \(index) as \(value): more than there are")
                }
            }
        }
    }

    @Test("do not end the dump: what stands before and behind is used")
    func between() {
        let noTuples = Message.header(type: 0x100, payload: [2, 0, 0, 0])
        let noBody = Message.header(type: 0x100, payload: [2, 0])
        let other = Message.header(type: 0x1234, payload: [1, 2, 3, 4])
        let decoded = DecodedDump([Message.entry() + noTuples + other + Message.entry(), noBody, [1], Message.done(0)])
        #expect(decoded.entries.count == 2)
        #expect(decoded.summary.undecodable == 4)
        #expect(decoded.summary.isComplete)
    }

    @Test(
        "in an attribute make its entry undecodable: none of its numbers would be sure",
        arguments: [
            Message.attribute(3, [0, 0, 1]),  // status of three bytes
            Message.attribute(7, []),  // timeout of none
            Message.attribute(9, Message.attribute(1, [0, 0, 0, 1])),  // 32-bit counters, and only packets
            Message.attribute(1, Message.attribute(1, Message.attribute(1, [10, 0, 0]))),  // address of three bytes
            Message.attribute(4, Message.attribute(1, Message.attribute(1, []))),  // TCP state of none
            Message.attribute(18, [1]),  // zone of one byte
            Message.attribute(20, Message.attribute(1, [1, 2, 3, 4])),  // start of four bytes
            [3, 0, 1, 0],  // an attribute shorter than its own header
            [255, 255, 1, 0],  // and one longer than the message
        ]
    )
    func attributes(attribute: [UInt8]) {
        let decoded = DecodedDump([Message.entry(attribute)])
        #expect(decoded.entries.isEmpty)
        #expect(decoded.summary.undecodable == 1)
    }

    @Test("in attributes that nobody knows are passed over")
    func unknownAttributes() throws {
        let unknown =
            Message.attribute(999, [1, 2, 3]) + Message.attribute(0, []) + Message.attribute(3, Message.big(UInt32(14)))
        let decoded = DecodedDump([Message.entry(unknown)])
        let entry = try #require(decoded.entries.first)
        #expect(decoded.summary.undecodable == 0)
        #expect(entry.status == ConntrackStatus(rawValue: 14))
        #expect(entry.original.destinationPort == 80)
    }

    @Test("in numbers beyond what can be told give the last that can, or nothing")
    func numbers() throws {
        let times = Message.attribute(
            20, Message.attribute(1, Message.big(UInt64.max)) + Message.attribute(2, Message.big(UInt64(0))))
        let counters = Message.attribute(
            9, Message.attribute(1, Message.big(UInt64.max)) + Message.attribute(2, Message.big(UInt64.max)))
        let state = Message.attribute(4, Message.attribute(1, Message.attribute(1, [200])))
        let entry = try #require(DecodedDump([Message.entry(times, counters, state)]).entries.first)
        #expect(entry.start == Timestamp(nanoseconds: .max))
        #expect(entry.stop == nil)
        #expect(entry.originalCounters == Counters(packets: .max, bytes: .max))
        #expect(entry.state == nil)
    }

    @Test("are no events unless they say that something began, changed or ended")
    func events() {
        let decoded = DecodedEvents([
            Message.entry(flags: 0x600) + Message.entry(flags: 0) + Message.entry(type: 0x102),
            Message.entry(type: 0x101),
            Message.done(0),
        ])
        #expect(decoded.entries.map(\.event) == [.new, .update, .destroy])
        #expect(decoded.undecodable == 2)
    }

    @Test("of DCCP, which kernels had to 6.15, are its states")
    func dccp() {
        let states = (0...UInt8(10)).map { state in
            let attribute = Message.attribute(4, Message.attribute(2, Message.attribute(1, [state])))
            return DecodedDump([Message.entry(attribute)]).entries.first?.state
        }
        #expect(
            states == [
                ConntrackState.none, .request, .respond, .partOpen, .open, .closeRequest, .closing, .timeWait, .ignore,
                .invalid, nil,
            ]
        )
    }
}

/// Some of what a kernel (6.18) sent.
private let recordedMessages = [
    "dump-datagram", "dump-done", "dump-00", "dump-01", "dump-04", "dump-08", "dump-11", "event-00", "event-13",
    "event-20", "statistics-datagram", "size",
]
