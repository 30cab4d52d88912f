import NetModel
import Testing

@Suite("A tuple and the one that answers it")
struct TupleTests {
    private let client = IPAddress(ipv4: 0x0A00_0001)
    private let server = IPAddress(ipv4: 0x0A00_0002)

    private func tuple(_ transport: TransportProtocol, _ sourcePort: UInt16, _ destinationPort: UInt16) -> Tuple {
        Tuple(
            source: client,
            sourcePort: sourcePort,
            destination: server,
            destinationPort: destinationPort,
            transport: transport
        )
    }

    @Test("addresses and ports are exchanged", arguments: [TransportProtocol.tcp, .udp, .sctp, .dccp, .gre, .udpLite])
    func ports(_ transport: TransportProtocol) {
        let answer = tuple(transport, 40000, 80).inverted
        #expect(answer.source == server)
        #expect(answer.destination == client)
        #expect(answer.sourcePort == 80)
        #expect(answer.destinationPort == 40000)
        #expect(answer.transport == transport)
    }

    @Test(
        "an ICMP type is answered by its counterpart; the identifier and the code stay",
        arguments: [
            // RFC 792: echo, timestamp, information; RFC 950: address mask.
            (1, 8, 0), (1, 13, 14), (1, 15, 16), (1, 17, 18),
            // RFC 4443: echo; RFC 4620: node information.
            (58, 128, 129), (58, 139, 140),
        ] as [(UInt8, UInt8, UInt8)]
    )
    func icmp(_ transport: UInt8, _ request: UInt8, _ reply: UInt8) {
        let transport = TransportProtocol(rawValue: transport)
        let question = tuple(transport, 0x1234, UInt16(request) << 8 | 3)
        let answer = question.inverted
        #expect(answer.source == server)
        #expect(answer.sourcePort == 0x1234)
        #expect(answer.icmpType == (reply, 3))
        #expect(answer.inverted == question)
    }

    @Test("an ICMP type without an answer is its own, and one family's types mean nothing in the other")
    func icmpWithoutAnswer() {
        let paired: [UInt8: Set<UInt8>] = [1: [0, 8, 13, 14, 15, 16, 17, 18], 58: [128, 129, 139, 140]]
        for (transport, types) in paired {
            for type in UInt8.min...UInt8.max where !types.contains(type) {
                let tuple = tuple(TransportProtocol(rawValue: transport), 7, UInt16(type) << 8)
                #expect(tuple.inverted.icmpType == (type, 0))
            }
        }
    }

    @Test("what answers the answer is the question")
    func involution() {
        for number in UInt8.min...UInt8.max {
            for port in stride(from: UInt16(0), to: 0xFF00, by: 0x0100) {
                let tuple = tuple(TransportProtocol(rawValue: number), 9, port)
                if tuple.inverted.inverted != tuple { Issue.record("\(tuple)") }
            }
        }
    }
}
