import HTTPTransport
import JSONText
import KubernetesAPI
package import KubernetesClient

/// What runs left on a cluster that could not clean up after themselves.
package enum Leftovers {
    /// What was found of it.
    package struct Findings: Sendable {
        /// `pod ns/name` and `job ns/name` that were removed.
        package var removed: [String] = []
        /// Those of runs that seem to be under way.
        package var live: [String] = []
        /// Those that could not be removed, with the reason.
        package var failed: [String] = []
    }

    /// An object to be looked at: where it is, and what it is called.
    private struct Found {
        let kind: String
        let group: String
        let resource: String
        let namespace: String
        let name: String
        let path: String

        var text: String { "\(kind) \(namespace)/\(name)" }
    }

    /// Seconds by which clocks may be apart, beyond an object's own deadline.
    private static let slack: Int64 = 60
    /// Seconds, for a Job that has none of its own any more.
    private static let unknownDeadline: Int64 = 120

    /// Removes what runs left in a namespace, or in all.
    ///
    /// - Parameters:
    ///   - namespace: nil for all.
    ///   - clock: in nanoseconds since 1970; asked only where the API server's is not known, by which its objects' times are.
    ///   - includesLive: whether runs that may be under way are ended, too.
    /// - Throws: why the pods cannot be listed. Whoever may not list Jobs has made none.
    package static func sweep(
        _ namespace: String?,
        by client: ClusterClient,
        clock: () -> Int64,
        includesLive: Bool
    ) async throws(ClusterError) -> Findings {
        var findings = Findings()
        let jobs = try await listJobs(namespace, by: client)
        let now = client.lastServerDate.flatMap { HTTPDate.seconds(parsing: $0) }.map { $0 * 1_000_000_000 } ?? clock()
        for job in jobs {
            guard let name = job["metadata"]?["name"]?.text, let home = job["metadata"]?["namespace"]?.text else {
                continue
            }
            let found = Found(
                kind: "job", group: "batch", resource: "jobs", namespace: home, name: name,
                path: ObjectPath.job(name, in: home))
            if includesLive || isOver(job: job, now: now) {
                await remove(found, AnchorJob.deletion, by: client, &findings)
            } else {
                findings.live.append(found.text)
            }
        }
        for pod in try await list(ObjectPath.pods(in: namespace), "pods", "", namespace, by: client) {
            guard let state = PodState(pod), !state.isDeleted else { continue }
            let isOwned = !(pod["metadata"]?["ownerReferences"]?.elements.isEmpty ?? true)
            let found = Found(
                kind: "pod", group: "", resource: "pods", namespace: state.namespace, name: state.name,
                path: ObjectPath.pod(state.name, in: state.namespace))
            guard includesLive || isOver(state, isOwned: isOwned, now: now) else {
                findings.live.append(found.text)
                continue
            }
            let options: JSONTree = [
                "apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 1,
                "preconditions": ["uid": .string(state.uid)],
            ]
            await remove(found, options, by: client, &findings)
        }
        return findings
    }

    /// Whether a Job's deadline passed, and the cluster did not remove it.
    private static func isOver(job: JSONTree, now: Int64) -> Bool {
        let conditions = job["status"]?["conditions"]?.elements ?? []
        if conditions.contains(where: { $0["type"]?.text == "Failed" && $0["status"]?.text == "True" }) { return true }
        let start = job["status"]?["startTime"]?.text ?? job["metadata"]?["creationTimestamp"]?.text
        guard let began = start.flatMap({ RFC3339.nanoseconds($0) }) else { return false }
        let deadline = job["spec"]?["activeDeadlineSeconds"]?.integer ?? unknownDeadline
        return now / 1_000_000_000 > began / 1_000_000_000 + deadline + slack
    }

    /// Whether a pod's run is over. One that is owned goes with its owner.
    private static func isOver(_ pod: PodState, isOwned: Bool, now: Int64) -> Bool {
        if !isOwned, pod.phase == "Succeeded" || pod.phase == "Failed" { return true }
        guard let created = pod.created else { return false }
        return now / 1_000_000_000 > created / 1_000_000_000 + (pod.deadline ?? 3600) + slack
    }

    private static func listJobs(
        _ namespace: String?,
        by client: ClusterClient
    ) async throws(ClusterError) -> [JSONTree] {
        do throws(ClusterError) {
            return try await list(ObjectPath.jobs(in: namespace), "jobs", "batch", namespace, by: client)
        } catch {
            guard error.status == 403 else { throw error }
            return []
        }
    }

    private static func list(
        _ path: String,
        _ resource: String,
        _ group: String,
        _ namespace: String?,
        by client: ClusterClient
    ) async throws(ClusterError) -> [JSONTree] {
        try await client.document(
            APICall(
                .get,
                path,
                query: [("labelSelector", RunIdentity.anySelector)],
                asked: ResourceAttributes(verb: "list", group: group, resource: resource, namespace: namespace ?? "")
            ))["items"]?.elements ?? []
    }

    private static func remove(
        _ found: Found,
        _ options: JSONTree,
        by client: ClusterClient,
        _ findings: inout Findings
    ) async {
        let asked = ResourceAttributes(
            verb: "delete", group: found.group, resource: found.resource, namespace: found.namespace)
        do throws(ClusterError) {
            _ = try await client.document(APICall(.delete, found.path, body: options, asked: asked))
            findings.removed.append(found.text)
        } catch {
            // Somebody else was faster, or another object has the name now.
            if error.status == 404 || error.status == 409 { return }
            findings.failed.append("\(found.text): \(error.summary)")
        }
    }
}
