import Inventory
import NetModel
import Testing

private let objects = """
    {"kind": "List", "items": [
     {"kind": "Node", "metadata": {"name": "n1"}, "spec": {"podCIDRs": ["10.1.0.0/24"]},
      "status": {"addresses": [{"type": "InternalIP", "address": "192.168.1.1"},
                               {"type": "ExternalIP", "address": "203.0.113.1"}],
                 "daemonEndpoints": {"kubeletEndpoint": {"Port": 10250}}}},
     {"kind": "Pod", "metadata": {"namespace": "shop", "name": "web-1"},
      "spec": {"nodeName": "n1", "containers": [{
        "ports": [{"name": "http", "containerPort": 8080, "hostPort": 80},
                  {"name": "dns", "containerPort": 53, "protocol": "UDP"}],
        "livenessProbe": {"httpGet": {"port": "http", "path": "/"}},
        "readinessProbe": {"tcpSocket": {"port": 9001}},
        "startupProbe": {"grpc": {"port": 9002}}}]},
      "status": {"phase": "Running", "podIP": "10.1.0.5"}},
     {"kind": "Service", "metadata": {"namespace": "shop", "name": "web"},
      "spec": {"clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9", "fd00:96::9"], "externalIPs": ["198.51.100.7"],
               "ports": [{"name": "http", "port": 80, "targetPort": "http", "nodePort": 30080},
                         {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
                         {"name": "signal", "port": 3868, "protocol": "SCTP", "targetPort": 3868}]},
      "status": {"loadBalancer": {"ingress": [{"ip": "198.51.100.8"}, {"hostname": "lb.example"}]}}},
     {"kind": "Service", "metadata": {"namespace": "shop", "name": "plain"},
      "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 81, "targetPort": 8081}]}},
     {"kind": "Service", "metadata": {"namespace": "shop", "name": "headless"},
      "spec": {"clusterIP": "None", "clusterIPs": ["None"], "ports": [{"port": 53}]}},
     {"kind": "EndpointSlice", "apiVersion": "discovery.k8s.io/v1",
      "metadata": {"namespace": "shop", "name": "web-abc", "labels": {"kubernetes.io/service-name": "web"}},
      "endpoints": [{"addresses": ["10.1.0.5"], "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"}}],
      "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}, {"name": "dns", "port": 53, "protocol": "UDP"}]},
     {"kind": "Endpoints", "metadata": {"namespace": "shop", "name": "web"}, "subsets": [{
       "notReadyAddresses": [{"ip": "10.1.0.5", "targetRef": {"kind": "Pod", "namespace": "shop", "name": "web-1"}}],
       "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}]}]},
     {"kind": "Endpoints", "metadata": {"namespace": "shop", "name": "plain"}, "subsets": [{
       "addresses": [{"ip": "10.1.0.6"}], "ports": [{"port": 8081}]}]},
     {"kind": "Endpoints", "metadata": {"namespace": "shop", "name": "headless"}, "subsets": [{
       "addresses": [{"ip": "10.1.0.5"}], "ports": [{"port": 53, "protocol": "UDP"}]}]}
    ]}
    """

@Suite("Services and declared ports")
struct ServiceTests {
    let inventory: Inventory

    init() {
        let reader = readTexts(objects)
        #expect(reader.problems == [])
        inventory = Inventory(reader.objects)
    }

    @Test(
        "A service is known by its addresses and ports, transport included",
        arguments: [
            ("10.96.0.9", 80, TransportProtocol.tcp, "shop/web:http"), ("fd00:96::9", 80, .tcp, "shop/web:http"),
            ("10.96.0.9", 53, .udp, "shop/web:dns"), ("10.96.0.9", 3868, .sctp, "shop/web:signal"),
            ("198.51.100.7", 80, .tcp, "shop/web:http"), ("198.51.100.8", 80, .tcp, "shop/web:http"),
            ("10.96.0.10", 81, .tcp, "shop/plain:81"), ("10.96.0.9", 9999, .tcp, "shop/web"),
            ("10.96.0.9", 53, .tcp, "shop/web"), ("192.168.1.1", 30080, .tcp, "shop/web:http"),
            ("203.0.113.1", 30080, .tcp, "shop/web:http"), ("198.51.100.7", 9999, .tcp, nil),
            ("192.168.1.1", 30080, .udp, nil), ("10.1.0.5", 8080, .tcp, nil), ("10.1.0.5", 30080, .tcp, nil),
        ] as [(String, UInt16, TransportProtocol, String?)])
    func dialled(text: String, port: UInt16, transport: TransportProtocol, expected: String?) throws {
        let service = inventory.service(dialled: try address(text), port: port, transport: transport)
        #expect(service?.description == expected)
    }

