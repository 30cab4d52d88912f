import JSONText
import KubernetesClient

extension ClusterClient {
    /// How long an answer is waited for when the run ends meanwhile: an API server takes milliseconds, and what it made
    /// without telling nobody would remove.
    private static let patience = Duration.seconds(3)

    /// Sends the request that creates an object. It is not broken off when the task is cancelled, so that what was made is
    /// known.
    func creation(_ call: APICall) async throws(ClusterError) -> JSONTree {
        // Nothing is begun that is to be removed at once.
        guard !Task.isCancelled else { return try await document(call) }
        let request = Task { await outcome(of: call) }
        let answer = await withTaskCancellationHandler {
            await request.value
        } onCancel: {
            Task {
                try? await Task.sleep(for: Self.patience)
                request.cancel()
            }
        }
        return try answer.get()
    }

    private func outcome(of call: APICall) async -> Result<JSONTree, ClusterError> {
        do throws(ClusterError) {
            return .success(try await document(call))
        } catch {
            return .failure(error)
        }
    }
}
