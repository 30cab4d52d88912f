import CollectorProtocol
import Glibc

/// Measures netviz-collector on tables in network namespaces.
struct CollectorBenchmarks {
    /// The folder of the programs, with its last slash.
    let programs: String
    let scratch: String

    private static let entries = 1_000_000
    private static let newConnectionsPerSecond = 2000
    private static let windowSeconds = 5

    var collector: String { programs + "netviz-collector" }
    private var table: String { programs + "netviz-bench-table" }

    func measure(_ wanted: Set<String>) throws(BenchmarkError) -> [Measurement] {
        var measurements: [Measurement] = []
        if wanted.contains("collector-snapshot") || wanted.contains("collector-window") {
            let room = try TableRoom(program: table, entries: Self.entries, scratch: scratch)
            defer { room.giveBack() }
            measurements += try BenchNamespace.with(scratch: scratch) { namespace throws(BenchmarkError) in
                try namespace.run(namespace.entered([table, "fill", "\(Self.entries)"]))
                var measured: [Measurement] = []
                if wanted.contains("collector-snapshot") { measured += try snapshot(namespace) }
                if wanted.contains("collector-window") { measured += try window(namespace) }
                return measured
            }
        }
        if wanted.contains("collector-size") { measurements.append(try size()) }
        if wanted.contains("collector-wire") { measurements += try wire() }
        return measurements
    }

    /// The collector's file without symbols, as an image carries it.
    private func size() throws(BenchmarkError) -> Measurement {
        let stripped = "\(scratch)/netviz-collector"
        let cost = try run(
            ["strip", "--strip-all", "-o", stripped, collector],
            output: "/dev/null",
            messages: "\(scratch)/strip.err"
        )
        var status = stat()
        guard unsafe stat(stripped, &status) == 0 else {
            throw BenchmarkError("cannot read \(stripped): \(errorText(errno))")
        }
        return Measurement(
            benchmark: "collector-size",
            quantity: "MB stripped",
            runs: [Double(status.st_size) / 1e6],
            limit: 10,
            costs: [cost]
        )
    }

    /// A snapshot of a million entries, against a loop that only receives the same dump, and against conntrack(8).
    private func snapshot(_ namespace: BenchNamespace) throws(BenchmarkError) -> [Measurement] {
        let output = "\(scratch)/snapshot.frames"
        let messages = "\(scratch)/snapshot.err"
        func cost(_ command: [String], output: String = "/dev/null") throws(BenchmarkError) -> ProcessCost {
            try run(namespace.entered(command), output: output, messages: messages)
        }
        let command = [collector, "snapshot", "--no-rules"]
        _ = try cost(command, output: output)
        let stream = try FrameFile(path: output)
        guard stream.end.entries >= UInt64(Self.entries) else {
            throw BenchmarkError("collector-snapshot: \(stream.end.entries) entries in \(output)")
        }
        var costs: [ProcessCost] = []
        var floors: [ProcessCost] = []
        // Both write what they are for into a file.
        var texts: [ProcessCost] = []
        var files: [ProcessCost] = []
        for _ in 0..<Benchmark.rounds {
            costs.append(try cost(command))
            floors.append(try cost([table, "receive"]))
            texts.append(try cost(["conntrack", "-L", "-o", "extended"], output: "\(scratch)/snapshot.text"))
            files.append(try cost(command, output: output))
        }
        let name = "collector-snapshot"
        return [
            Measurement(benchmark: name, limit: .wallTimesFloor(1.15), costs: costs, floors: floors),
            Measurement(benchmark: name, limit: .processorTimesFloor(1.6), costs: costs, floors: floors),
            Measurement(benchmark: "\(name)/conntrack", limit: .wallTimesFloor(0.5), costs: files, floors: texts),
            Measurement(benchmark: name, limit: .peakMegabytes(32), costs: costs, floors: floors),
            Measurement(
                benchmark: name,
                quantity: "bytes an entry",
                runs: [Double(stream.size) / Double(stream.end.entries)],
                limit: 24,
                costs: costs
            ),
        ]
    }

