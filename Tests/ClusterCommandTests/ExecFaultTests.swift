import TestSupport
import Testing

/// What goes wrong with execs on one node, and what is said of it.
struct ExecFault: Sendable, CustomTestStringConvertible {
    /// Of the node's execs those whose query has this; all of them without.
    var query = ""
    /// What the fake API server does.
    let action: String
    /// Why the node is not covered; nil where it is all the same.
    let reason: String?

    var testDescription: String { "\(query) \(action)" }
}

@Suite("Execs that go wrong")
struct ExecFaultTests {
    private static let list = "the connection to 'conntrack -L -o extended,id' was lost: "
    private static let first = "no program can be run on the node: the connection to 'conntrack -V' was lost: "
    private static let end = "the connection ended before the server said how the command ended"

    static let faults = [
        ExecFault(action: #"{"cut": "before"}"#, reason: first + "the server closed the connection without an answer"),
        ExecFault(
            action: #"{"cut": "head"}"#,
            reason: first + "the connection ended within the server's answer, after 86 bytes"),
        ExecFault(action: #"{"cut": "after-101"}"#, reason: first + end),
        ExecFault(action: #"{"cut": "before-first-frame"}"#, reason: first + end),
        ExecFault(query: "-L", action: #"{"cut": "after-101"}"#, reason: list + end + "; 0 entries came"),
        ExecFault(
            query: "-L", action: #"{"cut": "in-frame", "after_bytes": 50}"#, reason: list + end + "; 0 entries came"),
        ExecFault(
            query: "-L", action: #"{"cut": "after-stdout"}"#,
            reason: list + end + "; 2 entries came; what came before that is shown"),
        ExecFault(
            query: "-L", action: #"{"no_status": true}"#,
            reason: list
                + "the server closed the session without saying how the command ended (close code 1000); 2 entries came; what came before that is shown"
        ),
        ExecFault(
            query: "-L", action: #"{"garbage": "ffff00"}"#,
            reason: list + "malformed WebSocket frame at byte 3: reserved bits are set; 0 entries came"),
        ExecFault(
            query: "-L", action: #"{"accept": "wrong"}"#,
            reason: list + "the server's answer does not belong to our request (Sec-WebSocket-Accept); 0 entries came"),
        ExecFault(
            query: "-L", action: #"{"exec_status": "wh\u001b[2Jat"}"#,
            reason: list
                + "the server's word of how the command ended cannot be read: 'wh^[[2Jat'; 2 entries came; what came before that is shown"
        ),
        ExecFault(
            action: #"{"status": 403, "body": ""}"#,
            reason: first + "the server does not know the sub-protocols of exec that were offered"),
        ExecFault(
            query: "-L", action: #"{"recorded": "errors/401-bad-token.http"}"#,
            reason: list
                + "You must be logged in to the server (Unauthorized); Log in anew, and see that the context's user is the right one: kubectl config view --minify; 0 entries came"
        ),
        ExecFault(
            query: "-L",
            action: #"{"status": 500, "body": "error dialing backend: dial tcp 10.0.0.1:10250: i/o timeout"}"#,
            reason: list
                + "the API server cannot reach the kubelet of the node n2: error dialing backend: dial tcp 10.0.0.1:10250: i/o timeout; Let the control plane reach the node's port 10250 (firewall, security group, konnectivity agent); kubectl logs and exec fail on this node too.; 0 entries came"
        ),
        ExecFault(query: "-L", action: #"{"cut": "after-status"}"#, reason: nil),
        ExecFault(query: "-L", action: #"{"no_close": true}"#, reason: nil),
        ExecFault(query: "-L", action: #"{"text": true}"#, reason: nil),
        ExecFault(query: "-L", action: #"{"fragment": 7}"#, reason: nil),
        ExecFault(query: "-L", action: #"{"drip": 2000}"#, reason: nil),
        ExecFault(query: "-L", action: #"{"frames": [{"opcode": "ping", "payload": "01"}]}"#, reason: nil),
    ]

    @Test("make a node incomplete with the reason, and the others' result stays", arguments: faults)
    func fault(_ fault: ExecFault) async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "/exec$", "node": "n2", "query": "\#(fault.query)"}"#, fault.action)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            let coverage = result.errorLines.last ?? ""
            if let reason = fault.reason {
                #expect(coverage.hasPrefix("2 of 3 nodes, 0.5 s window; n2: \(reason); n1, "))
            } else {
                #expect(coverage.hasPrefix("3 of 3 nodes, 0.5 s"))
                #expect(
                    coverage.hasSuffix(
                        "; n1, n2, n3: read as conntrack's text without netviz-collector, clock not compared"))
            }
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("on every node leave an exit code that says so")
    func everyNode() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(#"{"path": "/exec$"}"#, #"{"cut": "before"}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(3))
            #expect(result.errorText.contains("0 of 3 nodes"))
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("whose answer never comes do not hold a run up for longer than half a minute")
    func noAnswer() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(#"{"path": "/exec$", "node": "n2", "query": "-L"}"#, #"{"delay": 600}"#)

            let result = try await cluster.flows(timeout: .seconds(60))

            #expect(result.status == .exited(0))
            #expect(
                result.errorLines.joined(separator: "\n").hasPrefix(
                    "2 of 3 nodes, 0.5 s window; n2: 'conntrack -L -o extended,id' took longer than 15 s and was left alone; 0 entries came"
                ))
            #expect(result.pairs == smallClusterPairs)
            #expect(try await cluster.leftovers() == [])
        }
    }
}
