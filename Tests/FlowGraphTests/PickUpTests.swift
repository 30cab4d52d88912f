import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("A connection picked up in mid-stream is turned to its client")
struct PickUpTests {
    @Test("the side whose port is declared is the server, and what each sent is exchanged too")
    func declaredSideIsTheServer() throws {
        var observed = Observations()
        observed.seen("tbn2", "tcp 10.244.2.3:8080 > 10.244.1.2:5000 sent=12/103223 received=11/655")
        let flow = try #require(observed.flows(in: Cluster.shop.inventory).only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.totalSent?.bytes == 655)
        #expect(flow.totalReceived?.bytes == 103223)
        #expect(flow.turnedRound)
    }

    @Test("the kubelet's and the API server's ports are declared by the cluster")
    func kubeletAndAPIServer() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.99.0.1:6443 > 10.99.0.11:33284")
        observed.seen("tbn1", "tcp 10.99.0.11:10250 > 10.244.1.2:40000")
        let flows = observed.flows(in: Cluster.shop.inventory)
        #expect(
            flows.map(\.ends).sorted() == ["10.244.1.2:40000 > 10.99.0.11:10250", "10.99.0.11:33284 > 10.99.0.1:6443"]
        )
    }

    @Test("one node saw it the right way round and one did not: one connection, even without an inventory")
    func exchangedOnOneNode() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 sent=11/655 received=12/103223")
        observed.seen("tbn2", "tcp 10.244.2.3:8080 > 10.244.1.2:5000 sent=13/103275 received=11/655")
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.totalReceived?.bytes == 103275)
    }

    @Test("the node that translated knows who dialled", arguments: [true, false])
    func translationDecides(_ pickUpFirst: Bool) throws {
        let pickUp = "tcp 10.244.2.3:8080 > 10.244.1.2:5000 sent=13/103275 received=11/655"
        var observed = Observations()
        if pickUpFirst { observed.seen("tbn2", pickUp) }
        observed.seen(
            "tbn1",
            "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000 sent=11/655 received=12/103223"
        )
        if !pickUpFirst { observed.seen("tbn2", pickUp) }
        let flow = try #require(observed.flows().only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.dialledPort == 80)
        #expect(flow.totalSent?.bytes == 655)
        #expect(flow.totalReceived?.bytes == 103275)
    }

    @Test("the packet that a pick-up was made of is an answer")
    func pickUpIsAnAnswer() {
        var observed = Observations()
        observed.seen("tbn2", "tcp 10.244.2.3:8080 > 10.244.1.2:5000 unreplied sent=10/15000 received=0/0 age=10")
        let flow = observed.flows(in: Cluster.shop.inventory).only
        #expect(flow?.verdict == .accept)
        #expect(flow?.failedConnections == 0)
    }

    @Test(
        "of two nodes that saw it either way round, who saw both directions knows the client", arguments: [true, false])
    func assuredKnows(_ pickUpFirst: Bool) {
        var observed = Observations()
        let pickUp = "tcp 10.0.0.2:80 > 10.0.0.1:5000 unreplied sent=3/300"
        if pickUpFirst { observed.seen("tbn2", pickUp) }
        observed.seen("tbn1", "tcp 10.0.0.1:5000 > 10.0.0.2:80 assured sent=5/500 received=4/400")
        if !pickUpFirst { observed.seen("tbn2", pickUp) }
        #expect(observed.flows().map(\.ends) == ["10.0.0.1:5000 > 10.0.0.2:80"])
        #expect(observed.flows().map(\.totalSent?.bytes) == [500])
    }

    @Test("with both ports declared, or neither, nothing is turned")
    func undecided() {
        var cluster = Cluster.shop
        cluster.pod("shop/peer", "10.244.1.9", on: "tbn1", port: 7000)
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.9:7000 > 10.244.2.3:8080")
        observed.seen("tbn1", "tcp 10.244.1.2:5432 > 10.244.1.9:45000")
        #expect(
            observed.flows(in: cluster.inventory).map(\.ends).sorted()
                == ["10.244.1.2:5432 > 10.244.1.9:45000", "10.244.1.9:7000 > 10.244.2.3:8080"]
        )
    }

    @Test("a UDP answer after the entry expired is no request")
    func datagrams() {
        var cluster = Cluster.shop
        cluster.service(
            "kube-system/dns",
            "10.96.0.10",
            port: 53,
            portName: "dns",
            endpoints: [],
            targetPort: 53
        )
        var observed = Observations()
        observed.seen("tbn1", "udp 10.244.2.3:8080 > 10.244.1.2:5000 unreplied")
        // The container declared TCP only.
        #expect(observed.flows(in: cluster.inventory).only?.ends == "10.244.2.3:8080 > 10.244.1.2:5000")
    }
}

@Suite("Ephemeral ports never become services")
struct EphemeralPortTests {
    @Test("a thousand undeclared high ports of one server are one flow without a port")
    func collapsed() {
        var observed = Observations()
        for port in 40000..<41000 { observed.seen("tbn1", "tcp 10.244.1.2:5432 > 10.244.2.3:\(port)") }
        let flow = observed.flows(by: .workload, in: Cluster.shop.inventory).only
        #expect(flow?.connections == 1000)
        #expect(flow?.destinationPort == .some(nil))
    }

    @Test("a high port that several ephemeral ports dialled is one that somebody listens on")
    func listening() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:45000 > 10.244.2.3:50051")
        observed.seen("tbn1", "tcp 10.244.1.2:45001 > 10.244.2.3:50051")
        observed.seen("tbn1", "tcp 10.244.1.2:45002 > 10.244.2.3:50052")
        let flows = observed.flows(by: .workload, in: Cluster.shop.inventory)
        #expect(flows.map(\.destinationPort) == [50051, nil])
    }

    @Test("a declared high port is a service from the first connection on")
    func declared() {
        var cluster = Cluster.shop
        cluster.pod("shop/grpc", "10.244.2.9", on: "tbn2", port: 50051)
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:45000 > 10.244.2.9:50051")
        #expect(observed.flows(by: .workload, in: cluster.inventory).only?.destinationPort == 50051)
    }

    @Test("a single connection still tells its port")
    func connection() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:45000 > 10.244.2.3:50051")
        #expect(observed.flows(in: Cluster.shop.inventory).only?.destinationPort == 50051)
    }
}
