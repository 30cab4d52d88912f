import TestSupport
import Testing

@Suite("Help, version and what is not a command", .serialized)
struct HelpTests {
    @Test(
        "help is what was asked for: on standard output, exit code 0",
        arguments: [
            [], ["-h"], ["--help"], ["help"], ["flows", "-h"], ["flows", "--help"], ["help", "flows"],
            ["metrics", "-h"], ["help", "metrics"], ["drops", "-h"], ["help", "drops"], ["doctor", "-h"],
            ["cleanup", "-h"], ["version", "-h"],
        ]
    )
    func help(_ arguments: [String]) async throws {
        let result = try await netviz(arguments)
        #expect(result.status == .exited(0))
        #expect(result.errorText == "")
        #expect(result.outputText.contains("USAGE: kubectl netviz"))
    }

    @Test("the help of a command is its own", arguments: [["flows", "-h"], ["flows", "--help"], ["help", "flows"]])
    func helpOfCommand(_ arguments: [String]) async throws {
        let text = try await netviz(arguments).outputText
        #expect(text.contains("USAGE: kubectl netviz flows [flags]"))
        #expect(text.contains("       kubectl netviz flows --local ["))
        #expect(text.contains("       kubectl netviz flows --from [NODE=]FILE ..."))
        #expect(text.contains("Examples:\n"))
        for flag in [
            "--inventory <file>", "--window <duration>", "--group-by <what>", "--min-coverage <percent>",
            "-n, --namespace <ns>", "--record <file>",
        ] {
            #expect(text.contains(flag), "\(flag)")
        }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 81 })
    }

    @Test("the help of metrics tells its own formats, and only what it can group and sort by")
    func helpOfMetrics() async throws {
        let text = try await netviz(["metrics", "-h"]).outputText
        #expect(text.contains("USAGE: kubectl netviz metrics [flags]"))
        #expect(text.contains("table, wide, json, yaml, ndjson, csv or prometheus."))
        #expect(text.contains("sudo kubectl netviz metrics --local -o prometheus > netviz.prom"))
        #expect(text.contains("pod, workload, service,"))
        #expect(!text.contains("by connection"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 81 })
    }

    @Test("of the three flags about one property the one that explains it comes first")
    func orderOfTriples() async throws {
        let filters = try #require(try await netviz(["flows", "-h"]).outputText.split(separator: "FILTERS:\n").last)
        let flags = filters.split { $0 == " " || $0 == "\n" }.map(String.init)
        for name in ["pod", "namespace", "workload", "service", "ip", "port"] {
            let either = try #require(flags.firstIndex(of: "--\(name)"))
            let from = try #require(flags.firstIndex(of: "--from-\(name)"))
            let to = try #require(flags.firstIndex(of: "--to-\(name)"))
            #expect(either < from && from < to)
        }
    }

    @Test("the root tells the exit codes and names the commands")
    func root() async throws {
        let text = try await netviz(["-h"]).outputText
        let words = text.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(
            words.contains(
                "Exit codes: 0 success; 2 usage, configuration or a bad input file; 3 too little was observed; 5 the cluster refused or could not be reached; 130 interrupted, after cleaning up."
            ))
        #expect(text.contains("  flows  "))
        #expect(text.contains("  metrics  "))
        #expect(text.contains("  doctor  "))
        #expect(text.contains("  cleanup  "))
        #expect(text.contains("  version  "))
    }

    @Test("the version")
    func version() async throws {
        let command = try await netviz(["version"])
        #expect(command.status == .exited(0))
        #expect(command.outputText.wholeMatch(of: /kubectl-netviz v\d+\.\d+\.\d+\n/) != nil)
        let flag = try await netviz(["--version"])
        #expect("kubectl-netviz " + flag.outputText == command.outputText)
    }

    @Test(
        "what is not understood is one error line and where to look, exit code 2",
        arguments: [
            (["flow"], "error: Unexpected argument 'flow'", "kubectl netviz"),
            (["--unheard-of"], "error: Unknown option '--unheard-of'", "kubectl netviz"),
            (["flows", "--unheard-of"], "error: Unknown option '--unheard-of'", "kubectl netviz flows"),
            (["flows", "--frm", "x"], "error: Unknown option '--frm'. Did you mean '--from'?", "kubectl netviz flows"),
            (["flows", "-x"], "error: Unknown option '-x'", "kubectl netviz flows"),
            (["flows", "extra"], "error: Unexpected argument 'extra'", "kubectl netviz flows"),
            (["flows", "--from"], "error: Missing value for '--from <[node=]file>'", "kubectl netviz flows"),
            (["flows", "--from", "x", "-o"], "error: Missing value for '-o <format>'", "kubectl netviz flows"),
            (["version", "extra"], "error: Unexpected argument 'extra'", "kubectl netviz version"),
            (["flo\u{1B}[31mws"], "error: Unexpected argument 'flo^[[31mws'", "kubectl netviz"),
        ]
    )
    func misuse(_ arguments: [String], _ message: String, _ command: String) async throws {
        let result = try await netviz(arguments)
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(result.errorLines == [message, "See '\(command) -h' for help and examples."])
    }
}
