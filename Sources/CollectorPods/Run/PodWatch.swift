import HTTPTransport
import JSONText
import KubernetesAPI
import KubernetesClient

/// Follows the pods of one run, with one watch.
struct PodWatch: Sendable {
    let client: ClusterClient
    let namespace: String
    let selector: String
    let tracker: PodTracker

    /// Follows until the task is cancelled. A watch that breaks off is begun anew from a list.
    func follow(from first: String) async {
        var version = first
        while !Task.isCancelled {
            let isExpired = await watch(from: &version)
            if Task.isCancelled { return }
            guard (try? await Task.sleep(for: .milliseconds(300))) != nil else { return }
            if isExpired || version.isEmpty { version = (try? await list()) ?? "" }
        }
    }

    /// Lists the pods.
    ///
    /// - Returns: the resourceVersion from which a watch goes on.
    func list() async throws(ClusterError) -> String {
        let answer = try await client.document(
            APICall(
                .get,
                ObjectPath.pods(in: namespace),
                query: [("labelSelector", selector)],
                asked: ResourceAttributes(verb: "list", resource: "pods", namespace: namespace)
            )
        )
        var names: Set<String> = []
        for item in answer["items"]?.elements ?? [] {
            guard let state = PodState(item) else { continue }
            names.insert(state.name)
            await tracker.take(state, isRemoved: false)
        }
        await tracker.keepOnly(names)
        return answer["metadata"]?["resourceVersion"]?.text ?? ""
    }

    /// - Returns: whether the server no longer knows that moment.
    private func watch(from version: inout String) async -> Bool {
        let call = APICall(
            .get,
            ObjectPath.pods(in: namespace),
            query: [
                ("labelSelector", selector), ("watch", "true"), ("resourceVersion", version),
                ("allowWatchBookmarks", "true"), ("timeoutSeconds", "300"),
            ],
            deadlines: HTTPDeadlines(head: .seconds(65)),
            isStream: true
        )
        do {
            let response = try await client.send(call)
            var lines = JSONLines()
            var pieces = response.body.makeAsyncIterator()
            while let piece = try await pieces.next() {
                for line in lines.append(piece) {
                    guard let event = try? JSONTree(line), let object = event["object"] else { continue }
                    if event["type"]?.text == "ERROR" { return true }
                    if let reached = object["metadata"]?["resourceVersion"]?.text { version = reached }
                    guard event["type"]?.text != "BOOKMARK", let state = PodState(object) else { continue }
                    await tracker.take(state, isRemoved: event["type"]?.text == "DELETED")
                }
            }
            return false
        } catch {
            return (error as? ClusterError)?.status == 410
        }
    }
}

/// Cuts a stream into lines.
struct JSONLines {
    private var rest: [UInt8] = []
    /// A line that is longer is no object of ours.
    private static let longest = 4 << 20

    mutating func append(_ bytes: [UInt8]) -> [[UInt8]] {
        rest += bytes
        var lines: [[UInt8]] = []
        var start = 0
        while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if end > start { lines.append(Array(rest[start..<end])) }
            start = end + 1
        }
        rest.removeFirst(start)
        if rest.count > Self.longest { rest = [] }
        return lines
    }
}
