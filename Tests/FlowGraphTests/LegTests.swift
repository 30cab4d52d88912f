import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("Connections that carry others are labelled, and not counted beside them")
struct LegTests {
    private static let inner = "tcp 10.244.1.2:5000 > 10.244.2.3:8080 sent=11/655 received=12/103223"

    @Test(
        "an overlay between nodes is left out where the inner flow is in the table",
        arguments: [
            "udp 10.99.0.11:41000 > 10.99.0.12:4789 unreplied sent=23/9999",
            "udp 10.99.0.11:41000 > 10.99.0.12:8472 unreplied sent=23/9999",
            "udp 10.99.0.11:41000 > 10.99.0.12:6081 unreplied sent=23/9999",
            "udp 10.99.0.11:51820 > 10.99.0.12:51820 sent=23/9999 received=1/100",
            "4 10.99.0.11 > 10.99.0.12 sent=23/9999", "gre 10.99.0.11 > 10.99.0.12 sent=23/9999",
            "esp 10.99.0.11 > 10.99.0.12 sent=23/9999",
        ]
    )
    func overlay(_ outer: String) {
        var observed = Observations()
        observed.seen("tbn1", Self.inner)
        observed.seen("tbn1", outer)
        let inventory = Cluster.shop.inventory
        #expect(observed.flows(by: .node, in: inventory).map(\.totalSent?.bytes) == [655])
        #expect(observed.flowSet(by: .node, in: inventory).omitted.carriers == 1)
        let all = observed.flows(by: .node, in: inventory, all: true)
        #expect(all.map(\.leg) == [nil, .overlay] || all.map(\.leg) == [.overlay, nil])
        #expect(all.first { $0.leg == .overlay }?.failedConnections ?? 0 == 0)
    }

    @Test("where the inner flows bypass the table the outer ones are all there is, and they stay")
    func overlayWithoutInner() {
        var observed = Observations()
        observed.seen("tbn1", "udp 10.99.0.11:41000 > 10.99.0.12:8472 unreplied sent=23/9999")
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.1.3:8080")
        let flows = observed.flows(by: .node, in: Cluster.shop.inventory)
        #expect(flows.map(\.leg).contains(.overlay))
    }

    @Test("a pod's own tunnel to somewhere is the pod's traffic")
    func tunnelOfAPod() {
        var observed = Observations()
        observed.seen("tbn1", "udp 10.244.1.2:51820 > 203.0.113.9:51820 sent=23/9999")
        #expect(observed.flows(in: Cluster.shop.inventory).only?.leg == .some(nil))
    }

    @Test("an inbound redirect to a mesh's proxy is the connection that the node saw", arguments: [15006, 4143, 20000])
    func meshInbound(_ port: Int) throws {
        var observed = Observations()
        observed.seen("tbn2", Self.inner)
        observed.seen("tbn2", "tcp 10.244.1.2:5000 > 10.244.2.3:8080 | 10.244.2.3:\(port) > 10.244.1.2:5000 zone=5")
        let flow = try #require(observed.flows(in: Cluster.shop.inventory).only)
        #expect(flow.ends == "10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(flow.dialled == nil)
        #expect(flow.leg == .mesh)
    }

    @Test("an outbound redirect into the pod's own proxy is left out: the proxy dials anew")
    func meshOutbound() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 127.0.0.1:15001 > 10.244.1.2:5000 sent=9/999")
        observed.seen("tbn1", "tcp 10.244.1.2:5001 > 10.244.2.3:8080 sent=11/655")
        let inventory = Cluster.shop.inventory
        #expect(observed.flows(by: .workload, in: inventory).map(\.totalSent?.bytes) == [655])
        #expect(observed.flowSet(by: .workload, in: inventory).omitted.carriers == 1)
    }

    @Test(
        "a tunnel between proxies is labelled and stays: the node's table has no inner flow", arguments: [15008, 4143])
    func meshTunnel(_ port: Int) {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:\(port) sent=11/655")
        let flow = observed.flows(by: .workload, in: Cluster.shop.inventory).only
        #expect(flow?.leg == .mesh)
        #expect(flow?.totalSent?.bytes == 655)
    }

    @Test("port 20000 is Consul's only where the pod is labelled so")
    func consul() {
        var cluster = Cluster.shop
        cluster.pod(
            "shop/meshed",
            "10.244.2.8",
            on: "tbn2",
            labels: ["consul.hashicorp.com/connect-inject-status": "injected"]
        )
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.8:20000")
        observed.seen("tbn1", "tcp 10.244.1.2:5001 > 10.244.2.3:20000")
        let flows = observed.flows(in: cluster.inventory)
        #expect(flows.first { $0.destination.pod == "shop/meshed" }?.leg == .mesh)
        #expect(flows.first { $0.destination.pod != "shop/meshed" }?.leg == .some(nil))
    }
}
