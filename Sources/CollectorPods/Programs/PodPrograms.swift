import KubernetesAPI
package import KubernetesClient
import Synchronization
package import TextCollector

/// Programs of a collector pod's image, run on its node by exec.
package struct PodPrograms: NodePrograms {
    private let client: ClusterClient
    private let pod: WatchedPod

    /// - Parameter run: whose the collector is; it knows what became of the pod.
    package init(_ collector: RunningCollector, of run: CollectorRun, by client: ClusterClient) {
        self.client = client
        pod = WatchedPod(collector: collector, run: run)
    }

    package func start(_ command: [String]) async throws -> any RunningProgram {
        let request = ExecRequest(
            namespace: pod.collector.namespace,
            pod: pod.collector.pod,
            container: CollectorPod.container,
            node: pod.collector.node,
            command: command
        )
        if let trouble = await pod.trouble { throw trouble }
        // Only a program that never ends by itself is silent for long; the others must not be disturbed as they end.
        let isStream = command.contains("-E")
        do throws(ExecFailure) {
            return PodProgram(try await client.exec(request, sendsPings: isStream), command.first ?? "", pod)
        } catch {
            if error.mayBeOfPod, let trouble = await pod.awaitTrouble(unless: { false }) { throw trouble }
            throw ProgramTrouble.of(error, command.first ?? "")
        }
    }
}

/// A pod, and what its run's watch tells of its end.
private struct WatchedPod: Sendable {
    let collector: RunningCollector
    let run: CollectorRun

    /// How long a session that ended waits for the watch to say why: the kubelet tells the API server of what it did to a
    /// pod within a second.
    private static let patience = 15
    private static let step = Duration.milliseconds(100)

    /// Why the pod runs no more; nil while nobody said so.
    var trouble: ProgramTrouble? {
        get async { await run.failure(of: collector).map { ProgramTrouble(description: $0.ending) } }
    }

    /// The same, which may be told a moment after its consequences.
    ///
    /// - Parameter isUnwanted: whether nobody waits for the answer any more.
    func awaitTrouble(unless isUnwanted: () -> Bool) async -> ProgramTrouble? {
        for _ in 0..<Self.patience {
            if let trouble = await trouble { return trouble }
            guard !isUnwanted(), (try? await Task.sleep(for: Self.step)) != nil else { return nil }
        }
        return await trouble
    }
}

extension ExecFailure {
    /// Whether a pod that ended may be the reason.
    fileprivate var mayBeOfPod: Bool {
        if case .result(let result) = self { result.mayBeOfPod } else { false }
    }
}

extension ExecResult {
    /// Whether a pod that ended may be the reason. Sessions end as if the program had been killed, whatever ended the pod.
    fileprivate var mayBeOfPod: Bool {
        switch self {
        case .lost: true
        case .exited(let code): code == 128 + 9 || code == 128 + 15
        case .refused(let refusal):
            switch refusal.kind {
            case .containerNotFound, .podNotFound: true
            default: false
            }
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
            let remedy = refusal.remedy.map { "; " + inOneLine($0) } ?? ""
            let text = inOneLine("\(refusal)")
            // kubectl's own prefix has no place within a sentence.
            let reason = text.hasPrefix("error: ") ? String(text.dropFirst(7)) : text
            return ProgramTrouble(description: reason + remedy)
        case .lost(let loss): return ProgramTrouble(description: "\(loss)")
        case .exited(let code): return ProgramTrouble(description: "exit code \(code)")
        }
    }

    /// What is said of a node is said in a line.
    private static func inOneLine(_ text: String) -> String {
        text.split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
    }
}

/// One program that runs.
private final class PodProgram: RunningProgram {
    private let exec: RunningExec
    private let name: String
    private let pod: WatchedPod
    private let isClosed = Atomic(false)

    init(_ exec: RunningExec, _ name: String, _ pod: WatchedPod) {
        self.exec = exec
        self.name = name
        self.pod = pod
    }

    func next() async throws -> ProgramOutput? {
        switch await exec.next() {
        case .stdout(let bytes): return .standardOutput(bytes)
        case .stderr(let bytes): return .standardError(bytes)
        case .ended(.exited(let code)) where !ExecResult.exited(code: code).mayBeOfPod: return .ended(code: code)
        case .ended(let result): return try await end(result)
        case nil: return nil
        }
    }

    /// What is made of an end that may have a reason elsewhere. It waits in a frame of its own, which a program that runs
    /// has no need of.
    @inline(never)
    private func end(_ result: ExecResult) async throws -> ProgramOutput {
        if result.mayBeOfPod, let trouble = await pod.awaitTrouble(unless: { isClosed.load(ordering: .relaxed) }) {
            throw trouble
        }
        if case .exited(let code) = result { return .ended(code: code) }
        throw ProgramTrouble.of(result, name)
    }

    func close() async {
        isClosed.store(true, ordering: .relaxed)
        await exec.close()
    }
}
