import ArgumentParser
import Kubeconfig
import NetvizCommands
import TestSupport

/// A folder with a kubeconfig, and the two who read it: kubectl and this package, with the same flags and environment.
struct Judge {
    let folder: String
    private let environment: [String: String]

    init(_ folder: String, environment: [String: String] = [:]) {
        self.folder = folder
        self.environment = ["HOME": folder, "PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    }

    /// kubectl with its standard input empty.
    func kubectl(_ arguments: [String]) async throws -> CommandResult {
        try await run(
            "kubectl", arguments, environment: .only(environment), workingDirectory: folder, timeout: .seconds(120))
    }

    /// The built program, with its standard input empty too.
    func netviz(_ arguments: [String]) async throws -> CommandResult {
        try await run(
            try BuiltExecutable.kubectlNetviz(), arguments, environment: .only(environment), workingDirectory: folder,
            timeout: .seconds(120))
    }

    /// What this package makes of the same flags and environment.
    func access(_ flags: [String]) throws -> (ClusterAccess, ConfigurationAccess) {
        let overrides = try ConnectionOptions.parse(PflagSpelling.normalized(flags)).overrides()
        var configuration = ConfigurationAccess.system()
        configuration.environment = environment
        // Tests share one working directory, so that the folder is put before what is relative.
        let (folder, readFile, kind) = (folder, configuration.readFile, configuration.kind)
        let inFolder: @Sendable (String) -> String = { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
        configuration.workingDirectory = folder
        configuration.readFile = { path, limit throws(FileTrouble) in try readFile(inFolder(path), limit) }
        configuration.kind = { kind(inFolder($0)) }
        configuration.isStandardInputTerminal = { false }
        return (try ClusterAccess.load(overrides, with: configuration), configuration)
    }

    /// kubectl's messages without what it puts before them.
    static func messages(_ errorText: String) -> [String] {
        var text = errorText
        for prefix in [
            "error: ", "Error in configuration: \n", "Error in configuration: ", "Unable to connect to the server: ",
        ]
        where text.hasPrefix(prefix) {
            text.removeFirst(prefix.count)
            break
        }
        let lines = text.split(separator: "\n")
        return lines.map { String($0.hasPrefix("* ") ? $0.dropFirst(2) : $0) }
    }
}

/// What is wrong with a kubeconfig that has no server.
struct KubeconfigProblem: Error {
    /// Whether the file cannot be understood; otherwise there is only nothing to connect to in it.
    let isAboutFile: Bool

    static func of(_ path: String, _ folder: String) throws {
        do {
            _ = try Judge(folder).access(["--kubeconfig", path])
        } catch let error as KubeconfigError {
            throw KubeconfigProblem(isAboutFile: error.code == .file)
        }
    }
}
