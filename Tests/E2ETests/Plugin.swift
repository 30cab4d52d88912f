import TestSupport

/// kubectl netviz on the real cluster, run as its users do: by kubectl, which finds it on the PATH.
struct Plugin {
    let cluster: ClusterUnderTest

    /// Runs `kubectl netviz` to its end.
    func run(
        _ arguments: [String],
        kubeconfig: String? = nil,
        timeout: Duration = .seconds(90)
    ) async throws -> CommandResult {
        try await TestSupport.run(
            "kubectl", ["netviz"] + arguments, environment: environment(kubeconfig), timeout: timeout)
    }

    /// The environment in which kubectl finds the built executable.
    func environment(_ kubeconfig: String? = nil) throws -> CommandEnvironment {
        let path = try BuiltExecutable.kubectlNetviz()
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        return .inherited(changing: [
            "PATH": folder + ":" + ClusterUnderTest.path,
            "KUBECONFIG": kubeconfig ?? cluster.kubeconfig,
        ])
    }

    /// Flows of `-o json` as their JSON items.
    static func items(_ result: CommandResult) throws -> [JSONValue] {
        try JSONValue(parsing: result.output)["items"]?.array ?? []
    }

    /// Names of the pods and Jobs that runs have on the cluster and nobody deleted yet.
    func remains(includingDeleted: Bool = false) async throws -> [String] {
        var names: [String] = []
        for path in ["/api/v1/pods", "/apis/batch/v1/jobs"] {
            let list = try await cluster.get(path + "?labelSelector=netviz.dev%2Frun")["items"]?.array ?? []
            for item in list where includingDeleted || item["metadata"]?["deletionTimestamp"] == nil {
                names.append("\(path.split(separator: "/").last ?? "") \(item["metadata"]?["name"]?.string ?? "")")
            }
        }
        return names
    }

    /// Waits until nothing of any run is left.
    ///
    /// - Returns: what is left after that time.
    func remains(after limit: Duration) async throws -> [String] {
        let end = ContinuousClock.now + limit
        while true {
            let left = try await remains(includingDeleted: true)
            if left.isEmpty || ContinuousClock.now >= end { return left }
            try await Task.sleep(for: .seconds(1))
        }
    }

    /// Waits until so many collectors run.
    func collectors(_ count: Int, within limit: Duration = .seconds(30)) async throws -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            let pods = try await cluster.get("/api/v1/pods?labelSelector=netviz.dev%2Frun")["items"]?.array ?? []
            let running = pods.count {
                $0["status"]?["phase"]?.string == "Running" && $0["metadata"]?["deletionTimestamp"] == nil
            }
            if running >= count { return true }
            try await Task.sleep(for: .milliseconds(200))
        }
        return false
    }
}
