import TestSupport
import Testing

/// A program of this folder that serves on a loopback port of its own, and notes what happens.
struct TestServer: Sendable {
    let folder: String
    let port: UInt16

    /// What happened so far.
    func events() -> [String] {
        let text = (try? readText(folder + "/events")) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Waits for an event that satisfies the condition, five seconds at most.
    func expectEvent(
        sourceLocation: SourceLocation = #_sourceLocation,
        _ isWanted: (String) -> Bool
    ) async throws {
        try await expectLine(events, sourceLocation, isWanted)
    }
}

/// Waits until one of the lines satisfies the condition; a test fails where none does for five seconds.
func expectLine(
    _ lines: () -> [String],
    _ sourceLocation: SourceLocation,
    _ isWanted: (String) -> Bool
) async throws {
    for _ in 0..<500 {
        if lines().contains(where: isWanted) { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("not within five seconds: \(lines())", sourceLocation: sourceLocation)
}

/// Serves with server.py while `body` runs, over TLS where a certificate's name is given.
func withServer<Value>(
    certificate: String? = nil,
    _ body: (TestServer) async throws -> Value
) async throws -> Value {
    try await withProgram("server.py", try await tlsArguments(certificate), body)
}

/// Runs proxy.py while `body` runs; it knows `target` as a name of this machine. Clients speak TLS with it where a
/// certificate's name is given.
func withProxy<Value>(
    target: String = "api.example",
    credentials: [String] = [],
    certificate: String? = nil,
    _ body: (TestServer) async throws -> Value
) async throws -> Value {
    try await withProgram("proxy.py", [target] + credentials + tlsArguments(certificate), body)
}

private func tlsArguments(_ certificate: String?) async throws -> [String] {
    guard let certificate else { return [] }
    let folder = try await Certificates.shared().folder
    return ["--tls", "\(folder)/\(certificate).pem", "\(folder)/\(certificate).key"]
}

private func withProgram<Value>(
    _ name: String,
    _ arguments: [String],
    _ body: (TestServer) async throws -> Value
) async throws -> Value {
    try await withTemporaryDirectory { folder in
        let program = Repository.path("Tests/HTTPTransportTests/Programs/" + name)
        return try await withBackgroundCommand("python3", [program, folder] + arguments) { _ in
            try await body(TestServer(folder: folder, port: try await port(in: folder)))
        }.value
    }
}

private func port(in folder: String) async throws -> UInt16 {
    for _ in 0..<1000 {
        if let port = UInt16((try? readText(folder + "/port")) ?? "") { return port }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw NotServing()
}

/// A server did not begin to serve in time.
struct NotServing: Error {}
