import Inventory
import NetModel
import Testing

/// A pod as `kubectl get pods -o json` writes it, with the given extra fields.
private func pod(
    _ name: String,
    _ address: String,
    node: String = "n1",
    metadata: String = "",
    spec: String = "",
    status: String = "\"phase\": \"Running\""
) -> String {
    """
    {"kind": "Pod", "metadata": {"namespace": "shop", "name": "\(name)"\(metadata.isEmpty ? "" : ", \(metadata)")},
     "spec": {"nodeName": "\(node)"\(spec.isEmpty ? "" : ", \(spec)")},
     "status": {"podIP": "\(address)", "podIPs": [{"ip": "\(address)"}], \(status)}}
    """
}

private func node(_ name: String, _ address: String, cidr: String, extra: String = "") -> String {
    """
    {"kind": "Node", "metadata": {"name": "\(name)", "labels": {"topology.kubernetes.io/zone": "zone-\(name)"}},
     "spec": {"podCIDR": "\(cidr)", "podCIDRs": ["\(cidr)"]},
     "status": {"addresses": [{"type": "InternalIP", "address": "\(address)"},
                              {"type": "Hostname", "address": "\(name)"}]\(extra)}}
    """
}

private let kubelet = ", \"daemonEndpoints\": {\"kubeletEndpoint\": {\"Port\": 10250}}"

private func owned(_ kind: String, _ name: String, uid: String = "", controller: Bool = true) -> String {
    "\"ownerReferences\": [{\"kind\": \"\(kind)\", \"name\": \"\(name)\", \"uid\": \"\(uid)\", \"controller\": \(controller)}]"
}

@Suite("Pods and their workloads")
struct PodIdentityTests {
    @Test("A pod is known by each of its addresses, with its node and zone")
    func dualStack() throws {
        let inventory = inventory(
            node("n1", "192.168.1.1", cidr: "10.1.0.0/24"),
            """
            {"kind": "Pod", "metadata": {"namespace": "shop", "name": "web", "labels": {"app": "web"}},
             "spec": {"nodeName": "n1"},
             "status": {"phase": "Running", "podIP": "10.1.0.5", "podIPs": [{"ip": "10.1.0.5"}, {"ip": "fd00::5"}]}}
            """
        )
        for text in ["10.1.0.5", "fd00::5"] {
            #expect(
                try inventory.client(text)
                    == Identity(
                        kind: .pod, pod: "shop/web", namespace: "shop", workload: "shop/web", workloadKind: "Pod",
                        node: "n1", zone: "zone-n1", address: try address(text), labels: ["app": "web"]
                    )
            )
            #expect(inventory.resolution(of: try address(text)) == .fixed)
        }
    }

    @Test("A pod's workload is one step above its ReplicaSet, Job or ReplicationController, found by uid or name")
    func stepUp() throws {
        func controller(_ kind: String, _ name: String, uid: String, owner: String) -> String {
            "{\"kind\": \"\(kind)\", \"metadata\": {\"namespace\": \"shop\", \"name\": \"\(name)\", \"uid\": \"\(uid)\", \(owner)}}"
        }
        let inventory = inventory(
            controller("ReplicaSet", "web-abc", uid: "1", owner: owned("Deployment", "web")),
            controller("Job", "backup-1", uid: "2", owner: owned("CronJob", "backup")),
            controller("ReplicationController", "old-1", uid: "3", owner: owned("DeploymentConfig", "old")),
            controller("ReplicaSet", "lonely", uid: "4", owner: "\"labels\": {}"),
            controller("StatefulSet", "db", uid: "5", owner: owned("Operator", "postgres")),
            pod("a", "10.1.0.1", metadata: owned("ReplicaSet", "renamed", uid: "1")),
            pod("b", "10.1.0.2", metadata: owned("Job", "backup-1")),
            pod("c", "10.1.0.3", metadata: owned("ReplicationController", "old-1", uid: "3")),
            pod("d", "10.1.0.4", metadata: owned("ReplicaSet", "lonely", uid: "4")),
            pod("e", "10.1.0.5", metadata: owned("StatefulSet", "db", uid: "5")),
            pod("f", "10.1.0.6", metadata: owned("DaemonSet", "agent")),
            pod("g", "10.1.0.7", metadata: owned("ReplicaSet", "web-abc", uid: "1", controller: false))
        )
        let workloads = try (1...7).map { try inventory.client("10.1.0.\($0)") }
        #expect(
            workloads.map(\.workload) == [
                "shop/web", "shop/backup", "shop/old", "shop/lonely", "shop/db", "shop/agent", "shop/g",
            ])
        #expect(
            workloads.map(\.workloadKind) == [
                "Deployment", "CronJob", "DeploymentConfig", "ReplicaSet", "StatefulSet", "DaemonSet", "Pod",
            ])
    }

    @Test("Without the ReplicaSet the pod-template-hash tells the Deployment")
    func templateHash() throws {
        let inventory = inventory(
            pod(
                "a", "10.1.0.1",
                metadata: "\"labels\": {\"pod-template-hash\": \"abc\"}, \(owned("ReplicaSet", "web-abc"))"),
            pod(
                "b", "10.1.0.2",
                metadata: "\"labels\": {\"pod-template-hash\": \"xyz\"}, \(owned("ReplicaSet", "web-abc"))"),
            pod("c", "10.1.0.3", metadata: owned("ReplicaSet", "web-abc"))
        )
        #expect(try inventory.client("10.1.0.1").workload == "shop/web")
        #expect(try inventory.client("10.1.0.1").workloadKind == "Deployment")
        #expect(try inventory.client("10.1.0.2").workload == "shop/web-abc")
        #expect(try inventory.client("10.1.0.3").workloadKind == "ReplicaSet")
    }

    @Test("A mirror pod's workload is its name without the node's")
    func staticPod() throws {
        let inventory = inventory(pod("etcd-n1", "10.1.0.1", metadata: owned("Node", "n1")))
        #expect(try inventory.client("10.1.0.1").workload == "shop/etcd")
        #expect(try inventory.client("10.1.0.1").workloadKind == "StaticPod")
    }
}

