import CNetworkNamespace
import Glibc
import TestSupport

/// Runs `body` in a network namespace of its own: programs that it starts are in there too, and nothing of it is left.
///
/// The thread moves there and back; `body` does not suspend, so it stays on that thread.
func inNewNamespace<Value>(_ body: () throws -> Value) throws -> Value {
    let outside = network_namespace_enter_new()
    guard outside >= 0 else { throw ShellError(command: "unshare, which needs root", status: errno) }
    defer {
        let back = network_namespace_leave(outside)
        precondition(back == 0, "later tests would run in the wrong network namespace")
    }
    try shell("ip link set lo up && ip address add 10.1.0.1/24 dev lo")
    return try body()
}

/// A command that failed.
struct ShellError: Error {
    let command: String
    /// As waitpid(2) gives it, or an error number.
    let status: Int32
}

/// Runs a command in the calling thread's network namespace.
/// - Returns: its standard output.
@discardableResult
func shell(_ command: String) throws -> [UInt8] {
    guard let pipe = unsafe popen(command, "re") else { throw ShellError(command: command, status: errno) }
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = unsafe piece.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, pipe) }
        guard count > 0 else { break }
        output += piece[..<count]
    }
    let status = unsafe pclose(pipe)
    guard status == 0 else { throw ShellError(command: command, status: status) }
    return output
}

/// The path of a file in Programs.
func program(_ name: String) -> String {
    Repository.path("Tests/ConntrackTests/Programs/\(name)")
}

/// Has the kernel track connections in this namespace, with the translations, zones and marks of Programs/rules.nft.
func track(accounting: Bool = true, timestamps: Bool = true, events: Int = 2) throws {
    let settings = [
        "net.netfilter.nf_conntrack_acct=\(accounting ? 1 : 0)",
        "net.netfilter.nf_conntrack_timestamp=\(timestamps ? 1 : 0)",
        "net.netfilter.nf_conntrack_events=\(events)",
    ]
    try shell("sysctl -qw \(settings.joined(separator: " ")) && nft -f \(program("rules.nft"))")
}

/// Makes the connections of these names in Programs/traffic.py.
func talk(_ names: String...) throws {
    try shell("python3 \(program("traffic.py")) \(names.joined(separator: " "))")
}
