extension NetworkLab {
    /// Runs a program on a host, `router` included, to its end.
    package func run(
        on host: String,
        _ executable: String,
        _ arguments: [String] = [],
        input: [UInt8] = [],
        timeout: Duration = .seconds(60)
    ) async throws -> CommandResult {
        try await TestSupport.run(
            "nsenter",
            entering(host, executable, arguments),
            input: input,
            environment: .lab,
            timeout: timeout
        )
    }

    /// Runs a program on a host and returns its standard output.
    /// - Throws: `CommandError.failed` when it ends otherwise than with exit code 0.
    package func runSuccessfully(
        on host: String,
        _ executable: String,
        _ arguments: [String] = [],
        input: [UInt8] = [],
        timeout: Duration = .seconds(60)
    ) async throws -> String {
        try await TestSupport.runSuccessfully(
            "nsenter",
            entering(host, executable, arguments),
            input: input,
            environment: .lab,
            timeout: timeout
        )
    }
}

/// A program that serves on a host of the lab.
package struct LabServer: Sendable {
    /// What tells that the server is ready.
    package enum Readiness: Sendable {
        /// A socket listens on this port (TCP), or is bound to it (UDP).
        case listening(LabService.Transport, UInt16)
        /// The program said so: standard output is not looked at, the file it makes is.
        case file(String)
    }

    package let host: String
    package let executable: String
    package let arguments: [String]
    package let readiness: Readiness

    package init(on host: String, _ executable: String, _ arguments: [String], readyWhen readiness: Readiness) {
        self.host = host
        self.executable = executable
        self.arguments = arguments
        self.readiness = readiness
    }
}

extension NetworkLab {
    /// Runs servers while `body` does; it begins when all of them listen.
    package func withServers<Value>(
        _ servers: some RandomAccessCollection<LabServer>,
        _ body: () async throws -> Value
    ) async throws -> Value {
        try await started(Array(servers)[...]) {
            for server in servers {
                try await waitUntilReady(server)
            }
            return try await body()
        }
    }

    /// Starts the first, and within its life the rest, so that the last started ends first.
    private func started<Value>(
        _ servers: ArraySlice<LabServer>,
        _ body: () async throws -> Value
    ) async throws -> Value {
        guard let server = servers.first else { return try await body() }
        return try await withBackgroundCommand(
            "nsenter",
            entering(server.host, server.executable, server.arguments),
            environment: .lab
        ) { _ in
            try await started(servers.dropFirst(), body)
        }.value
    }

    private func waitUntilReady(_ server: LabServer) async throws {
        let ready: () async throws -> Bool
        switch server.readiness {
        case .listening(let transport, let port):
            let options = transport == .udp ? "-Hlun" : "-Hltn"
            ready = {
                try await !runSuccessfully(on: server.host, "ss", [options, "sport = :\(port)"]).isEmpty
            }
        case .file(let path):
            ready = { fileExists(path) }
        }
        guard try await poll(ready) else {
            throw LabError.notListening("\(server.host): \(commandLine(server.executable, server.arguments))")
        }
    }

    /// Asks every 20 ms for at most 30 s.
    func poll(_ condition: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}
