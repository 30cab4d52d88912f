import TestSupport
import Testing

/// Whoever may name an object, or run a program on a node, could write to the terminal of who reads the names.
@Suite("Control characters of the cluster")
struct HostileTextTests {
    private static let pod =
        #"{"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "sh\u0007op", "name": "we\u001b[2Jb", "labels": {"app": "\u009b31m"}, "ownerReferences": [{"apiVersion": "apps/v1", "kind": "DaemonSet", "name": "set\u001b]0;x\u0007", "uid": "u", "controller": true}]}, "spec": {"nodeName": "n1", "containers": [{"name": "main", "image": "shop:1"}]}, "status": {"phase": "Running", "podIP": "10.244.1.66", "podIPs": [{"ip": "10.244.1.66"}], "startTime": "2026-01-01T00:00:00Z"}}"#

    private static let service =
        #"{"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "sh\u0007op", "name": "d\u001bb"}, "spec": {"type": "ClusterIP", "clusterIP": "10.96.0.66", "clusterIPs": ["10.96.0.66"], "ports": [{"name": "p", "port": 80, "protocol": "TCP"}]}}"#

    /// On the first node the pod dials the Service; the second node's listing fails with words of its own.
    private func withHostileCluster(_ body: (RunningCluster) async throws -> Void) async throws {
        let objects = [
            SmallCluster.endpointSlice, Self.pod, Self.service, SmallCluster.node(#"n\u001b[31m4"#, ready: "False"),
        ]
        let connection = SmallCluster.connection(
            from: "10.244.1.66", 40001, to: "10.96.0.66", 80, answeredBy: ("10.244.3.10", 5432), id: 9)
        let tables = SmallCluster.tables.filter { $0.node != "n2" }.map { node, lines in
            (node, node == "n1" ? lines + [connection] : lines)
        }
        try await withSmallCluster(objects: objects, tables: tables) { cluster in
            let failing =
                #", {"node": "n2", "argv": ["conntrack", "-L", "**"], "exit": 1, "stderr": "conntrack v1.4.7: b\u001b[2Jad\u0007\u009b\r\n"}]"#
            try cluster.server.control("programs", SmallCluster.programs(tables).dropLast() + failing)
            try await body(cluster)
        }
    }

    /// Whether there is any character with which a terminal does something but print it or begin a line.
    private func controls(_ bytes: [UInt8]) -> [Unicode.Scalar] {
        String(decoding: bytes, as: UTF8.self).unicodeScalars.filter { scalar in
            scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
        }
    }

    @Test(
        "are never printed raw, neither of names nor of what programs on nodes say",
        arguments: [
            ["flows"], ["flows", "-o", "wide"], ["flows", "-o", "csv"], ["flows", "-o", "json"],
            ["flows", "-o", "yaml"], ["flows", "--group-by", "node", "-v", "9"], ["metrics"],
            ["metrics", "-o", "prometheus"], ["drops"],
        ])
    func commands(_ arguments: [String]) async throws {
        try await withHostileCluster { cluster in
            let window = arguments[0] == "drops" ? [] : ["--window", "500ms", "--all"]
            let result = try await cluster.netviz(arguments + window)
            #expect(result.status == .exited(0), "\(result.errorText)")
            #expect(controls(result.output) == [])
            #expect(controls(result.errorOutput) == [])
        }
    }

    @Test("stand in names as they do in a terminal's own notation")
    func notation() async throws {
        try await withHostileCluster { cluster in
            let result = try await cluster.flows()
            #expect(result.errorText.contains("n^[[31m4"), "\(result.errorText)")
            #expect(result.pairs.contains("sh^Gop/set^[]0;x^G -> shop/db"), "\(result.outputText)")
            #expect(
                result.errorText.contains("failed with status 1: conntrack v1.4.7: b^[[2Jad^G"),
                "\(result.errorText)")
        }
    }

    @Test(
        "do not come through doctor and cleanup either",
        arguments: [["doctor"], ["doctor", "-o", "json"], ["cleanup"]])
    func doctor(_ arguments: [String]) async throws {
        try await withHostileCluster { cluster in
            let result = try await cluster.netviz(arguments)
            #expect(result.status == .exited(0), "\(result.errorText)")
            #expect(controls(result.output) == [])
            #expect(controls(result.errorOutput) == [])
            if arguments == ["doctor"] { #expect(result.outputText.contains("n^[[31m4"), "\(result.outputText)") }
        }
    }
}
