import Kubeconfig
import Secrets
import Synchronization

/// Files, a clock and programs that exist only in memory. What is not there is missing; no program runs.
final class FakeWorld: Sendable {
    private let files: Mutex<[String: String]>
    private let time = Mutex<Int64>(1_800_000_000 * 1_000_000_000)
    private let count = Mutex(0)

    init(_ files: [String: String] = [:]) {
        self.files = Mutex(files)
    }

    /// How many programs were run.
    var runs: Int { count.withLock { $0 } }

    func write(_ text: String?, to path: String) { files.withLock { $0[path] = text } }

    func pass(seconds: Int64) { time.withLock { $0 += seconds * 1_000_000_000 } }

    /// The world, in which every path that ends in `.sh` is a program.
    func configuration(
        _ environment: [String: String] = [:],
        run: @escaping @Sendable (ProgramRun) async throws(ProgramTrouble) -> String = {
            _ async throws(ProgramTrouble) in throw .notStarted("no program runs here")
        }
    ) -> ConfigurationAccess {
        ConfigurationAccess(
            readFile: { path, limit throws(FileTrouble) in
                guard let text = self.files.withLock({ $0[path] }) else {
                    throw FileTrouble(isMissing: true, reason: "no such file or directory")
                }
                return Array(text.utf8)
            },
            kind: { path in
                path.hasSuffix(".sh") ? .executable : self.files.withLock { $0[path] == nil } ? nil : .file
            },
            environment: ["HOME": "/home/me"].merging(environment) { $1 },
            workingDirectory: "/work",
            clock: { self.time.withLock { $0 } },
            isStandardInputTerminal: { false },
            run: { program async throws(ProgramTrouble) in
                self.count.withLock { $0 += 1 }
                return ProgramResult(exitCode: 0, output: Secret(try await run(program)))
            }
        )
    }

    /// A kubeconfig of one user.
    static func kubeconfig(_ user: String, cluster: String = "server: 'https://api.test'") -> [String: String] {
        [
            "/home/me/.kube/config": """
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters: [{name: k, cluster: {\(cluster)}}]
            users: [{name: u, user: {\(user)}}]
            """
        ]
    }

    static let plugin = """
        exec: {command: /bin/p.sh, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, \
        args: [SECRET-argument], env: [{name: A, value: SECRET-variable}]}
        """

    /// What a plugin prints.
    static func credential(_ status: String) -> String {
        #"{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{\#(status)}}"#
    }
}
