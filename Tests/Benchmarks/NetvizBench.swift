import Glibc

/// Measures kubectl-netviz against floors and limits, prints a table and writes the runs as JSON.
@main
enum NetvizBench {
    static let usage = """
        usage: netviz-bench --binary KUBECTL_NETVIZ --folder FOLDER [BENCHMARK]...

        Runs every benchmark, or those named: flows-text, flows-bundle, inventory-protobuf, drops-save, drops-nft,
        version-start, collector-start, collector-size, collector-snapshot, collector-window, collector-wire,
        cluster-inventory, cluster-nodes, cluster-real. bundle-stages, which has no limit, tells how long each step
        takes with the bundle of flows-bundle. The collector's are measured in network namespaces, which needs root;
        cluster-real with the cluster whose kubeconfig NETVIZ_E2E_KUBECONFIG names, else not; the cluster's others
        with Tests/FakeAPIServer, from the top of the source. FOLDER takes generated inputs, which later runs use again, and results.json. The programs lie beside KUBECTL_NETVIZ.
        Exit code 1 when a limit is missed, 2 when something could not be measured.

        """

    static func main() {
        do throws(BenchmarkError) {
            if CommandLine.arguments.count == 3, CommandLine.arguments[1] == ListDecoding.argument {
                try ListDecoding.run(CommandLine.arguments[2])
                exit(0)
            }
            exit(try measureAll(CommandLine.arguments.dropFirst()) ? 0 : 1)
        } catch {
            let message = Array("netviz-bench: \(error)\n".utf8)
            _ = unsafe write(STDERR_FILENO, message, message.count)
            exit(2)
        }
    }

    /// Whether every limit was met.
    private static func measureAll(_ arguments: ArraySlice<String>) throws(BenchmarkError) -> Bool {
        var binary: String?
        var folder: String?
        var names: [String] = []
        var rest = arguments
        while let argument = rest.popFirst() {
            switch argument {
            case "--binary": binary = rest.popFirst()
            case "--folder": folder = rest.popFirst()
            case "--help":
                print(usage, terminator: "")
                return true
            default: names.append(argument)
            }
        }
        guard let binary, let folder else { throw BenchmarkError("--binary and --folder are needed\n\(usage)") }
        let known = [
            "flows-text", "flows-bundle", "inventory-protobuf", "drops-save", "drops-nft", "version-start",
            "collector-start",
            "collector-size", "collector-snapshot",
            "collector-window", "collector-wire",
            "cluster-inventory", "cluster-nodes", "cluster-real",
        ]
        let stages = "bundle-stages"
        if let unknown = names.first(where: { !known.contains($0) && $0 != stages }) {
            throw BenchmarkError("no benchmark is called \(unknown)\n\(usage)")
        }
        try makeFolder(folder)
        var measurements: [Measurement] = []
        let wanted = Set(names.isEmpty ? known : names)
        let collector = CollectorBenchmarks(programs: binary.folder, scratch: folder)
        if wanted.contains("flows-text") {
            measurements += try flowsText(binary: binary, folder: folder).measure(scratch: folder)
        }
        if wanted.contains("flows-bundle") {
            measurements += try flowsBundle(binary: binary, folder: folder).measure(scratch: folder)
        }
        if wanted.contains("inventory-protobuf") {
            measurements += try inventoryProtobuf(binary: binary, folder: folder).measure(scratch: folder)
        }
        if wanted.contains("drops-save") {
            measurements += try drops("drops-save", binary: binary, folder: folder) {
                (path: String) throws(BenchmarkError) in
                var texts = RuleTexts()
                try texts.writeSave(50_000, to: path)
            }
        }
        if wanted.contains("drops-nft") {
            measurements += try drops("drops-nft", binary: binary, folder: folder) {
                (path: String) throws(BenchmarkError) in
                var texts = RuleTexts()
                try texts.writeNFT(50_000, to: path)
            }
        }
        if wanted.contains(stages) { try BundleStages(path: try bundle(in: folder)).measure() }
        if wanted.contains("version-start") {
            measurements += try versionStart("version-start", binary, limit: 0.030).measure(scratch: folder)
        }
        if wanted.contains("collector-start") {
            measurements += try versionStart("collector-start", collector.collector, limit: 0.020)
                .measure(scratch: folder)
        }
        measurements += try collector.measure(wanted)
        measurements += try ClusterBenchmarks(binary: binary, scratch: folder).measure(wanted)
        print(Report.table(measurements))
        let results = "\(folder)/results.json"
        var file = try FileWriter(path: results)
        try file.write(Report.json(measurements))
        try file.flush()
        print("every run: \(results)")
        return measurements.allSatisfy(\.passed)
    }

