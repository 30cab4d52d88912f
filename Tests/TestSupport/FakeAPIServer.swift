import Subprocess

/// What a fake API server is started with; Tests/FakeAPIServer/README.md tells the options.
package struct FakeAPIServerOptions: Sendable {
    /// What is given to the program, as `["--nodes", "3", "--pods", "30"]`.
    package var arguments: [String]
    /// PEM files that it serves TLS with; plain HTTP without.
    package var tls: TLSFiles?

    /// A certificate for TLS, with its key, and who may present a client certificate.
    package struct TLSFiles: Sendable {
        package var certificate: String
        package var key: String
        /// The authority of client certificates; without, none is asked for.
        package var clientAuthority: String?

        package init(certificate: String, key: String, clientAuthority: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
        }

        var arguments: [String] {
            ["--tls", certificate, key] + (clientAuthority.map { ["--client-ca", $0] } ?? [])
        }
    }

    package init(_ arguments: [String] = [], tls: TLSFiles? = nil) {
        self.arguments = arguments
        self.tls = tls
    }
}

/// A running Tests/FakeAPIServer, which stands in for a kube-apiserver where a real one cannot misbehave on demand.
package struct FakeAPIServer: Sendable {
    /// `http://127.0.0.1:PORT`, or https.
    package let url: String
    package let port: UInt16
    /// Where it takes `/_control`, `/_log`, `/_state` and `/_cpu` over plain HTTP, whatever the other port speaks.
    package let controlPort: UInt16

    /// A kubeconfig whose only context talks to this server.
    /// - Parameters:
    ///   - cluster: further lines of the cluster, as `certificate-authority: /x/ca.pem`.
    ///   - user: lines of the user, as `token: abc`. kubectl sends credentials over https only.
    ///   - namespace: the context's namespace.
    package func kubeconfig(cluster: [String] = [], user: [String] = [], namespace: String = "default") -> String {
        let clusterLines = (["server: \(url)"] + cluster).map { "    \($0)\n" }.joined()
        let userLines = user.isEmpty ? "  user: {}\n" : "  user:\n" + user.map { "    \($0)\n" }.joined()
        return """
            apiVersion: v1
            kind: Config
            current-context: fake
            clusters:
            - name: fake
              cluster:
            \(clusterLines)users:
            - name: fake
            \(userLines)contexts:
            - name: fake
              context: {cluster: fake, user: fake, namespace: \(namespace)}

            """
    }

    /// Changes what it does: `POST /_control/WHAT` with a JSON document; README.md tells them.
    /// - Returns: what it answered.
    /// - Throws: `FakeAPIServerError.refused` with its words when it does not understand.
    @discardableResult
    package func control(_ what: String, _ json: String = "{}") throws -> JSONValue {
        try exchange("POST", "/_control/\(what)", json)
    }

    /// Every request that it has seen, in their order.
    package func log() throws -> [FakeAPIServerRequest] {
        let answer = try exchange("GET", "/_log")
        return try (answer["requests"]?.array ?? []).map(FakeAPIServerRequest.init)
    }

    /// Its objects: `{"RESOURCE.GROUP": [object…], …}`, `pods` and other resources of the core group without a dot.
    package func state() throws -> JSONValue {
        try exchange("GET", "/_state")
    }

    /// The CPU time it has used, in seconds.
    package func processorSeconds() throws -> Double {
        try exchange("GET", "/_cpu")["seconds"]?.double ?? 0
    }

    private func exchange(_ method: String, _ path: String, _ body: String = "") throws -> JSONValue {
        let answer = try LoopbackRequest.send(method, path, body: Array(body.utf8), port: controlPort)
        guard answer.status == 200 else {
            throw FakeAPIServerError.refused(path: path, reason: String(decoding: answer.body, as: UTF8.self))
        }
        return try JSONValue(parsing: answer.body)
    }
}

/// Why a fake API server could not be used.
package enum FakeAPIServerError: Error, CustomStringConvertible {
    /// It ended, or wrote something else, before it said where it listens.
    case notReady(line: String)
    /// It refused what `control` told it.
    case refused(path: String, reason: String)
    /// It failed by itself: what it wrote to standard error.
    case failed(String)

    package var description: String {
        switch self {
        case .notReady(let line): "the fake API server did not start: \(line)"
        case .refused(let path, let reason): "the fake API server refused \(path): \(reason)"
        case .failed(let text): "the fake API server failed: \(text)"
        }
    }
}

/// Runs a fake API server while `body` runs, and ends it on every way out.
///
/// - Throws: what `body` throws; else `FakeAPIServerError.failed` when the server wrote to standard error: what it does
///   not understand itself is no test's success.
package func withFakeAPIServer<Value>(
    _ options: FakeAPIServerOptions = FakeAPIServerOptions(),
    body: (FakeAPIServer) async throws -> Value
) async throws -> Value {
    let arguments = [Repository.path("Tests/FakeAPIServer")] + options.arguments + (options.tls?.arguments ?? [])
    var outcome: Result<Value, any Error>?
    let finished = try await Subprocess.run(
        commandConfiguration("python3", arguments, .inherited, nil),
        input: .inputWriter,
        output: .sequence,
        error: .bytes(limit: 1 << 20)
    ) { execution in
        do {
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            let ready = try await lines.next() ?? ""
            outcome = .success(try await body(try FakeAPIServer(ready: ready, isTLS: options.tls != nil)))
        } catch {
            outcome = .failure(error)
        }
        // Its input's end is its end.
        try? await execution.standardInputWriter.finish()
        await execution.teardown(using: [
            .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: .seconds(1)),
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1)),
        ])
    }
    let complaint = String(decoding: finished.standardError, as: UTF8.self)
    switch outcome {
    case .success(let value):
        guard complaint.isEmpty else { throw FakeAPIServerError.failed(complaint) }
        return value
    case .failure(FakeAPIServerError.notReady(let line)):
        throw FakeAPIServerError.notReady(line: line + complaint)
    case .failure(let error):
        throw error
    case nil:
        throw FakeAPIServerError.failed(complaint)
    }
}

extension FakeAPIServer {
    /// - Parameter ready: the line it prints when it listens, `{"port":1,"control":2}`.
    fileprivate init(ready: String, isTLS: Bool) throws(FakeAPIServerError) {
        guard let line = try? JSONValue(parsing: ready),
            let port = line["port"]?.integer.flatMap(UInt16.init(exactly:)),
            let controlPort = line["control"]?.integer.flatMap(UInt16.init(exactly:))
        else { throw .notReady(line: ready) }
        self.port = port
        self.controlPort = controlPort
        url = "\(isTLS ? "https" : "http")://127.0.0.1:\(port)"
    }
}
