import Inventory
import Testing

/// A small cluster, written down object by object as kubectl prints them.
struct Cluster {
    private var items: [String] = []

    mutating func node(_ name: String, _ address: String, zone: String = "") {
        items.append(
            """
            {"kind":"Node","metadata":{"name":"\(name)","labels":{"topology.kubernetes.io/zone":"\(zone)"}},\
            "status":{"addresses":[{"type":"InternalIP","address":"\(address)"}],\
            "daemonEndpoints":{"kubeletEndpoint":{"Port":10250}}}}
            """
        )
    }

    /// - Parameters:
    ///   - name: "ns/name".
    ///   - workload: the Deployment's name; none for a pod of its own.
    ///   - probe: a port that the kubelet probes.
    mutating func pod(
        _ name: String,
        _ address: String,
        on node: String,
        workload: String? = nil,
        port: UInt16? = nil,
        probe: UInt16? = nil,
        labels: [String: String] = [:],
        hostNetwork: Bool = false,
        started: String = "2026-11-23T00:00:00Z",
        finished: String? = nil
    ) {
        let parts = name.split(separator: "/")
        var labels = labels
        if workload != nil { labels["pod-template-hash"] = "abc" }
        let labelText = labels.map { "\"\($0.key)\":\"\($0.value)\"" }.sorted().joined(separator: ",")
        let owner =
            workload.map {
                """
                "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"\($0)-abc","uid":"u","controller":true}],
                """
            } ?? ""
        let ports = port.map { "\"ports\":[{\"containerPort\":\($0)}]," } ?? ""
        let probeText = probe.map { "\"readinessProbe\":{\"tcpSocket\":{\"port\":\($0)}}," } ?? ""
        let end =
            finished.map {
                ",\"containerStatuses\":[{\"name\":\"c\",\"state\":{\"terminated\":{\"finishedAt\":\"\($0)\"}}}]"
            } ?? ""
        items.append(
            """
            {"kind":"Pod","metadata":{\(owner)"namespace":"\(parts[0])","name":"\(parts[1])","labels":{\(labelText)}},\
            "spec":{"nodeName":"\(node)","hostNetwork":\(hostNetwork),"containers":[{\(ports)\(probeText)"name":"c"}]},\
            "status":{"phase":"\(finished == nil ? "Running" : "Succeeded")","podIP":"\(address)","startTime":"\(started)"\(end)}}
            """
        )
    }

    /// - Parameter endpoints: (address, "pod name" or nil).
    mutating func service(
        _ name: String,
        _ address: String,
        port: UInt16,
        portName: String,
        nodePort: UInt16? = nil,
        endpoints: [(String, String?)],
        targetPort: UInt16
    ) {
        let parts = name.split(separator: "/")
        let nodePortText = nodePort.map { ",\"nodePort\":\($0)" } ?? ""
        items.append(
            """
            {"kind":"Service","metadata":{"namespace":"\(parts[0])","name":"\(parts[1])"},\
            "spec":{"clusterIP":"\(address)","clusterIPs":["\(address)"],\
            "ports":[{"name":"\(portName)","port":\(port),"protocol":"TCP"\(nodePortText)}]}}
            """
        )
        let listed = endpoints.map { address, pod in
            let target = pod.map {
                ",\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"\(parts[0])\",\"name\":\"\($0)\"}"
            }
            return "{\"addresses\":[\"\(address)\"],\"conditions\":{\"ready\":true}\(target ?? "")}"
        }
        items.append(
            """
            {"kind":"EndpointSlice","apiVersion":"discovery.k8s.io/v1","addressType":"IPv4",\
            "metadata":{"namespace":"\(parts[0])","name":"\(parts[1])-x","labels":{"kubernetes.io/service-name":"\(parts[1])"}},\
            "ports":[{"name":"\(portName)","port":\(targetPort),"protocol":"TCP"}],\
            "endpoints":[\(listed.joined(separator: ","))]}
            """
        )
    }

    /// The inventory of all objects; a problem with one is a failure of the test.
    var inventory: Inventory {
        var reader = InventoryReader()
        reader.read("objects", bytes: Array("{\"kind\":\"List\",\"items\":[\(items.joined(separator: ","))]}".utf8))
        #expect(reader.problems.isEmpty)
        return Inventory(reader.objects)
    }

    /// Two nodes in two zones, a frontend on the first and a backend on the second behind the service shop/backend.
    static var shop: Cluster {
        var cluster = Cluster()
        cluster.node("tbn1", "10.99.0.11", zone: "a")
        cluster.node("tbn2", "10.99.0.12", zone: "b")
        cluster.pod("shop/frontend-abc-1", "10.244.1.2", on: "tbn1", workload: "frontend", labels: ["app": "frontend"])
        cluster.pod(
            "shop/backend-abc-1",
            "10.244.2.3",
            on: "tbn2",
            workload: "backend",
            port: 8080,
            probe: 8081,
            labels: ["app": "backend"]
        )
        cluster.service(
            "shop/backend",
            "10.96.61.76",
            port: 80,
            portName: "http",
            nodePort: 30080,
            endpoints: [("10.244.2.3", "backend-abc-1")],
            targetPort: 8080
        )
        cluster.service(
            "default/kubernetes",
            "10.96.0.1",
            port: 443,
            portName: "https",
            endpoints: [("10.99.0.1", nil)],
            targetPort: 6443
        )
        return cluster
    }
}
