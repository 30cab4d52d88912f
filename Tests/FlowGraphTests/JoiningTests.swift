import FlowGraph
import NetModel
import Testing

@Suite("One connection, however often it is seen, is counted once")
struct JoiningTests {
    @Test("the first tuple tells the client and what it dialled, the second who answered")
    func tuplesOfATranslatedConnection() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.dialled?.description == "10.96.61.76")
        #expect(flow.dialledPort == 80)
        #expect(flow.translatedSource == nil)
    }

    @Test("a masqueraded client keeps its own address, and the one the server sees is told beside it")
    func masquerade() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 203.0.113.9:443 | 203.0.113.9:443 > 10.99.0.11:61000")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 203.0.113.9:443")
        #expect(flow.translatedSource?.description == "10.99.0.11")
        #expect(flow.translatedSourcePort == 61000)
        #expect(flow.dialled == nil)
    }

    @Test("client's node and server's node saw one connection: larger counters, both named")
    func twoNodes() throws {
        var observed = Observations()
        observed.seen(
            "tbn1",
            "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000 sent=11/655 received=12/103223"
        )
        observed.seen("tbn2", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 sent=11/655 received=13/103275")
        let flow = try #require(observed.flows().only)
        #expect(flow.totalSent == Counters(packets: 11, bytes: 655))
        #expect(flow.totalReceived == Counters(packets: 13, bytes: 103275))
        #expect(flow.observers == ["tbn1", "tbn2"])
        #expect(flow.dialled?.description == "10.96.61.76")
        #expect(flow.countedConnections == 1)
    }

    @Test("in whichever order the nodes are read", arguments: [["tbn1", "tbn2"], ["tbn2", "tbn1"]])
    func orderOfNodes(_ order: [String]) throws {
        var observed = Observations()
        for node in order {
            observed.seen(
                node,
                node == "tbn1"
                    ? "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000"
                    : "tcp 10.244.1.2:5000 > 10.244.2.3:8080"
            )
        }
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.dialled?.description == "10.96.61.76")
    }

    @Test("counters that one node alone kept are the connection's")
    func countersOfOneNode() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080")
        observed.seen("tbn2", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 sent=11/655 received=12/103223")
        #expect(observed.flows().only?.totalSent?.bytes == 655)
    }

    @Test("without accounting there are no counters, not zeros")
    func noCounters() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080")
        let flow = try #require(observed.flows().only)
        #expect(flow.totalSent == nil)
        #expect(flow.totalReceived == nil)
        #expect(flow.bytesPerSecond == nil)
        #expect(flow.countedConnections == 0)
    }

    @Test("a NodePort on a third node that masquerades: three tables, one connection, from the real client")
    func nodePortOnAThirdNode() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.99.0.13:30080")
        observed.seen("tbn3", "tcp 10.244.1.2:5000 > 10.99.0.13:30080 | 10.244.2.3:8080 > 10.99.0.13:40001")
        observed.seen("tbn2", "tcp 10.99.0.13:40001 > 10.244.2.3:8080")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.dialled?.description == "10.99.0.13")
        #expect(flow.dialledPort == 30080)
        #expect(flow.observers == ["tbn1", "tbn2", "tbn3"])
    }

    @Test("masqueraded on the client's node and again on the NodePort's: the chain is followed to the client")
    func twoMasquerades() throws {
        var observed = Observations()
        observed.seen("tbn3", "tcp 10.99.0.11:61000 > 10.99.0.13:30080 | 10.244.2.3:8080 > 10.99.0.13:40001")
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.99.0.13:30080 | 10.99.0.13:30080 > 10.99.0.11:61000")
        observed.seen("tbn2", "tcp 10.99.0.13:40001 > 10.244.2.3:8080 sent=5/400 received=5/900")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.dialled?.description == "10.99.0.13")
        #expect(flow.totalReceived?.bytes == 900)
    }

    @Test("two clients of one server stay two, and so do two servers of one client")
    func differentTuples() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080")
        observed.seen("tbn1", "tcp 10.244.1.2:5001 > 10.244.2.3:8080")
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.4:8080")
        observed.seen("tbn1", "udp 10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(observed.flows().count == 4)
    }

    @Test("one node holds it in several zones: once")
    func zones() throws {
        var observed = Observations()
        observed.seen("ovn1", "tcp 10.128.0.5:5000 > 172.30.0.9:80 | 10.128.1.6:8080 > 10.128.0.5:5000 zone=64002")
        observed.seen("ovn1", "tcp 10.128.0.5:5000 > 10.128.1.6:8080 zone=12")
        observed.seen("ovn1", "tcp 10.128.0.5:5000 > 10.128.1.6:8080 zone=13 sent=4/300 received=3/200")
        let flow = try #require(observed.flows().only)
        #expect(flow.dialled?.description == "172.30.0.9")
        #expect(flow.totalSent?.bytes == 300)
    }

    @Test("zones of one node whose translations follow one another are one connection")
    func zonesInAChain() throws {
        var observed = Observations()
        observed.seen("ovn1", "tcp 10.128.0.5:5000 > 172.30.0.9:80 | 10.128.1.6:8080 > 100.64.0.2:7000 zone=1")
        observed.seen("ovn1", "tcp 100.64.0.2:7000 > 10.128.1.6:8080 zone=2")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.128.0.5:5000 > 10.128.1.6:8080")
    }

    @Test(
        "addresses that belong to one node are never joined across nodes",
        arguments: [
            "igmp 0.0.0.0 > 224.0.0.22", "tcp 127.0.0.1:5000 > 127.0.0.1:10248", "udp 169.254.7.1:68 > 169.254.7.2:67",
            "udp [fe80::1]:546 > [ff02::1:2]:547", "tcp [::1]:5000 > [::1]:2379", "udp 0.0.0.0:68 > 255.255.255.255:67",
            "udp 10.99.0.1:5353 > 224.0.0.251:5353",
        ]
    )
    func nodeScopedAddresses(_ notation: String) {
        var observed = Observations()
        observed.seen("tbn1", notation)
        observed.seen("tbn2", notation)
        observed.seen("tbn2", notation)
        #expect(observed.flows().map(\.observers) == [["tbn1"], ["tbn2"]])
    }

    @Test("a redirect to a loopback address stays on its node")
    func redirectToLoopback() {
        var observed = Observations()
        for node in ["tbn1", "tbn2"] {
            observed.seen(node, "udp 10.244.1.2:5000 > 10.96.0.10:53 | 127.0.0.53:53 > 10.244.1.2:5000")
        }
        #expect(observed.flows().count == 2)
    }

    @Test("pings of two hosts to each other with the same identifier are two")
    func pingsInBothDirections() {
        var observed = Observations()
        observed.seen("tbn1", "icmp 10.244.1.2 > 10.244.2.3 id=7")
        observed.seen("tbn1", "icmp 10.244.2.3 > 10.244.1.2 id=7")
        observed.seen("tbn2", "icmp 10.244.1.2 > 10.244.2.3 id=7")
        #expect(observed.flows().map(\.ends).sorted() == ["10.244.1.2 > 10.244.2.3", "10.244.2.3 > 10.244.1.2"])
    }

    @Test("IPv6 is joined like IPv4")
    func ipv6() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp [fd00:1::2]:5000 > [fd00:96::10]:80 | [fd00:2::3]:8080 > [fd00:1::2]:5000")
        observed.seen("tbn2", "tcp [fd00:1::2]:5000 > [fd00:2::3]:8080")
        #expect(observed.flows().only?.observers == ["tbn1", "tbn2"])
    }

    @Test("a ring of translations, which no packet can make, ends")
    func ring() {
        var observed = Observations()
        observed.seen("a", "tcp 10.0.0.1:1 > 10.0.0.2:2 | 10.0.0.4:4 > 10.0.0.3:3")
        observed.seen("b", "tcp 10.0.0.3:3 > 10.0.0.4:4 | 10.0.0.2:2 > 10.0.0.1:1")
        #expect(observed.flows().count == 1)
    }

    @Test("a NodePort dialled on the node itself, at a loopback address, is joined with what the server's node saw")
    func loopbackDialled() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 127.0.0.1:1000 > 127.0.0.1:30080 | 10.244.2.5:8080 > 10.99.0.11:1000")
        observed.seen("tbn2", "tcp 10.99.0.11:1000 > 10.244.2.5:8080")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "127.0.0.1:1000 > 10.244.2.5:8080")
        #expect(flow.source.node == "tbn1")
    }

    @Test("without ports, too, one entry answers to both directions", arguments: ["esp", "gre", "4"])
    func reversedWithoutPorts(_ transport: String) {
        var observed = Observations()
        observed.seen("tbn1", "\(transport) 10.99.0.11 > 10.99.0.12 sent=5/500 received=4/400")
        observed.seen("tbn2", "\(transport) 10.99.0.12 > 10.99.0.11 sent=4/400 received=6/600")
        #expect(observed.flows().map(\.totalSent?.bytes) == [600])
    }

    @Test("two tables of one node, a pod's own and the node's, are joined like those of two nodes")
    func tablesOfOneNode() {
        var observed = Observations()
        observed.seen("tbn1", inOneTable: "tcp 10.244.1.2:5000 > 10.96.61.76:80")
        observed.seen("tbn1", inOneTable: "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000")
        #expect(observed.flows().map(\.ends) == ["10.244.1.2:5000 > 10.244.2.3:8080"])
    }

    @Test("the state that is farther along is the connection's")
    func state() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 state=TIME_WAIT")
        observed.seen("tbn2", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 state=ESTABLISHED")
        #expect(observed.flows().only?.state == .timeWait)
    }
}

extension Collection {
    /// The element of a collection of one.
    var only: Element? { count == 1 ? first : nil }
}
