import FlowGraph
import Inventory
import NetModel
import Testing

@Suite("Both ends are named by what the cluster calls them")
struct IdentityTests {
    @Test("a client's pod, its workload, the service it dialled and the pod that answered")
    func podsAndService() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.96.61.76:80 | 10.244.2.3:8080 > 10.244.1.2:5000")
        let flow = try #require(observed.flows(in: Cluster.shop.inventory).only)
        #expect(flow.source.pod == "shop/frontend-abc-1")
        #expect(flow.source.workload == "shop/frontend")
        #expect(flow.source.workloadKind == "Deployment")
        #expect(flow.source.node == "tbn1")
        #expect(flow.source.zone == "a")
        #expect(flow.destination.pod == "shop/backend-abc-1")
        #expect(flow.destination.zone == "b")
        #expect(flow.service == "shop/backend:http")
        #expect(flow.direction == .egress)
    }

    @Test("a client that dialled the pod itself dialled no service")
    func dialledThePod() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.244.2.3:8080")
        #expect(observed.flows(in: Cluster.shop.inventory).only?.service == .some(nil))
    }

    @Test("a NodePort dialled from outside is the service's, and the direction is inward")
    func nodePort() throws {
        var observed = Observations()
        observed.seen("tbn1", "tcp 203.0.113.9:5000 > 10.99.0.11:30080 | 10.244.2.3:8080 > 10.99.0.11:40001")
        observed.seen("tbn2", "tcp 10.99.0.11:40001 > 10.244.2.3:8080")
        let flow = try #require(observed.flows(in: Cluster.shop.inventory).only)
        #expect(flow.source.kind == .external)
        #expect(flow.source.prefix?.description == "203.0.113.0/24")
        #expect(flow.service == "shop/backend:http")
        #expect(flow.direction == .ingress)
    }

    @Test("a service that no endpoint answers is the server itself")
    func serviceWithoutTranslation() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.96.61.76:80 unreplied age=5")
        let flow = observed.flows(in: Cluster.shop.inventory).only
        #expect(flow?.destination.name == "service:shop/backend")
        #expect(flow?.service == "shop/backend:http")
    }

    @Test("an address that several pods held is the one's that lived then")
    func lifetimes() {
        var cluster = Cluster.shop
        cluster.pod(
            "shop/job-1",
            "10.244.1.7",
            on: "tbn1",
            started: "2026-11-23T01:00:00Z",
            finished: "2026-11-23T02:00:00Z"
        )
        cluster.pod(
            "shop/job-2",
            "10.244.1.7",
            on: "tbn1",
            started: "2026-11-23T03:00:00Z",
            finished: "2026-11-23T04:00:00Z"
        )
        func client(at second: Int) -> String? {
            var observed = Observations()
            observed.seen("tbn1", "tcp 10.244.1.7:5000 > 10.244.2.3:8080 event=new at=\(second)")
            observed.seen("tbn1", "tcp 10.244.1.7:5000 > 10.244.2.3:8080 event=destroy at=\(second + 5)")
            return observed.flows(in: cluster.inventory).only?.source.pod
        }
        let midnight = 1_795_392_000  // 2026-11-23T00:00:00Z
        #expect(client(at: midnight + 90 * 60) == "shop/job-1")
        #expect(client(at: midnight + 210 * 60) == "shop/job-2")
        #expect(client(at: midnight + 150 * 60) == nil)
    }

    @Test("who had an address before its pod began is not known")
    func beforeThePod() {
        var cluster = Cluster.shop
        cluster.pod("shop/late", "10.244.1.8", on: "tbn1", started: "2026-11-23T10:00:00Z")
        var observed = Observations()
        let eight = 1_795_420_800  // 2026-11-23T08:00:00Z
        observed.seen("tbn1", "tcp 10.244.1.8:5000 > 10.244.2.3:8080 event=new at=\(eight)")
        observed.seen("tbn1", "tcp 10.244.1.8:5000 > 10.244.2.3:8080 event=destroy at=\(eight + 5)")
        observed.seen("tbn1", "tcp 10.244.1.8:5001 > 10.244.2.3:8080 event=new at=\(eight + 7200)")
        let flows = observed.flows(in: cluster.inventory)
        #expect(Set(flows.map(\.source.pod)) == [nil, "shop/late"])
    }

    @Test("a host-network pod is named by the endpoint that has its port, else all that share the address are")
    func hostNetwork() throws {
        var cluster = Cluster.shop
        cluster.pod("infra/proxy", "10.99.0.12", on: "tbn2", hostNetwork: true)
        cluster.pod("infra/agent", "10.99.0.12", on: "tbn2", hostNetwork: true)
        cluster.service(
            "infra/proxy",
            "10.96.0.50",
            port: 9100,
            portName: "metrics",
            endpoints: [("10.99.0.12", "proxy")],
            targetPort: 9100
        )
        var observed = Observations()
        observed.seen("tbn1", "tcp 10.244.1.2:5000 > 10.99.0.12:9100 sent=3/300")
        observed.seen("tbn1", "tcp 10.244.1.2:5001 > 10.99.0.12:7777 sent=2/200")
        observed.seen("tbn1", "tcp 10.99.0.12:9100 > 10.244.1.2:8888 sent=1/100")
        let flows = observed.flows(by: .pod, in: cluster.inventory)
        #expect(flows.contains { $0.names == "shop/frontend-abc-1 > infra/proxy" })
        let undecided = try #require(flows.first { $0.destinationPort == 7777 })
        #expect(undecided.destination.name == "node:tbn2")
        #expect(undecided.destination.candidates.sorted() == ["node tbn2", "pod infra/agent", "pod infra/proxy"])
    }

    @Test("loopback and unspecified addresses are the node's own; of a file without a node they are nobody's")
    func nodesOwnAddresses() {
        var observed = Observations()
        observed.seen("tbn1", "tcp 127.0.0.1:5000 > 127.0.0.1:10248")
        observed.seen(inFile: "dump.txt", "tcp 127.0.0.1:5001 > 127.0.0.1:10248")
        let flows = observed.flows(in: Cluster.shop.inventory)
        #expect(flows.map(\.names).sorted() == ["127.0.0.1 > 127.0.0.1", "node:tbn1 > node:tbn1"])
    }

    @Test("the kubelet's probes are counted, not listed")
    func probes() {
        var observed = Observations()
        observed.seen("tbn2", "tcp 10.99.0.12:40000 > 10.244.2.3:8081 sent=5/300")
        observed.seen("tbn2", "tcp 10.99.0.11:40000 > 10.244.2.3:8081 sent=5/300")
        observed.seen("tbn2", "tcp 10.99.0.12:40001 > 10.244.2.3:8080 sent=5/300")
        let inventory = Cluster.shop.inventory
        let set = observed.flowSet(by: .connection, in: inventory)
        #expect(set.omitted.probes == 1)
        #expect(set.count == 2)
        // A kubelet dials the pod, never a Service.
        observed.seen("tbn2", "tcp 10.99.0.12:40002 > 10.96.61.76:80 | 10.244.2.3:8081 > 10.99.0.12:40002")
        #expect(observed.flowSet(by: .connection, in: inventory).omitted.probes == 1)
        #expect(observed.flows(in: inventory, all: true).count == 4)
    }
}
