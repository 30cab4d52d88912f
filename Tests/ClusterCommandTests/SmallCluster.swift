import TestSupport

/// Objects of a cluster with three nodes, n1 to n3, each with a kube-proxy and one pod of the namespace shop: web on n1
/// calls api on n2 through the Service api, api calls db on n3.
enum SmallCluster {
    /// - Parameter additional: further objects, as JSON.
    static func document(_ additional: [String] = []) -> String {
        var items: [String] = []
        for number in 1...3 {
            items.append(node("n\(number)", address: "192.168.0.\(number)"))
            items.append(proxy(on: "n\(number)", address: "192.168.0.\(number)"))
        }
        items.append(pod("web", on: "n1", address: "10.244.1.10"))
        items.append(pod("api", on: "n2", address: "10.244.2.10"))
        items.append(pod("db", on: "n3", address: "10.244.3.10"))
        items.append(
            #"{"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "shop", "name": "api"}, "spec": {"type": "ClusterIP", "clusterIP": "10.96.0.5", "clusterIPs": ["10.96.0.5"], "ports": [{"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}]}}"#
        )
        return #"{"items": ["# + (items + additional).joined(separator: ",\n") + "]}"
    }

    /// The endpoints of the Service api as API servers since 1.17 have them.
    static let endpointSlice =
        #"{"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"namespace": "shop", "name": "api-x", "labels": {"kubernetes.io/service-name": "api"}}, "addressType": "IPv4", "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}], "endpoints": [{"addresses": ["10.244.2.10"], "conditions": {"ready": true}, "targetRef": {"kind": "Pod", "namespace": "shop", "name": "api"}}]}"#

    /// The same as all API servers have them.
    static let endpoints =
        #"{"apiVersion": "v1", "kind": "Endpoints", "metadata": {"namespace": "shop", "name": "api"}, "subsets": [{"addresses": [{"ip": "10.244.2.10", "targetRef": {"kind": "Pod", "namespace": "shop", "name": "api"}}], "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]}]}"#

    static func node(
        _ name: String,
        address: String = "192.168.0.9",
        ready: String = "True",
        system: String = "linux",
        labels: String = ""
    ) -> String {
        #"{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "\#(name)", "labels": {"kubernetes.io/os": "\#(system)"\#(labels)}}, "spec": {}, "status": {"conditions": [{"type": "Ready", "status": "\#(ready)", "reason": "NodeStatusUnknown"}], "addresses": [{"type": "InternalIP", "address": "\#(address)"}], "nodeInfo": {"operatingSystem": "\#(system)", "architecture": "amd64", "kernelVersion": "6.1.0", "kubeletVersion": "v1.36.2"}}}"#
    }

    static func pod(_ name: String, on node: String, address: String) -> String {
        pod("shop", name, on: node, address: address, image: "shop:1", labels: "{}", usesNodeNetwork: false)
    }

    private static func proxy(on node: String, address: String) -> String {
        pod(
            "kube-system", "kube-proxy-\(node)", on: node, address: address, image: "proxy:1",
            labels: #"{"k8s-app": "kube-proxy"}"#, usesNodeNetwork: true)
    }

    private static func pod(
        _ namespace: String,
        _ name: String,
        on node: String,
        address: String,
        image: String,
        labels: String,
        usesNodeNetwork: Bool
    ) -> String {
        #"{"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "\#(namespace)", "name": "\#(name)", "labels": \#(labels)}, "spec": {"nodeName": "\#(node)", "hostNetwork": \#(usesNodeNetwork), "containers": [{"name": "main", "image": "\#(image)"}]}, "status": {"phase": "Running", "podIP": "\#(address)", "podIPs": [{"ip": "\#(address)"}], "startTime": "2026-01-01T00:00:00Z", "containerStatuses": [{"name": "main", "image": "\#(image)", "imageID": "", "ready": true, "restartCount": 0, "lastState": {}, "state": {"running": {"startedAt": "2026-01-01T00:00:00Z"}}}]}}"#
    }

    // MARK: Tables

    /// A line of `conntrack -L -o extended,id`: a connection from a pod, and who answers it.
    static func connection(
        from source: String,
        _ sourcePort: Int,
        to destination: String,
        _ port: Int,
        answeredBy server: (address: String, port: Int)? = nil,
        id: Int
    ) -> String {
        let (address, serverPort) = server ?? (destination, port)
        return
            "ipv4     2 tcp      6 86399 ESTABLISHED src=\(source) dst=\(destination) sport=\(sourcePort) dport=\(port) packets=10 bytes=1000 src=\(address) dst=\(source) sport=\(serverPort) dport=\(sourcePort) packets=9 bytes=900 [ASSURED] mark=0 use=1 id=\(id)\n"
    }

    /// What each node has in its table.
    static let tables: [(node: String, lines: [String])] = {
        let throughService = connection(
            from: "10.244.1.10", 40000, to: "10.96.0.5", 80, answeredBy: ("10.244.2.10", 8080), id: 1)
        let atServer = connection(from: "10.244.1.10", 40000, to: "10.244.2.10", 8080, id: 2)
        let database = connection(from: "10.244.2.10", 41000, to: "10.244.3.10", 5432, id: 3)
        return [("n1", [throughService]), ("n2", [atServer, database]), ("n3", [database])]
    }()

    /// The programs of the image on each node, as the fake API server's `programs` takes them.
    static func programs(_ tables: [(node: String, lines: [String])] = tables) -> String {
        var programs = [
            #"{"argv": ["conntrack", "-V"], "stdout": "conntrack v1.4.7 (conntrack-tools)\n"}"#,
            #"{"argv": ["conntrack", "-C"], "stdout": "2\n"}"#,
            #"{"argv": ["conntrack", "-S"], "stdout": "cpu=0   \tfound=0 invalid=0 insert=0 insert_failed=0 drop=0 early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 \n"}"#,
            #"{"argv": ["conntrack", "-E", "**"], "stderr": "NOTICE: Netlink socket buffer size has been set to 67108864 bytes.\n", "after": 600}"#,
            #"{"argv": ["cat", "/proc/sys/*", "**"], "exit": 1, "stdout": "1\n0\n2\n2\n262144\n", "stderr": "cat: can't open '/proc/sys/net/bridge/bridge-nf-call-iptables': No such file or directory\n"}"#,
        ]
        for (node, lines) in tables {
            let text = lines.joined().replacing("\n", with: "\\n")
            programs.append(
                #"{"node": "\#(node)", "argv": ["conntrack", "-L", "**"], "stdout": "\#(text)", "stderr": "conntrack v1.4.7 (conntrack-tools): \#(lines.count) flow entries have been shown.\n"}"#
            )
        }
        return "[" + programs.joined(separator: ",\n") + "]"
    }
}