@Suite("Addresses that had several pods")
struct LifetimeTests {
    /// Ran from 03:00 to 03:10.
    private let finished = pod(
        "old", "10.1.0.5", metadata: owned("Job", "one"),
        status: """
            "phase": "Succeeded", "startTime": "2026-11-23T03:00:00Z",
            "containerStatuses": [{"state": {"terminated": {"finishedAt": "2026-11-23T03:05:00Z"}}},
                                  {"state": {"terminated": {"finishedAt": "2026-11-23T03:10:00Z"}}}]
            """
    )
    /// Runs since 03:12.
    private let running = pod(
        "new", "10.1.0.5", metadata: owned("Job", "two"),
        status: "\"phase\": \"Running\", \"startTime\": \"2026-11-23T03:12:00Z\""
    )

    @Test("The time decides; without it the living pod")
    func time() throws {
        let inventory = inventory(finished, running)
        #expect(try inventory.client("10.1.0.5", during: minutes(1...2)).pod == "shop/old")
        #expect(try inventory.client("10.1.0.5", during: minutes(20...21)).pod == "shop/new")
        #expect(try inventory.client("10.1.0.5").pod == "shop/new")
        #expect(try inventory.client("10.1.0.5", during: minutes(11...11)).kind == .unknown)
        #expect(inventory.resolution(of: try address("10.1.0.5")) == .byTime)
    }

    @Test("When several pods held it within the time, all are candidates and none is claimed")
    func several() throws {
        let identity = try inventory(finished, running).client("10.1.0.5", during: minutes(9...13))
        #expect(identity.kind == .pod)
        #expect(identity.pod == nil)
        #expect(identity.workload == nil)
        #expect(identity.namespace == "shop")
        #expect(identity.candidates == ["pod shop/old", "pod shop/new"])
    }

    @Test("A workload that all of them share is claimed")
    func sharedWorkload() throws {
        let inventory = inventory(
            pod("db-0", "10.1.0.5", metadata: owned("StatefulSet", "db")),
            pod("db-1", "10.1.0.5", node: "n2", metadata: owned("StatefulSet", "db"))
        )
        let identity = try inventory.client("10.1.0.5")
        #expect(identity.pod == nil)
        #expect(identity.workload == "shop/db")
        #expect(identity.workloadKind == "StatefulSet")
        #expect(identity.node == nil)
        #expect(identity.candidates == ["pod shop/db-0", "pod shop/db-1"])
    }

    @Test("A finished pod outside the time is never used, even alone")
    func finishedAlone() throws {
        let inventory = inventory(finished)
        #expect(try inventory.client("10.1.0.5", during: minutes(20...21)).kind == .unknown)
        #expect(try inventory.client("10.1.0.5", during: minutes(10...11)).pod == "shop/old")
        #expect(try inventory.client("10.1.0.5").pod == "shop/old")
        #expect(inventory.resolution(of: try address("10.1.0.5")) == .byTime)
    }

    @Test("A pod that ended nobody knows when gives way to one that surely lived")
    func unknownEnd() throws {
        let evicted = pod("gone", "10.1.0.5", status: "\"phase\": \"Failed\", \"startTime\": \"2026-11-23T03:00:00Z\"")
        #expect(try inventory(evicted, running).client("10.1.0.5", during: minutes(20...21)).pod == "shop/new")
        #expect(try inventory(evicted, running).client("10.1.0.5", during: minutes(1...2)).pod == "shop/gone")
    }
}

