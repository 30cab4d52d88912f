import Glibc

/// Measures kubectl-netviz with API servers.
struct ClusterBenchmarks {
    /// The built kubectl-netviz.
    let binary: String
    let scratch: String

    private static let pods = 50_000
    private static let nodes = 1000
    private static let connectionsPerNode = 2000
    /// A run over a thousand nodes takes most of a minute; the median of three is enough.
    private static let rounds = 3

    func measure(_ wanted: Set<String>) throws(BenchmarkError) -> [Measurement] {
        var measurements: [Measurement] = []
        if wanted.contains("cluster-inventory") { measurements += try inventory() }
        if wanted.contains("cluster-nodes") { measurements += try nodes() }
        if wanted.contains("cluster-real") {
            if let kubeconfig = unsafe getenv("NETVIZ_E2E_KUBECONFIG").map({ unsafe String(cString: $0) }) {
                measurements += try real(kubeconfig)
            } else {
                print("cluster-real: not run, since NETVIZ_E2E_KUBECONFIG names no kubeconfig")
            }
        }
        return measurements
    }

    /// All pods of a large cluster listed, decoded and stored by `doctor`, against curl, which receives the same bytes
    /// and drops them.
    private func inventory() throws(BenchmarkError) -> [Measurement] {
        let arguments = ["--nodes", "3", "--pods", "\(Self.pods)", "--services", "500"]
        return try ClusterServer.with(arguments, scratch: scratch) { server throws(BenchmarkError) in
            let kubeconfig = "\(scratch)/cluster-inventory.kubeconfig"
            try server.writeKubeconfig(to: kubeconfig)
            return try Benchmark(
                name: "cluster-inventory",
                // In one page, since the stand-in looks through all pods for each.
                command: [
                    binary, "doctor", "--kubeconfig", kubeconfig, "--chunk-size", "0", "--collector-image", "bench",
                ],
                floor: [
                    "curl", "--silent", "--fail", "--header", "Accept: application/vnd.kubernetes.protobuf",
                    "http://127.0.0.1:\(server.port)/api/v1/pods?resourceVersion=0",
                ],
                limits: [.wallTimesFloorAndSeconds(2, 0.5), .peakMegabytes(120)],
                leastLines: 6
            ).measure(scratch: scratch)
        }
    }

    /// Two million connections of a thousand nodes, at one moment and within a window.
    private func nodes() throws(BenchmarkError) -> [Measurement] {
        let arguments = [
            "--nodes", "\(Self.nodes)", "--pods", "20000", "--services", "500",
            "--entries", "\(Self.connectionsPerNode)", "--speed", "20",
        ]
        return try ClusterServer.with(arguments, scratch: scratch) { server throws(BenchmarkError) in
            let kubeconfig = "\(scratch)/cluster-nodes.kubeconfig"
            try server.writeKubeconfig(to: kubeconfig)
            var measurements: [Measurement] = []
            for (name, window) in [("cluster-nodes", "0"), ("cluster-nodes/window", "5s")] {
                let command = [
                    binary, "flows", "--kubeconfig", kubeconfig, "--chunk-size", "0", "--collector-image", "bench",
                    "--window", window,
                ]
                var costs: [ProcessCost] = []
                var servers: [Double] = []
                for _ in 0..<Self.rounds {
                    let before = try server.processorSeconds()
                    costs.append(try flows(command, of: "\(Self.nodes) of \(Self.nodes) nodes"))
                    servers.append(try server.processorSeconds() - before)
                }
                measurements += [
                    Measurement(benchmark: name, limit: .peakMegabytes(400), costs: costs, floors: []),
                    Measurement(benchmark: name, costs: costs, serverProcessorSeconds: servers, limit: 2.5),
                ]
            }
            return measurements
        }
    }

    /// From the moment at which the last collector runs to the end of the process: what a user waits for beside the
    /// cluster's own starting of pods.
    private func real(_ kubeconfig: String) throws(BenchmarkError) -> [Measurement] {
        let name = "cluster-real"
        let command = [binary, "flows", "--kubeconfig", kubeconfig, "--window", "0", "-v", "6"]
        var costs: [ProcessCost] = []
        var rests: [Double] = []
        for _ in 0..<Benchmark.rounds {
            let cost = try flows(command, of: "nodes")
            costs.append(cost)
            let lines = try contents(of: messages).split(separator: "\n")
            guard let line = lines.first(where: { $0.contains(" collectors run after ") }),
                let milliseconds = line.split(separator: " ").dropLast().last.flatMap({ Double($0) })
            else { throw BenchmarkError("\(name): it is not said when the collectors ran, see \(messages)") }
            rests.append(cost.wallSeconds - milliseconds / 1000)
        }
        return [
            Measurement(
                benchmark: name, quantity: "seconds after the collectors ran", runs: rests, limit: 2, costs: costs)
        ]
    }

    private var messages: String { "\(scratch)/cluster.err" }

    /// Runs `flows`, and checks that it says of how many nodes its table is.
    private func flows(_ command: [String], of nodes: String) throws(BenchmarkError) -> ProcessCost {
        let cost = try run(command, output: "\(scratch)/cluster.out", messages: messages)
        guard try contents(of: messages).contains(nodes) else {
            throw BenchmarkError("\(command.joined(separator: " ")): it is not of \(nodes), see \(messages)")
        }
        return cost
    }
}
