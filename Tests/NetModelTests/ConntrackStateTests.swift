import NetModel
import Testing

@Suite("A connection's state and status")
struct ConntrackStateTests {
    @Test("every state has a name of its own, as the kernel prints it")
    func names() {
        let names = ConntrackState.allCases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { $0.wholeMatch(of: /[A-Z][A-Z_]*2?/) != nil })
        #expect(ConntrackState.synReceived.name == "SYN_RECV")
        #expect(ConntrackState.shutdownReceived.name == "SHUTDOWN_RECD")
    }

    @Test("the status bits are the kernel's")
    func bits() {
        #expect(ConntrackStatus.seenReply.rawValue == 2)
        #expect(ConntrackStatus.assured.rawValue == 4)
        #expect(ConntrackStatus.offload.rawValue == 0x4000)
        #expect(ConntrackStatus.hardwareOffload.rawValue == 0x8000)
    }
}