@Suite("Nodes and host-network pods")
struct NodeIdentityTests {
    private func hostPod(_ name: String, port: Int? = nil, node: String = "n1", address: String = "192.168.1.1")
        -> String
    {
        let ports = port.map { "\"ports\": [{\"containerPort\": \($0), \"hostPort\": \($0)}]" } ?? ""
        return pod(name, address, node: node, spec: "\"hostNetwork\": true, \"containers\": [{\(ports)}]")
    }

    @Test("A node without host-network pods is just the node")
    func plainNode() throws {
        let inventory = inventory(node("n1", "192.168.1.1", cidr: "10.1.0.0/24"))
        let expected = Identity(kind: .node, node: "n1", zone: "zone-n1", address: try address("192.168.1.1"))
        #expect(try inventory.client("192.168.1.1") == expected)
        #expect(try inventory.server("192.168.1.1", 22) == expected)
        #expect(inventory.resolution(of: try address("192.168.1.1")) == .byPort)
    }

    @Test("A client at a node's address may be any of its host-network pods")
    func hostClient() throws {
        let inventory = inventory(node("n1", "192.168.1.1", cidr: "10.1.0.0/24"), hostPod("a"), hostPod("b"))
        let identity = try inventory.client("192.168.1.1")
        #expect(identity.kind == .node)
        #expect(identity.pod == nil)
        #expect(identity.candidates == ["node n1", "pod shop/a", "pod shop/b"])
    }

    @Test("At a server's end an endpoint decides, then the kubelet's port, then a declared port")
    func hostServer() throws {
        let inventory = inventory(
            node("n1", "192.168.1.1", cidr: "10.1.0.0/24", extra: kubelet),
            hostPod("proxy", port: 9000), hostPod("agent", port: 10250), hostPod("one", port: 7000),
            hostPod("two", port: 7000),
            """
            {"kind": "Endpoints", "metadata": {"namespace": "shop", "name": "proxy"}, "subsets": [{
              "addresses": [{"ip": "192.168.1.1", "targetRef": {"kind": "Pod", "namespace": "shop", "name": "proxy"}}],
              "ports": [{"port": 8443}]}]}
            """
        )
        #expect(try inventory.server("192.168.1.1", 8443).pod == "shop/proxy")
        #expect(try inventory.server("192.168.1.1", 9000).pod == "shop/proxy")
        #expect(try inventory.server("192.168.1.1", 10250).kind == .node)
        #expect(try inventory.server("192.168.1.1", 10250).candidates == [])
        #expect(try inventory.server("192.168.1.1", 7000).kind == .node)
        #expect(try inventory.server("192.168.1.1", 7000).candidates.count == 5)
        #expect(try inventory.server("192.168.1.1", 9000, .udp).kind == .node)
    }

    @Test("A node's kubelet port counts only when the node tells it")
    func noKubelet() throws {
        let inventory = inventory(node("n1", "192.168.1.1", cidr: "10.1.0.0/24"), hostPod("a", port: 10250))
        #expect(try inventory.server("192.168.1.1", 10250).pod == "shop/a")
    }

    @Test("The first address of a node's pod network is the node, unless a pod holds it")
    func bridge() throws {
        let n1 = node("n1", "192.168.1.1", cidr: "10.1.0.0/24")
        #expect(try inventory(n1).client("10.1.0.1").node == "n1")
        #expect(try inventory(n1).client("10.1.0.1").kind == .node)
        #expect(try inventory(n1, pod("a", "10.1.0.1")).client("10.1.0.1").pod == "shop/a")
        #expect(try inventory(node("n6", "fd01::1", cidr: "fd00:1::/64")).client("fd00:1::1").node == "n6")
    }

    @Test("The first address says nothing where pods of another node live in that network")
    func contestedBridge() throws {
        let inventory = inventory(
            node("n1", "192.168.1.1", cidr: "10.1.0.0/24"),
            node("n2", "192.168.1.2", cidr: "10.1.1.0/24"),
            pod("a", "10.1.1.7", node: "n1")
        )
        #expect(try inventory.client("10.1.1.1").kind == .unknown)
        #expect(try inventory.client("10.1.0.1").node == "n1")
    }

    @Test("Without node objects, a pod's hostIP tells its node")
    func hostAddress() throws {
        let inventory = inventory(
            pod("a", "10.1.0.5", status: "\"phase\": \"Running\", \"hostIP\": \"192.168.1.1\"")
        )
        #expect(try inventory.client("192.168.1.1").node == "n1")
        #expect(inventory.nodeNames == [])
    }
}

