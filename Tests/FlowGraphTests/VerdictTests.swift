import FlowGraph
import Testing

@Suite("A verdict is what was observed, never what is likely")
struct VerdictTests {
    private func verdict(_ notation: String) -> Verdict? {
        var observed = Observations()
        observed.seen("tbn1", notation)
        return observed.flows(all: true).only?.verdict
    }

    @Test("ACCEPT when the peer answered")
    func accept() {
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 state=ESTABLISHED") == .accept)
        #expect(verdict("udp 10.0.0.1:5000 > 10.0.0.2:53") == .accept)
        #expect(verdict("icmp 10.0.0.1 > 10.0.0.2 id=3") == .accept)
    }

    @Test("an answer that only the server's node saw is an answer")
    func answerOnOneNode() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied age=9")
        observed.seen("tbn2", "tcp 10.0.0.1:5000 > 10.0.0.2:80")
        #expect(observed.flows().only?.verdict == .accept)
    }

    @Test("NO_REPLY when nothing came back to two packets, or for three seconds")
    func noReply() {
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=SYN_SENT sent=2/120 received=0/0") == .noReply)
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=SYN_SENT age=3") == .noReply)
        #expect(verdict("udp 10.0.0.1:5000 > 10.0.0.2:53 unreplied age=30") == .noReply)
    }

    @Test("UNKNOWN while an answer may still come, and where nothing tells the age")
    func unknown() {
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=SYN_SENT") == .unknown)
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=SYN_SENT sent=1/60 age=2") == .unknown)
    }

    @Test("nobody answers a multicast, a broadcast or an overlay's outer flow")
    func oneWay() {
        #expect(verdict("udp 10.0.0.1:5353 > 224.0.0.251:5353 unreplied age=99 sent=50/5000") == .unknown)
        #expect(verdict("udp 0.0.0.0:68 > 255.255.255.255:67 unreplied age=99") == .unknown)
        #expect(verdict("udp 10.99.0.11:41000 > 10.99.0.12:8472 unreplied age=99 sent=50/5000") == .unknown)
    }

    @Test("a connection closed by a reset before any answer was refused")
    func refused() {
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=CLOSE") == .refused)
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 state=CLOSE") == .accept)
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=CLOSE sent=1/60 received=1/40") == .refused)
        // The client gave up; nobody refused it.
        #expect(verdict("tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=CLOSE sent=3/180 received=0/0") == .noReply)
    }

    @Test("how many failed is not known where of a connection nothing tells")
    func failuresUnknown() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 unreplied state=SYN_SENT")
        #expect(observed.flows().only?.failedConnections == .some(nil))
        observed.seen("tbn1", "tcp 10.0.0.1:5001 > 10.0.0.2:80 unreplied age=9")
        #expect(observed.flows(by: .workload).only?.failedConnections == 1)
    }

    @Test("a sum has the verdict that all its connections have, or none")
    func sums() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80")
        observed.seen("tbn1", "tcp 10.0.0.1:5001 > 10.0.0.2:80 unreplied age=10")
        let mixed = observed.flows(by: .workload).only
        #expect(mixed?.verdict == .some(nil))
        #expect(mixed?.connections == 2)
        #expect(mixed?.failedConnections == 1)
    }
}
