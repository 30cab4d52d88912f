import TestSupport
import Testing

@Suite("What -v tells of requests")
struct VerbosityTests {
    private static let secret = "s3cr3t"

    @Test("-v 6 has a line for every request that the server saw, execs like all others")
    func everyRequest() async throws {
        try await withSmallCluster(user: ["token: \(Self.secret)"], usesTLS: true) { cluster in
            let result = try await cluster.flows(["-v", "6"])

            #expect(result.status == .exited(0))
            let told = result.errorLines
            let requests = try cluster.server.log()
            #expect(requests.contains { $0.path.hasSuffix("/exec") })
            for request in requests {
                let start = "\(request.method) https://127.0.0.1:\(cluster.server.port)\(request.path)"
                // A watch, and an exec that listens, are over with the run.
                let status = request.status.map { " \($0) in " } ?? " in "
                #expect(
                    told.contains { line in
                        line.hasPrefix(start) && line.dropFirst(start.count).first.map { "? ".contains($0) } == true
                            && (line.contains(status) || request.parameters("watch") == ["true"])
                    }, "\(start)\(status)")
            }
            #expect(
                told.contains { line in
                    line.hasPrefix("GET https://")
                        && line.contains(
                            "/exec?container=collector&stdout=true&stderr=true&command=conntrack&command=-V ")
                        && line.contains("HTTP/1.1 101 in ") && line.hasSuffix(" milliseconds")
                })
            #expect(!result.errorText.contains("CONNECT"))
            #expect(!result.errorText.contains("Headers:"))
            #expect(!result.errorText.contains("    "))
        }
    }

    @Test(
        "-v 7 adds the request's fields, -v 8 the answer's, and more nothing else",
        arguments: [
            (5, "", ""), (6, "", ""), (7, "Request", ""), (8, "Request", "Response"), (9, "Request", "Response"),
            (99, "Request", "Response"),
        ])
    func levels(level: Int, request: String, response: String) async throws {
        try await withSmallCluster(user: ["token: \(Self.secret)"], usesTLS: true) { cluster in
            try cluster.fault(
                #"{"path": "^/api/v1/nodes$"}"#, #"{"headers": {"Set-Cookie": "\#(Self.secret)", "X-Told": "yes"}}"#)

            let result = try await cluster.netviz(["doctor", "-v", "\(level)"])

            let told = result.errorText
            #expect(told.contains("GET https://") == (level >= 6))
            #expect(told.contains("Request Headers:") == !request.isEmpty)
            #expect(told.contains("    Authorization: <redacted>\n") == !request.isEmpty)
            #expect(told.contains("    User-Agent: kubectl-netviz/") == !request.isEmpty)
            #expect(told.contains("Response Headers:") == !response.isEmpty)
            #expect(told.contains("    Audit-Id: ") == !response.isEmpty)
            #expect(told.contains("    X-Told: yes\n") == !response.isEmpty)
            #expect(told.contains("    Set-Cookie: <redacted>\n") == !response.isEmpty)
            #expect(!(told + result.outputText).contains(Self.secret))
        }
    }

    @Test("An exec's fields are told as the others' are, without its credentials")
    func execFields() async throws {
        try await withSmallCluster(user: ["token: \(Self.secret)"], usesTLS: true) { cluster in
            let lines = try await cluster.flows(["-v", "8"]).errorLines

            let exec = try #require(lines.firstIndex { $0.contains("&command=conntrack&command=-V ") })
            let isField: (String) -> Bool = { $0.hasPrefix("    ") || $0.hasSuffix("Headers:") }
            let block = Array(lines.dropFirst(exec + 1).prefix(while: isField))
            #expect(block.first == "Request Headers:")
            #expect(block.contains("    Authorization: <redacted>"))
            #expect(block.contains("Response Headers:"))
            #expect(block.contains("    Sec-WebSocket-Protocol: v5.channel.k8s.io"))
        }
    }

    @Test("An exec that got no answer, or none that can be read, is told too")
    func execWithoutAnswer() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(#"{"path": "/exec$", "node": "n2"}"#, #"{"cut": "before"}"#)
            try cluster.fault(
                #"{"path": "/exec$", "node": "n3"}"#, RunningCluster.status(500, "InternalError", "no \u{1B}[2J"))

            let lines = try await cluster.flows(["-v", "6"]).errorLines

            #expect(
                lines.contains {
                    $0.hasPrefix("GET http://") && $0.contains("&command=conntrack&command=-V ")
                        && $0.contains(" connection closed by the server before the end, after 0 bytes in ")
                })
            #expect(lines.contains { $0.contains("&command=conntrack&command=-V ") && $0.contains(" 500 in ") })
        }
    }

    @Test("A proxy is named in every line, without its password")
    func proxy() async throws {
        try await withSmallCluster(
            user: ["token: \(Self.secret)"], usesTLS: true
        ) { cluster in
            let text = try readText(cluster.kubeconfig)
            // Nothing listens there.
            try writeFile(
                text.replacing(
                    "certificate-authority:",
                    with: "proxy-url: http://jane:\(Self.secret)@127.0.0.1:1\n    certificate-authority:"
                ).utf8, to: cluster.kubeconfig)

            let result = try await cluster.flows(["-v", "9"])

            #expect(result.status == .exited(5))
            #expect(result.errorText.contains(" through http://127.0.0.1:1 "), "\(result.errorText)")
            #expect(!result.errorText.contains(Self.secret))
        }
    }
}