@Suite("Services, endpoints and the outside")
struct ServiceIdentityTests {
    private let kubernetes = """
        {"kind": "Endpoints", "metadata": {"namespace": "default", "name": "kubernetes"}, "subsets": [{
          "addresses": [{"ip": "10.99.0.1"}], "ports": [{"name": "https", "port": 6443}]}]}
        """

    @Test("An endpoint that is no pod is its service, as client and as server")
    func bareEndpoint() throws {
        let inventory = inventory(kubernetes)
        for identity in [try inventory.client("10.99.0.1"), try inventory.server("10.99.0.1", 6443)] {
            #expect(identity.kind == .service)
            #expect(identity.service == "default/kubernetes")
            #expect(identity.namespace == "default")
        }
    }

    @Test("When several services list it, the port decides, else they are candidates")
    func severalServices() throws {
        let inventory = inventory(
            kubernetes, kubernetes.replacing("default", with: "ops").replacing("6443", with: "2379")
        )
        #expect(try inventory.server("10.99.0.1", 2379).service == "ops/kubernetes")
        let client = try inventory.client("10.99.0.1")
        #expect(client.kind == .unknown)
        #expect(client.candidates == ["service default/kubernetes", "service ops/kubernetes"])
        #expect(inventory.resolution(of: try address("10.99.0.1")) == .byPort)
    }

    @Test("An API server on a node is the service at its port, and the node as a client")
    func controlPlane() throws {
        let inventory = inventory(kubernetes, node("cp", "10.99.0.1", cidr: "10.1.0.0/24"))
        let server = try inventory.server("10.99.0.1", 6443)
        #expect(server.kind == .service)
        #expect(server.service == "default/kubernetes")
        #expect(server.node == "cp")
        #expect(try inventory.client("10.99.0.1").kind == .node)
        #expect(try inventory.server("10.99.0.1", 22).kind == .node)
    }

    @Test("A ClusterIP that was not translated is the service")
    func clusterAddress() throws {
        let inventory = inventory(
            "{\"kind\": \"Service\", \"metadata\": {\"namespace\": \"shop\", \"name\": \"web\"}, "
                + "\"spec\": {\"clusterIPs\": [\"10.96.0.9\", \"fd00:96::9\"], \"ports\": [{\"port\": 80}]}}"
        )
        #expect(try inventory.server("10.96.0.9", 80).service == "shop/web")
        #expect(try inventory.server("fd00:96::9", 81).kind == .service)
        #expect(inventory.resolution(of: try address("10.96.0.9")) == .fixed)
    }

    @Test("A pod that only an endpoint tells of is known by it")
    func referencedPod() throws {
        let inventory = inventory(
            """
            {"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1beta1", "addressType": "IPv4",
             "metadata": {"namespace": "shop", "name": "web-x", "labels": {"kubernetes.io/service-name": "web"}},
             "endpoints": [{"addresses": ["10.1.0.5"], "nodeName": "n1",
                            "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"}}],
             "ports": [{"name": "", "port": 8080, "protocol": "TCP"}]}
            """
        )
        #expect(try inventory.client("10.1.0.5").pod == "shop/web-1")
        #expect(try inventory.client("10.1.0.5").node == "n1")
    }

    @Test("Addresses outside the cluster's networks are external, with the network that stands for them")
    func external() throws {
        let inventory = inventory(
            node("n1", "192.168.1.1", cidr: "10.1.0.0/24"), pod("a", "10.7.0.9"), pod("b", "fd00:7::9")
        )
        #expect(try inventory.client("8.8.8.8").kind == .external)
        #expect(try inventory.client("8.8.8.8").prefix == IPPrefix("8.8.8.0/24"))
        #expect(try inventory.client("2001:db8:1:2::3").prefix == IPPrefix("2001:db8:1::/48"))
        // Near the node, in the pod network, near a pod: not known, but not outside.
        for text in ["192.168.1.77", "10.1.0.77", "10.7.0.77", "fd00:7::77"] {
            #expect(try inventory.client(text).kind == .unknown, "\(text)")
        }
        for text in ["0.0.0.0", "127.0.0.1", "169.254.1.1", "224.0.0.22", "::1", "fe80::1", "ff02::1"] {
            #expect(try inventory.client(text).kind == .unknown, "\(text)")
        }
    }

    @Test("Without nodes nothing is called external; without anything all is unknown")
    func unknown() throws {
        #expect(try inventory(pod("a", "10.1.0.5")).client("8.8.8.8").kind == .unknown)
        #expect(try Inventory.empty.client("8.8.8.8") == .unknown(try address("8.8.8.8")))
        #expect(Inventory.empty.isEmpty)
        #expect(Inventory.empty.resolution(of: try address("8.8.8.8")) == .fixed)
    }
}
