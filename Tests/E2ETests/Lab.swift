import TestSupport

/// A cluster of `Tests/Cluster`, whose nodes are network namespaces of this machine: what a user does with it, and what
/// can be seen of it from outside.
struct Lab {
    let cluster: ClusterUnderTest
    /// Two nodes, in the order of their numbers; the first counts bytes, the second does not.
    let nodes: [String]
    /// Their addresses.
    let addresses: [String]
    /// The folder with the kubeconfigs of users.
    let folder: String
    /// The network namespace of a machine out of the cluster, and its address.
    let outside: (namespace: String, address: String)

    init() throws {
        cluster = try ClusterUnderTest()
        nodes = try Self.list("NETVIZ_E2E_NODES")
        addresses = try Self.list("NETVIZ_E2E_NODE_ADDRESSES")
        folder = try ClusterUnderTest.required("NETVIZ_E2E_STATE")
        outside = (
            try ClusterUnderTest.required("NETVIZ_E2E_OUTSIDE_NAMESPACE"),
            try ClusterUnderTest.required("NETVIZ_E2E_OUTSIDE_ADDRESS")
        )
        guard nodes.count == 2, try Self.list("NETVIZ_E2E_ACCOUNTED_NODES") == [nodes[0]] else {
            throw Unexpected("these tests want two nodes, of which the first counts bytes; there are \(nodes)")
        }
    }

    private static func list(_ name: String) throws(ClusterUnderTest.Missing) -> [String] {
        try ClusterUnderTest.required(name).split(separator: ",").map(String.init)
    }

    // MARK: kubectl netviz

    /// A user of the cluster, by a kubeconfig.
    enum User {
        /// May do everything.
        case admin
        /// One of Tests/Cluster/manifests/users.yaml.
        case named(String)
    }

    func kubeconfig(of user: User) -> String {
        switch user {
        case .admin: cluster.kubeconfig
        case .named(let name): "\(folder)/users/\(name).kubeconfig"
        }
    }

    /// The environment in which kubectl finds the plugin of this build, and the cluster.
    func environment(of user: User = .admin) throws -> CommandEnvironment {
        let plugin = try BuiltExecutable.kubectlNetviz()
        let folder = plugin.dropLast("/kubectl-netviz".count)
        let path = ClusterUnderTest.variable("PATH") ?? "/usr/bin:/bin"
        return .inherited(changing: ["PATH": "\(folder):\(path)", "KUBECONFIG": kubeconfig(of: user)])
    }

    /// Runs `kubectl netviz` to its end.
    func netviz(
        _ arguments: [String],
        as user: User = .admin,
        timeout: Duration = .seconds(60)
    ) async throws -> CommandResult {
        try await run("kubectl", ["netviz"] + arguments, environment: environment(of: user), timeout: timeout)
    }

    /// Runs `kubectl netviz` to its end, while `body` does something with the cluster.
    func netviz<Value: Sendable>(
        _ arguments: [String],
        timeout: Duration = .seconds(60),
        while body: () async throws -> Value
    ) async throws -> (result: CommandResult, value: Value) {
        async let result = netviz(arguments, timeout: timeout)
        let value = try await body()
        return (try await result, value)
    }

    /// Runs `kubectl netviz` until `body` returns, then sends it a signal.
    ///
    /// - Returns: how it ended, and how long after the signal.
    func netviz(
        _ arguments: [String],
        signal: Int32,
        after body: (BackgroundCommand) async throws -> Void
    ) async throws -> (result: CommandResult, took: Duration) {
        let ended = try await withBackgroundCommand(
            "kubectl",
            ["netviz"] + arguments,
            environment: environment(),
            stopSignal: signal,
            stopTimeout: .seconds(20)
        ) { command in
            try await body(command)
            return ContinuousClock.now
        }
        return (ended.result, ContinuousClock.now - ended.value)
    }

    // MARK: What it left

    /// Pods and Jobs of all runs, as `pod namespace/name`.
    ///
    /// - Parameter includesGoing: also those that were deleted, which a node of old takes its time to confirm.
    func remains(includesGoing: Bool = false) async throws -> [String] {
        var remains: [String] = []
        for (kind, path) in [("pod", "/api/v1/pods"), ("job", "/apis/batch/v1/jobs")] {
            for item in try await cluster.get("\(path)?labelSelector=netviz.dev/run")["items"]?.array ?? [] {
                guard let metadata = item["metadata"], includesGoing || metadata["deletionTimestamp"] == nil else {
                    continue
                }
                remains.append("\(kind) \(metadata["namespace"]?.string ?? "")/\(metadata["name"]?.string ?? "")")
            }
        }
        return remains
    }

    /// Waits until no pod and no Job is there that was not deleted, and no collector's process.
    func expectNothingIsLeft(within limit: Duration, includesGoing: Bool = false) async throws {
        try await eventually("nothing of a run is left", within: limit) {
            let left = try await remains(includesGoing: includesGoing)
            guard left.isEmpty else { return "there is \(left.joined(separator: ", "))" }
            for node in nodes {
                let processes = try await collectorProcesses(on: node)
                guard processes.isEmpty else { return "\(node) runs \(processes)" }
            }
            return nil
        }
    }

    // MARK: Processes on nodes

    /// A process in a node's network namespace, with the host's number.
    struct NodeProcess: Sendable {
        let number: Int32
        let commandLine: String
    }

    func processes(on node: String) async throws -> [NodeProcess] {
        try await runSuccessfully("ip", ["netns", "pids", node]).split(separator: "\n").compactMap { line in
            // One that ended meanwhile has no command line.
            guard let number = Int32(line), let text = try? readText("/proc/\(number)/cmdline") else { return nil }
            let words = text.split(separator: "\0")
            return words.isEmpty ? nil : NodeProcess(number: number, commandLine: words.joined(separator: " "))
        }
    }

    /// What runs of this program, or for it, on a node: `conntrack -E` by whichever pod.
    func collectorProcesses(on node: String) async throws -> [NodeProcess] {
        try await processes(on: node).filter { $0.commandLine.hasPrefix("conntrack -E") }
    }

    /// The processes that listen to a node's connections, which are there as long as a window is.
    func listeners(on node: String) async throws -> [NodeProcess] {
        try await collectorProcesses(on: node).filter { $0.commandLine.hasPrefix("conntrack -E -e") }
    }

    /// Waits until `count` runs listen on every node, and have had the time to read the tables.
    func windowsBegan(_ count: Int = 1) async throws {
        try await eventually("\(count) windows began", within: .seconds(30)) {
            for node in nodes {
                let there = try await listeners(on: node).count
                guard there >= count else { return "\(there) listeners on \(node)" }
            }
            return nil
        }
        try await Task.sleep(for: .milliseconds(500))
    }

    /// The process of a program that `Tests/Cluster` started on a node.
    func process(_ program: String, on node: String) async throws -> NodeProcess {
        let found = try await processes(on: node).first { process in
            process.commandLine.split(separator: " ").first?.split(separator: "/").last.map(String.init) == program
        }
        guard let found else { throw Unexpected("\(node) runs no \(program)") }
        return found
    }
}

/// Something is not as a test needs it.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Waits until `obstacle` returns nil, looking every fifth of a second.
/// - Throws: `Unexpected` with the last obstacle when the time is over.
func eventually(
    _ what: String,
    within limit: Duration,
    obstacle: () async throws -> String?
) async throws {
    let end = ContinuousClock.now + limit
    while let text = try await obstacle() {
        guard ContinuousClock.now < end else { throw Unexpected("not within \(limit): \(what); \(text)") }
        try await Task.sleep(for: .milliseconds(200))
    }
}
