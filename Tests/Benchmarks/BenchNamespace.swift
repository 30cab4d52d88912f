import Glibc

/// A network namespace of a benchmark's own.
struct BenchNamespace {
    let name: String
    private let scratch: String

    /// Runs `body` with a new namespace, whose loopback interface is up and where connections are tracked, and deletes
    /// the namespace on every way out: its table is in the kernel's memory.
    static func with<Value>(
        scratch: String,
        _ body: (BenchNamespace) throws(BenchmarkError) -> Value
    ) throws(BenchmarkError) -> Value {
        let namespace = BenchNamespace(name: "netviz-bench-\(getpid())", scratch: scratch)
        try namespace.run(["ip", "netns", "add", namespace.name])
        defer { try? namespace.run(["ip", "netns", "delete", namespace.name]) }
        try namespace.run(namespace.entered(["ip", "link", "set", "lo", "up"]))
        for command in [
            ["add", "table", "inet", "bench"],
            ["add", "chain", "inet", "bench", "output", "{ type filter hook output priority 0; }"],
            ["add", "rule", "inet", "bench", "output", "ct", "state", "new", "accept"],
        ] {
            try namespace.run(namespace.entered(["nft"] + command))
        }
        return try body(namespace)
    }

    /// A command that is run within the namespace; nsenter becomes the command, so its costs are the command's.
    func entered(_ command: [String]) -> [String] {
        ["nsenter", "--net=/run/netns/\(name)", "--"] + command
    }

    /// Runs a command that is not measured.
    func run(_ command: [String]) throws(BenchmarkError) {
        _ = try netviz_bench.run(command, output: "/dev/null", messages: "\(scratch)/namespace.err")
    }
}
