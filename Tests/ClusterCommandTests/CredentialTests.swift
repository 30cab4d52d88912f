import TestSupport
import Testing

@Suite("Credentials of a run")
struct CredentialTests {
    /// Writes a credential plugin that gives `token-1`, then `token-2` and so on, and counts its runs in the file `runs`.
    private func writePlugin(_ folder: String) async throws {
        let path = folder + "/plugin"
        try writeFile(
            """
            #!/bin/sh
            echo run >> \(folder)/runs
            n=$(wc -l < \(folder)/runs)
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"token-'$n'"}}'

            """.utf8, to: path)
        _ = try await runSuccessfully("chmod", ["755", path])
    }

    private static let plugin = [
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}"
    ]

    @Test("A plugin whose credential is refused is run once more, and no further")
    func pluginTwice() async throws {
        try await withSmallCluster(user: Self.plugin, usesTLS: true) { cluster in
            try await writePlugin(cluster.folder)
            try cluster.server.control(
                "access", #"{"tokens": {"token-2": {"username": "eve", "groups": ["system:masters"]}}}"#)

            let result = try await cluster.flows(["-v", "8"])

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(try readText(cluster.folder + "/runs") == "run\nrun\n")
            #expect(!result.errorText.contains("token-"))
            #expect(result.errorText.contains("401 in "))
        }
    }

    @Test("A plugin whose credential an exec refuses, because it has expired, is run once more")
    func pluginTwiceForExec() async throws {
        try await withSmallCluster(user: Self.plugin, usesTLS: true) { cluster in
            try await writePlugin(cluster.folder)
            try cluster.fault(
                #"{"path": "/exec$", "node": "n2", "query": "-L", "nth": 1}"#,
                #"{"recorded": "errors/401-bad-token.http"}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.errorText.hasPrefix("3 of 3 nodes, "))
            #expect(try readText(cluster.folder + "/runs") == "run\nrun\n")
        }
    }

    @Test("A credential that is refused for good ends the run, with what helps")
    func refusedForGood() async throws {
        try await withSmallCluster(user: Self.plugin, usesTLS: true) { cluster in
            try await writePlugin(cluster.folder)
            try cluster.server.control("access", #"{"tokens": {"other": {"username": "eve", "groups": []}}}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(5))
            #expect(result.output.isEmpty)
            #expect(
                result.errorLines == [
                    "error: You must be logged in to the server (Unauthorized)",
                    "Log in anew, and see that the context's user is the right one: kubectl config view --minify",
                ])
            #expect(try readText(cluster.folder + "/runs") == "run\nrun\n")
        }
    }

    @Test(
        "Tokens and passwords are in no output, however much is told",
        arguments: [["token: s3cr3t"], ["username: bob", "password: s3cr3t"]])
    func secrets(user: [String]) async throws {
        try await withSmallCluster(user: user, usesTLS: true) { cluster in
            let result = try await cluster.flows(["-v", "9"])
            #expect(result.status == .exited(0))
            #expect(!result.errorText.contains("s3cr3t"))
            #expect(!result.errorText.contains("Ym9iOnMzY3IzdA"))
            #expect(result.errorText.contains("GET https://127.0.0.1:\(cluster.server.port)/api/v1/nodes?limit=500 "))
            let authorization = try cluster.server.log().map { $0.header("Authorization") ?? "" }
            #expect(authorization.allSatisfy { $0.contains("sha256:") })
        }
    }
}
