import TestSupport
import Testing

/// Runs kubectl-netviz as a user does, without a shell.
func netviz(
    _ arguments: [String],
    input: [UInt8] = [],
    in directory: String? = nil
) async throws -> CommandResult {
    try await run(try BuiltExecutable.kubectlNetviz(), arguments, input: input, workingDirectory: directory)
}

/// Runs a shell script, in which `$netviz` is kubectl-netviz: for pipes, limits and odd files.
func shell(_ script: String, in directory: String? = nil) async throws -> CommandResult {
    try await run(
        "bash",
        ["-c", script],
        environment: .inherited(changing: ["netviz": try BuiltExecutable.kubectlNetviz()]),
        workingDirectory: directory
    )
}

/// Conntrack lines for tests of the command itself.
enum Lines {
    /// A connection through a service, from 10.244.1.2 to 10.244.2.3.
    static let first = """
        ipv4     2 tcp      6 112 TIME_WAIT src=10.244.1.2 dst=10.96.61.76 sport=37254 dport=80 packets=14 bytes=811 \
        src=10.244.2.3 dst=10.244.1.2 sport=8080 dport=37254 packets=13 bytes=103275 [ASSURED] mark=0 use=1

        """
    /// Another, from 10.244.1.2 to 203.0.113.9.
    static let second = """
        ipv4     2 udp      17 20 src=10.244.1.2 dst=203.0.113.9 sport=5002 dport=53 packets=1 bytes=60 \
        src=203.0.113.9 dst=10.244.1.2 sport=53 dport=5002 packets=1 bytes=120 mark=0 use=1

        """

    /// The bytes of lines, in their order.
    static func bytes(_ lines: String...) -> [UInt8] { Array(lines.joined().utf8) }
}

extension CommandResult {
    /// Standard error's lines.
    var errorLines: [String] { errorText.split(separator: "\n").map(String.init) }

    /// Standard output's lines.
    var outputLines: [String] { outputText.split(separator: "\n").map(String.init) }

    /// Standard output's lines as cells, which are at least three spaces apart.
    var cells: [[String]] {
        outputLines.map { line in
            line.split(separator: "   ").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.map(String.init)
        }
    }
}
