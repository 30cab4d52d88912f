import HTTPTransport
import Inventory

/// Follows one kind of objects from a list on, and lists it anew where the server no longer knows that moment.
struct WatchFollowing: Sendable {
    let client: ClusterClient
    let resource: InventoryResource
    let group: String

    /// How a watch ended.
    enum End: Sendable {
        /// In order, or broken off: it goes on from the last resourceVersion.
        case over
        /// What happened since is no longer known.
        case expired
        /// The server does not let it be watched.
        case refused(ClusterError)
    }

    /// Seconds after which the server ends a watch by itself.
    private static let longest = 300

    /// Follows until the watch ends or the task is cancelled.
    ///
    /// - Parameters:
    ///   - resourceVersion: of a list or a watch's last event.
    ///   - take: takes events as they come.
    func follow(from resourceVersion: String, _ take: @Sendable ([WatchEvent]) async -> Void) async -> End {
        let call = APICall(
            .get,
            resource.path(group),
            query: [
                ("watch", "true"), ("resourceVersion", resourceVersion), ("allowWatchBookmarks", "true"),
                ("timeoutSeconds", String(Self.longest)),
            ],
            accept: ListReading.accept(
                metadataOnly: resource.isMetadataOnly, isWatch: true, allowsProtobuf: !group.hasSuffix("v1beta1")),
            deadlines: HTTPDeadlines(head: .seconds(65)),
            isStream: true,
            asked: resource.attributes("watch")
        )
        do {
            let response = try await client.send(call)
            let type = response.fields["Content-Type"] ?? ""
            guard let encoding = APIEncoding(contentType: type) else { return .over }
            var decoder = WatchDecoder(encoding, of: resource.kind, details: resource.details)
            var events: [WatchEvent] = []
            var isExpired = false
            var pieces = response.body.makeAsyncIterator()
            while let piece = try await pieces.next() {
                try decoder.append(piece.span) { event in
                    if case .error(let status) = event {
                        isExpired = isExpired || status.isExpired || status.code >= 500
                    } else {
                        events.append(event)
                    }
                }
                if !events.isEmpty {
                    await take(events)
                    events.removeAll(keepingCapacity: true)
                }
                if isExpired { return .expired }
            }
            return .over
        } catch let error as ClusterError {
            switch error.status {
            case 410: return .expired
            case 403, 404, 405: return .refused(error)
            default: return .over
            }
        } catch {
            return .over
        }
    }
}