    @Test(
        "An endpoint tells its service when only one lists it",
        arguments: [
            ("10.1.0.5", 8080, TransportProtocol.tcp, "shop/web:http"), ("10.1.0.6", 8081, .tcp, "shop/plain:81"),
            ("10.1.0.5", 53, .udp, nil), ("10.1.0.5", 8080, .udp, nil), ("10.1.0.7", 8080, .tcp, nil),
        ] as [(String, UInt16, TransportProtocol, String?)])
    func backed(text: String, port: UInt16, transport: TransportProtocol, expected: String?) throws {
        let service = inventory.service(backedBy: try address(text), port: port, transport: transport)
        #expect(service?.description == expected)
    }

    @Test(
        "A port is declared by containers, services, endpoints, NodePorts, probes and the kubelet",
        arguments: [
            ("10.1.0.5", 8080, TransportProtocol.tcp, true), ("10.1.0.5", 53, .udp, true),
            ("10.1.0.5", 9001, .tcp, true),
            ("10.1.0.5", 9002, .tcp, true), ("10.1.0.6", 8081, .tcp, true), ("192.168.1.1", 80, .tcp, true),
            ("203.0.113.1", 80, .tcp, true), ("192.168.1.1", 10250, .tcp, true), ("192.168.1.1", 30080, .tcp, true),
            ("10.96.0.9", 80, .tcp, true), ("fd00:96::9", 53, .udp, true), ("198.51.100.8", 3868, .sctp, true),
            ("10.1.0.5", 8080, .udp, false), ("10.1.0.5", 53, .tcp, false), ("10.1.0.5", 80, .tcp, false),
            ("10.1.0.5", 30080, .tcp, false), ("192.168.1.1", 30080, .udp, false), ("8.8.8.8", 443, .tcp, false),
        ] as [(String, UInt16, TransportProtocol, Bool)])
    func declared(text: String, port: UInt16, transport: TransportProtocol, expected: Bool) throws {
        #expect(inventory.isDeclared(try address(text), port: port, transport: transport) == expected)
    }

    @Test(
        "A probe comes from the pod's own node to a probed port",
        arguments: [
            ("n1", "10.1.0.5", 8080, true), ("n1", "10.1.0.5", 9001, true), ("n1", "10.1.0.5", 9002, true),
            ("n1", "10.1.0.5", 53, false), ("n2", "10.1.0.5", 8080, false), ("n1", "10.1.0.6", 8080, false),
        ] as [(String, String, UInt16, Bool)])
    func probe(node: String, text: String, port: UInt16, expected: Bool) throws {
        #expect(inventory.isProbe(clientIsNode: node, server: try address(text), port: port) == expected)
    }
}

@Suite("Label selectors")
struct LabelSelectorTests {
    private let labels = ["app": "web", "tier": "front", "empty": ""]

    @Test(
        "Requirements are met as kubectl -l meets them",
        arguments: [
            ("", true), ("app=web", true), ("app==web", true), ("app=api", false), ("app!=api", true),
            ("app!=web", false),
            ("other!=x", true), ("app in (api, web)", true), ("app in (api)", false), ("app notin (api)", true),
            ("app notin (web)", false), ("other notin (x)", true), ("other in (x)", false), ("app", true),
            ("other", false),
            ("!other", true), ("!app", false), ("app=web,tier=front", true), ("app=web, tier = back", false),
            ("empty=", true), (" app = web ", true), ("in in (x)", false), ("! other", true),
        ])
    func matches(text: String, expected: Bool) throws {
        #expect(try LabelSelector(text).matches(labels) == expected)
    }

    @Test(
        "A text that is no selector is refused with the position",
        arguments: [
            ("app=web,", 8, "a label's name"), ("=web", 0, "a label's name"),
            ("app web", 4, "'=', '!=', 'in', 'notin' or ','"),
            ("app in web", 7, "'('"), ("app in (web", 11, "',' or ')'"), ("app!web", 4, "'=' after '!'"),
            ("app=a b", 6, "',' or the end"), ("!", 1, "a label's name"), ("a>1", 1, "',' or the end"),
        ])
    func refused(text: String, position: Int, expected: String) {
        #expect(throws: LabelSelector.ParseError(position: position, expected: expected)) { try LabelSelector(text) }
    }
}