    /// A million connections of a cluster of 10,000 pods, grouped by workload, against a pass over the bytes.
    private static func flowsText(binary: String, folder: String) throws(BenchmarkError) -> Benchmark {
        // The number goes up when the generated text changes, so that no old input is measured.
        let inputs = "\(folder)/inputs-4"
        try makeFolder(inputs)
        let table = "\(inputs)/conntrack.txt"
        let cluster = SyntheticCluster()
        let inventory = try InventoryDocuments(cluster: cluster).write(to: inputs)
        var lines = ConntrackLines(cluster: cluster)
        try lines.write(1_000_000, to: table)
        return Benchmark(
            name: "flows-text",
            command: [binary, "flows", "--from", "n1=\(table)"] + inventory.flatMap { ["--inventory", $0] },
            floor: ["awk", "{c++} END{print c}", table],
            limits: [.wallTimesFloor(8), .peakMegabytes(220)],
            leastLines: 1000
        )
    }

    /// 50,000 pods of 7 KB, decoded while they arrive, against two programs that hand the same bytes through a pipe and drop
    /// them.
    private static func inventoryProtobuf(binary: String, folder: String) throws(BenchmarkError) -> Benchmark {
        let inputs = "\(folder)/inputs-4"
        try makeFolder(inputs)
        let pods = "\(inputs)/pods.protobuf"
        try ProtobufPods(count: 50_000).write(to: pods)
        return Benchmark(
            name: "inventory-protobuf",
            command: [binary.folder + "netviz-bench", ListDecoding.argument, pods],
            floor: ["sh", "-c", "cat \(pods) | cat >/dev/null"],
            limits: [.wallTimesFloor(2), .peakMegabytes(70)],
            leastLines: 1
        )
    }

    /// 50,000 rules, read, attributed, summed, sorted, and all that drops printed.
    ///
    /// - Parameter write: writes them into a file.
    private static func drops(
        _ name: String,
        binary: String,
        folder: String,
        write: (_ path: String) throws(BenchmarkError) -> Void
    ) throws(BenchmarkError) -> [Measurement] {
        let inputs = "\(folder)/inputs-4"
        try makeFolder(inputs)
        let rules = "\(inputs)/\(name).txt"
        try write(rules)
        return try Benchmark(
            name: name,
            command: [binary, "drops", "--from", "n1=\(rules)", "--all"],
            floor: ["wc", "-l", rules],
            limits: [.wallSeconds(0.5)],
            leastLines: 10_000
        ).measure(scratch: folder)
    }

    /// The same connections and objects from a bundle, to the workload table, against a program that only counts the
    /// connections' keys in a table in memory.
    private static func flowsBundle(binary: String, folder: String) throws(BenchmarkError) -> Benchmark {
        let bundle = try bundle(in: folder)
        return Benchmark(
            name: "flows-bundle",
            command: [binary, "flows", "--from", bundle],
            floor: [binary.folder + "netviz-bench-table", "insert", bundle + BundleInput.keysSuffix],
            limits: [.wallTimesFloor(3), .peakMegabytes(200)],
            leastLines: 1000
        )
    }

    /// The bundle of a million connections, made where it is not there.
    private static func bundle(in folder: String) throws(BenchmarkError) -> String {
        // The number goes up when what is generated changes.
        let inputs = "\(folder)/inputs-4"
        try makeFolder(inputs)
        let cluster = SyntheticCluster()
        let inventory = try InventoryDocuments(cluster: cluster).write(to: inputs)
        let path = "\(inputs)/run.bundle"
        try BundleInput(cluster: cluster, inventory: inventory).write(1_000_000, to: path)
        return path
    }

    /// How long a program takes before it does anything, against a process that does nothing.
    private static func versionStart(_ name: String, _ program: String, limit: Double) -> Benchmark {
        Benchmark(
            name: name,
            command: [program, "version"],
            floor: ["true"],
            limits: [.wallSeconds(limit)],
            leastLines: 1
        )
    }
}

extension String {
    /// The path up to the last slash, and it.
    fileprivate var folder: String { lastIndex(of: "/").map { String(self[...$0]) } ?? "./" }
}
