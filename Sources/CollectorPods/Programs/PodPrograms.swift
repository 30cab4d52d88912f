import KubernetesAPI
package import KubernetesClient
package import TextCollector

/// Programs of a collector pod's image, run on its node by exec.
package struct PodPrograms: NodePrograms {
    private let client: ClusterClient
    private let collector: RunningCollector

    package init(_ collector: RunningCollector, by client: ClusterClient) {
        self.client = client
        self.collector = collector
    }

    package func start(_ command: [String]) async throws -> any RunningProgram {
        let request = ExecRequest(
            namespace: collector.namespace,
            pod: collector.pod,
            container: CollectorPod.container,
            node: collector.node,
            command: command
        )
        // Only a program that never ends by itself is silent for long; the others must not be disturbed as they end.
        let isStream = command.contains("-E")
        do throws(ExecFailure) {
            return PodProgram(try await client.exec(request, sendsPings: isStream), command.first ?? "")
        } catch {
            throw ProgramTrouble.of(error, command.first ?? "")
        }
    }
}

/// Why a program of a pod's image did not run, or not to its end.
package struct ProgramTrouble: Error, CustomStringConvertible {
    package let description: String

    /// What the caller is to be told of a failure.
    static func of(_ failure: ExecFailure, _ program: String) -> any Error {
        switch failure {
        case .cluster(let error): ProgramTrouble(description: error.summary)
        case .result(let result): of(result, program)
        }
    }

    static func of(_ result: ExecResult, _ program: String) -> any Error {
        switch result {
        case .refused(let refusal):
            if refusal.kind == .commandNotFound { return ProgramUnavailable(program: program) }
            let remedy = refusal.remedy.map { "; \($0)" } ?? ""
            let text = "\(refusal)"
            // kubectl's own prefix has no place within a sentence.
            let reason = text.hasPrefix("error: ") ? String(text.dropFirst(7)) : text
            return ProgramTrouble(description: reason + remedy)
        case .lost(let loss): return ProgramTrouble(description: "\(loss)")
        case .exited(let code): return ProgramTrouble(description: "exit code \(code)")
        }
    }
}

/// One program that runs.
private struct PodProgram: RunningProgram {
    private let exec: RunningExec
    private let name: String

    init(_ exec: RunningExec, _ name: String) {
        self.exec = exec
        self.name = name
    }

    func next() async throws -> ProgramOutput? {
        switch await exec.next() {
        case .stdout(let bytes): return .standardOutput(bytes)
        case .stderr(let bytes): return .standardError(bytes)
        case .ended(.exited(let code)): return .ended(code: code)
        case .ended(let result): throw ProgramTrouble.of(result, name)
        case nil: return nil
        }
    }

    func close() async {
        await exec.close()
    }
}