    /// A window over a million entries while new connections are made.
    private func window(_ namespace: BenchNamespace) throws(BenchmarkError) -> [Measurement] {
        let output = "\(scratch)/window.frames"
        let messages = "\(scratch)/window.err"
        let command = namespace.entered([collector, "window", "--seconds", "\(Self.windowSeconds)", "--no-rules"])
        // Longer than all windows with their dumps.
        let dial = namespace.entered([table, "dial", "\(Self.newConnectionsPerSecond)", "600"])
        var costs: [ProcessCost] = []
        var overruns: [Double] = []
        try withBackground(dial, messages: "\(scratch)/dial.err") { () throws(BenchmarkError) in
            for _ in 0..<Benchmark.rounds {
                costs.append(try run(command, output: output, messages: messages))
                let end = try FrameFile(path: output).end
                let leastEvents = UInt64(Self.newConnectionsPerSecond * Self.windowSeconds) * 9 / 10
                guard end.entries >= UInt64(Self.entries), end.losses.events >= leastEvents else {
                    throw BenchmarkError("collector-window: \(end.entries) entries, \(end.losses.events) events")
                }
                overruns.append(Double(end.losses.eventOverruns))
            }
        }
        let name = "collector-window"
        return [
            Measurement(benchmark: name, limit: .peakMegabytes(128), costs: costs, floors: []),
            Measurement(benchmark: name, quantity: "event overruns", runs: overruns, limit: 0, costs: costs),
        ]
    }

    /// The size of what is sent of some 20,000 HTTP connections that wrk(1) made with nginx.
    private func wire() throws(BenchmarkError) -> [Measurement] {
        try BenchNamespace.with(scratch: scratch) { namespace throws(BenchmarkError) in
            for setting in ["acct", "timestamp"] {
                let line = "echo 1 > /proc/sys/net/netfilter/nf_conntrack_\(setting)"
                try namespace.run(namespace.entered(["sh", "-c", line]))
            }
            let configuration = "\(scratch)/nginx.conf"
            var file = try FileWriter(path: configuration)
            try file.write(
                """
                daemon off; worker_processes 1; pid \(try absolute(scratch))/nginx.pid; error_log stderr warn;
                events { worker_connections 1000; }
                http { access_log off; server { listen 8080; return 200 "hello\\n"; } }

                """
            )
            try file.flush()
            let server = namespace.entered(["/usr/sbin/nginx", "-c", try absolute(configuration)])
            let output = "\(scratch)/wire.frames"
            var entries: UInt64 = 0
            var size = 0
            var costs: [ProcessCost] = []
            try withBackground(server, messages: "\(scratch)/nginx.err") { () throws(BenchmarkError) in
                try namespace.run(["sleep", "1"])
                let client = [
                    "wrk", "-t", "1", "-c", "50", "-d", "3s", "-H", "Connection: close", "http://127.0.0.1:8080/",
                ]
                try namespace.run(namespace.entered(client))
                costs.append(
                    try run(
                        namespace.entered([collector, "snapshot", "--no-rules"]),
                        output: output,
                        messages: "\(scratch)/wire.err"
                    )
                )
                let stream = try FrameFile(path: output)
                entries = stream.end.entries
                size = stream.size
            }
            guard entries >= 10_000 else {
                throw BenchmarkError("collector-wire: only \(entries) connections were made")
            }
            return [
                Measurement(
                    benchmark: "collector-wire",
                    quantity: "bytes an entry",
                    runs: [Double(size) / Double(entries)],
                    limit: 40,
                    costs: costs
                )
            ]
        }
    }

    private func absolute(_ path: String) throws(BenchmarkError) -> String {
        guard let resolved = unsafe realpath(path, nil) else { throw BenchmarkError("\(path): \(errorText(errno))") }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
