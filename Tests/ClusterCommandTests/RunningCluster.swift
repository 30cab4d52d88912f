import TestSupport
import Testing

/// A fake API server with the small cluster, and kubectl-netviz run against it.
struct RunningCluster: Sendable {
    let server: FakeAPIServer
    /// A folder of the test's own, which holds the kubeconfig.
    let folder: String

    var kubeconfig: String { folder + "/config" }

    /// Runs kubectl-netviz to its end.
    func netviz(
        _ arguments: [String],
        environment: [String: String?] = [:],
        timeout: Duration = .seconds(90)
    ) async throws -> CommandResult {
        try await run(
            try BuiltExecutable.kubectlNetviz(),
            arguments + ["--kubeconfig", kubeconfig],
            environment: .inherited(changing: environment),
            timeout: timeout
        )
    }

    /// Runs `flows` over a short window, and lists idle connections too: a table that does not change has no others.
    func flows(_ arguments: [String] = [], timeout: Duration = .seconds(90)) async throws -> CommandResult {
        try await netviz(["flows", "--window", "500ms", "--all"] + arguments, timeout: timeout)
    }

    /// Adds what goes wrong with certain requests; Tests/FakeAPIServer/README.md tells the words.
    func fault(_ match: String, _ action: String) throws {
        try server.control("faults", #"[{"match": \#(match), "do": \#(action)}]"#)
    }

    /// The Status of a refusal, as an API server writes it.
    static func status(_ code: Int, _ reason: String, _ message: String) -> String {
        let text = message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\u{1B}", with: "\\u001b")
        return
            #"{"status": \#(code), "body": {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "\#(text)", "reason": "\#(reason)", "code": \#(code)}}"#
    }

    // MARK: What the server saw

    /// The requests of a method whose path ends so.
    func requests(_ method: String, _ end: String) throws -> [FakeAPIServerRequest] {
        try server.log().filter { $0.method == method && $0.path.hasSuffix(end) && $0.parameters("dryRun").isEmpty }
    }

    /// The nodes for which pods were to be created, without rehearsals.
    func nodesOfCreatedPods() throws -> [String] {
        try requests("POST", "/pods").compactMap { request in
            try JSONValue(parsing: Array((request.body ?? "").utf8))["spec"]?["nodeName"]?.string
        }
    }

    /// The Jobs and pods that runs made and that are still there, once what was deleted had its time to end.
    func leftovers() async throws -> [String] {
        var found: [String] = []
        for _ in 0..<60 {
            let state = try server.state()
            found = ["pods", "jobs.batch"].flatMap { kind in
                (state[kind]?.array ?? []).compactMap { $0["metadata"]?["name"]?.string }
                    .filter { $0.hasPrefix("netviz-") }.map { "\(kind) \($0)" }
            }
            if found.isEmpty { break }
            try await Task.sleep(for: .milliseconds(100))
        }
        return found
    }
}

/// Runs the small cluster while `body` does.
///
/// - Parameters:
///   - options: of the fake API server.
///   - objects: beside those that the cluster always has; the endpoints of its Service, unless told otherwise.
///   - user: lines of the kubeconfig's user; given only over TLS, as kubectl does.
///   - usesTLS: whether the server speaks TLS, with a certificate that the kubeconfig trusts.
func withSmallCluster(
    _ options: [String] = [],
    objects: [String] = [SmallCluster.endpointSlice],
    tables: [(node: String, lines: [String])] = SmallCluster.tables,
    user: [String] = [],
    usesTLS: Bool = false,
    body: (RunningCluster) async throws -> Void
) async throws {
    try await withTemporaryDirectory { folder in
        let file = folder + "/cluster.json"
        try writeFile(SmallCluster.document(objects).utf8, to: file)
        let certificate = "\(folder)/server.pem"
        let key = "\(folder)/server-key.pem"
        if usesTLS {
            _ = try await runSuccessfully(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=server", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                    certificate,
                ])
        }
        let settings = FakeAPIServerOptions(
            ["--cluster", file, "--speed", "20"] + options,
            tls: usesTLS ? .init(certificate: certificate, key: key) : nil)
        try await withFakeAPIServer(settings) { server in
            let cluster = RunningCluster(server: server, folder: folder)
            try writeFile(
                server.kubeconfig(
                    cluster: usesTLS ? ["certificate-authority: \(certificate)"] : [], user: user
                ).utf8, to: cluster.kubeconfig)
            try server.control("programs", SmallCluster.programs(tables))
            try await body(cluster)
        }
    }
}

extension CommandResult {
    /// Standard error's lines, in which every window of a run has the length that was asked for: on a machine that is busy
    /// it is some hundred milliseconds longer.
    var errorLines: [String] {
        errorText.replacing(/\d+\.\d s( to \d+\.\d s)? windows?/, with: "0.5 s window").split(separator: "\n").map(
            String.init)
    }

    /// Standard output's lines as cells, which are at least three spaces apart.
    var cells: [[String]] {
        outputText.split(separator: "\n").map { line in
            line.split(separator: "   ").map { $0.drop { $0 == " " } }.filter { !$0.isEmpty }.map(String.init)
        }
    }

    /// Source and destination of every flow in the table.
    var pairs: [String] { cells.dropFirst().map { $0.prefix(2).joined(separator: " -> ") }.sorted() }
}

/// What the tables of the small cluster tell.
let smallClusterPairs = ["shop/api -> shop/db", "shop/web -> shop/api"]

extension RunningCluster {
    /// Waits until the server has seen a request.
    func awaitRequest(
        _ method: String,
        _ end: String,
        where condition: (FakeAPIServerRequest) -> Bool = { _ in true }
    ) async throws {
        for _ in 0..<300 {
            if try requests(method, end).contains(where: condition) { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw NoRequest(method: method, end: end)
    }

    /// The server did not see what it should have within fifteen seconds.
    struct NoRequest: Error {
        let method: String
        let end: String
    }
}
