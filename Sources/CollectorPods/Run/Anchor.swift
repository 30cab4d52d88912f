import HTTPTransport
import JSONText
import KubernetesAPI
import KubernetesClient

/// The Job that a run's pods belong to, as it is on the cluster.
struct Anchor: Sendable {
    let name: String
    let uid: String
    let namespace: String

    /// Why there is none.
    enum Absence: Error, Sendable {
        case refused(ClusterError)
        /// Something on the cluster suspended it, so that its deadline does not run.
        case suspended
    }

    static func create(
        _ job: AnchorJob,
        in namespace: String,
        by client: ClusterClient
    ) async throws(Absence) -> Anchor {
        let answer: JSONTree
        do throws(ClusterError) {
            answer = try await client.creation(
                APICall(
                    .post,
                    ObjectPath.jobs(in: namespace),
                    query: [("fieldManager", "kubectl-netviz")],
                    body: job.document,
                    asked: ResourceAttributes(verb: "create", group: "batch", resource: "jobs", namespace: namespace),
                    // By its name, which no other run has, there is no second one.
                    isIdempotent: true
                )
            )
        } catch {
            // Where an answer was lost and the creation tried again it is there already.
            guard error.status == 409, let found = await existing(job, in: namespace, by: client) else {
                throw .refused(error)
            }
            answer = found
        }
        let anchor = Anchor(
            name: job.run.anchorName, uid: answer["metadata"]?["uid"]?.text ?? "", namespace: namespace)
        guard !anchor.uid.isEmpty, answer["spec"]?["suspend"]?.boolean != true else {
            try? await anchor.remove(by: client)
            throw .suspended
        }
        return anchor
    }

    private static func existing(_ job: AnchorJob, in namespace: String, by client: ClusterClient) async -> JSONTree? {
        let name = job.run.anchorName
        let call = APICall(
            .get,
            ObjectPath.job(name, in: namespace),
            asked: ResourceAttributes(verb: "get", group: "batch", resource: "jobs", namespace: namespace, name: name)
        )
        guard let answer = try? await client.document(call),
            answer["metadata"]?["labels"]?[RunIdentity.runLabel]?.text == job.run.id
        else { return nil }
        return answer
    }

    /// Moves its deadline, since the run lives.
    ///
    /// - Parameter deadline: seconds since it began.
    func postpone(to deadline: Int64, by client: ClusterClient) async throws(ClusterError) {
        _ = try await patch(AnchorJob.postponement(to: deadline), by: client)
    }

    /// - Returns: false where it does not run, so that the deadline means nothing.
    func begins(by client: ClusterClient) async throws(ClusterError) -> Bool {
        // A change of nothing is a look that needs no other permission.
        let answer = try await patch([:], by: client)
        return answer["status"]?["startTime"]?.text != nil && answer["spec"]?["suspend"]?.boolean != true
    }

    /// Makes it ask for the one pod without which controllers before Kubernetes 1.22 do not let it begin.
    func awaken(by client: ClusterClient) async throws(ClusterError) {
        _ = try await patch(["spec": ["parallelism": 1]], by: client)
    }

    private func patch(_ change: JSONTree, by client: ClusterClient) async throws(ClusterError) -> JSONTree {
        try await client.document(
            APICall(
                .patch,
                ObjectPath.job(name, in: namespace),
                query: [("fieldManager", "kubectl-netviz")],
                body: change,
                contentType: "application/merge-patch+json",
                asked: ResourceAttributes(verb: "patch", group: "batch", resource: "jobs", namespace: namespace)
            )
        )
    }

    /// Removes it, and with it all that it owns.
    func remove(by client: ClusterClient) async throws(ClusterError) {
        do throws(ClusterError) {
            _ = try await client.document(
                APICall(
                    .delete,
                    ObjectPath.job(name, in: namespace),
                    body: AnchorJob.deletion,
                    asked: ResourceAttributes(verb: "delete", group: "batch", resource: "jobs", namespace: namespace)
                )
            )
        } catch {
            guard error.status == 404 else { throw error }
        }
    }
}
