import TestSupport
import Testing

@Suite("Flags that choose connections, by how many of the recorded 257 they keep", .serialized)
struct FilterFlagTests {
    @Test(
        "each property of an end: of either, of the client, of the server",
        arguments: [
            ("pod", "backend", 239, 0, 239), ("pod", "shop/frontend-66fd4dcf56-dmgl5", 120, 120, 0),
            ("pod", "*-hjbmr", 121, 0, 121), ("pod", "kube-system/backend", 0, 0, 0),
            ("namespace", "shop", 239, 239, 239), ("namespace", "default", 14, 0, 14), ("namespace", "d*", 14, 0, 14),
            ("namespace", "sho", 0, 0, 0), ("workload", "frontend", 239, 239, 0),
            ("workload", "shop/back", 239, 0, 239), ("service", "shop/backend", 239, 0, 239),
            ("service", "kubernetes", 14, 0, 14), ("service", "back", 0, 0, 0), ("label", "app=frontend", 239, 239, 0),
            ("label", "app!=backend", 239, 239, 0), ("label", "app in (backend,x)", 239, 0, 239),
            ("ip", "10.244.2.0/24", 189, 121, 121), ("ip", "10.244.1.2", 119, 119, 0),
            ("ip", "10.96.61.76", 237, 0, 237),
            ("ip", "::/0", 0, 0, 0), ("port", "80", 237, 0, 237), ("port", "6443", 14, 0, 14),
            ("port", "37254", 1, 1, 0),
        ]
    )
    func triples(_ name: String, _ value: String, either: Int, from: Int, to: Int) async throws {
        #expect(try await FlowList(recorded: ["--\(name)", value]).connections == either)
        #expect(try await FlowList(recorded: ["--from-\(name)", value]).connections == from)
        #expect(try await FlowList(recorded: ["--to-\(name)=\(value)"]).connections == to)
    }

    @Test(
        "what became of a connection, its protocol, and the nodes it touches",
        arguments: [
            (["--protocol", "igmp"], 4), (["--protocol", "6"], 253), (["--verdict", "unknown"], 4),
            (["--verdict", "ACCEPT"], 253), (["--outcome", "closed"], 0), (["--node", "tbn1"], 195),
            (["--node", "tbn?"], 257),
        ]
    )
    func results(_ flags: [String], _ count: Int) async throws {
        #expect(try await FlowList(recorded: flags).connections == count)
    }

    @Test(
        "a repeated flag gives alternatives",
        arguments: [
            (["--to-pod", "backend-d5766b845-2pgmk"], 118), (["--to-pod", "backend-d5766b845-hjbmr"], 121),
            (["--to-pod", "backend-d5766b845-2pgmk", "--to-pod", "backend-d5766b845-hjbmr"], 239),
            (["--protocol", "tcp", "--protocol", "igmp"], 257), (["-n", "shop", "-n", "default"], 253),
        ]
    )
    func alternatives(_ flags: [String], _ count: Int) async throws {
        #expect(try await FlowList(recorded: flags).connections == count)
    }

    @Test(
        "different flags must all hold",
        arguments: [
            (["--from-pod", "*-dmgl5", "--to-pod", "*-2pgmk"], 67),
            (["--from-pod", "*-v2hmn", "--to-pod", "*-hjbmr"], 68),
            (["-n", "shop", "--protocol", "igmp"], 0), (["--node", "tbn1", "--to-port", "6443"], 7),
        ]
    )
    func conjunction(_ flags: [String], _ count: Int) async throws {
        #expect(try await FlowList(recorded: flags).connections == count)
    }

    @Test(
        "a value that begins with an exclamation mark excludes",
        arguments: [
            (["--namespace", "!shop"], 18), (["--to-pod", "backend", "--to-pod", "!*-hjbmr"], 118),
            (["--from-namespace", "shop", "--to-namespace", "!shop"], 0), (["--protocol", "!tcp"], 4),
            (["--verdict", "!accept"], 4), (["--node", "!tbn1"], 62), (["--to-port", "!8080"], 18),
            (["--ip", "!10.244.0.0/16"], 16), (["--outcome", "!closed"], 257), (["--label", "!app"], 0),
        ]
    )
    func exclusion(_ flags: [String], _ count: Int) async throws {
        #expect(try await FlowList(recorded: flags).connections == count)
    }

    @Test(
        "namespace and label selector have kubectl's short flags, in kubectl's spellings",
        arguments: [
            (["-n", "default"], 14), (["-n=default"], 14), (["-ndefault"], 14), (["--namespace=default"], 14),
            (["-l", "app=backend"], 239), (["-lapp=backend"], 239), (["-l=app=backend"], 239),
            (["--selector", "app=backend"], 239), (["-A"], 257), (["--all-namespaces"], 257),
            (["-n", "default", "-A"], 257),
            (["-An", "default"], 257), (["-A=false", "-n", "default"], 14),
        ]
    )
    func shortFlags(_ flags: [String], _ count: Int) async throws {
        #expect(try await FlowList(recorded: flags).connections == count)
    }

    @Test(
        "a value that cannot be read is refused, with the flag and what it takes",
        arguments: [
            (["--pod", ""], "error: invalid argument \"\" for \"--pod\": it is empty"),
            (["--pod", "!"], "error: invalid argument \"\" for \"--pod\": it is empty"),
            (["--node", ""], "error: invalid argument \"\" for \"--node\": it is empty"),
            (
                ["--from-ip", "1.2.3"],
                "error: invalid argument \"1.2.3\" for \"--from-ip\": it is an address or a network like 10.0.0.0/8"
            ),
            (["--to-ip", "10.0.0.0/33"], "error: invalid argument \"10.0.0.0/33\" for \"--to-ip\""),
            (["--port", "65536"], "error: invalid argument \"65536\" for \"--port\": it is a port (0-65535)"),
            (["--to-port", "http"], "error: invalid argument \"http\" for \"--to-port\": it is a port (0-65535)"),
            (
                ["--protocol", "256"],
                "error: invalid argument \"256\" for \"--protocol\": it is a protocol's name or number (0-255)"
            ),
            (
                ["--verdict", "ok"],
                "error: invalid argument \"ok\" for \"--verdict\": it is one of ACCEPT, DROP, REJECT,"
            ),
            (["--outcome", "ok"], "error: invalid argument \"ok\" for \"--outcome\": it is one of carried, opened,"),
            (["-l", "app in"], "error: invalid argument \"app in\" for \"--label\": "),
            (["--pod", "!\u{1B}[2J/"], ""),
        ]
    )
    func badValues(_ flags: [String], _ message: String) async throws {
        let result = try await netviz(["flows", "--from", "-"] + flags, input: Lines.bytes(Lines.first))
        #expect(result.errorText.hasPrefix(message), "\(result.errorText)")
        #expect(result.status == .exited(message.isEmpty ? 0 : 2))
        #expect(!result.errorText.contains("\u{1B}"))
    }

    @Test("a result without flows says so on standard error and is no failure")
    func nothingFound() async throws {
        let result = try await RecordedCluster.flows("-n", "absent")
        #expect(result.status == .exited(0))
        #expect(result.outputText == "")
        #expect(result.errorLines.first == "No flows found.")
        #expect(result.errorLines.count == 2)
        #expect(try await FlowList(recorded: ["-n", "absent"]).items == [])
    }
}
