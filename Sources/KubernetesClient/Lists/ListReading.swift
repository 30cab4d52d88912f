import HTTPTransport
import Inventory

/// Lists one kind of objects, page by page.
struct ListReading: Sendable {
    let client: ClusterClient
    let resource: InventoryResource
    /// Objects a page; nil for one page, from what the server has in memory.
    let pageSize: Int?

    /// How a list ended.
    struct Result: Sendable {
        var metadata: ListMetadata
        /// Of the groups of the resource the one that the server has.
        var group: String
        /// What could not be read of it, in words.
        var problems: [String] = []
    }

    /// Where the watch goes on, and how its answers are written.
    static let metadataParameters = "as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"

    /// The media types of a list or a watch.
    static func accept(metadataOnly: Bool, isWatch: Bool, allowsProtobuf: Bool) -> String {
        guard metadataOnly else {
            return allowsProtobuf ? "\(APIEncoding.protobufMediaType),application/json" : "application/json"
        }
        let form = isWatch ? "as=PartialObjectMetadata;g=meta.k8s.io;v=v1" : metadataParameters
        let protobuf = allowsProtobuf ? "\(APIEncoding.protobufMediaType);\(form)," : ""
        return "\(protobuf)application/json;\(form),application/json"
    }

    /// - Parameter take: takes the objects of a piece of the list; the next piece waits for it.
    func read(_ take: @Sendable ([InventoryItem]) async -> Void) async throws(ClusterError) -> Result {
        var last: ClusterError?
        for group in resource.groups {
            do throws(ClusterError) {
                return try await read(group, take)
            } catch {
                // A server that does not know the group or the version has an older one, perhaps.
                guard error.status == 404 else { throw error }
                last = error
            }
        }
        throw last ?? .unreadable("\(resource.resource): no version of the API is known")
    }

    private func read(
        _ group: String,
        _ take: @Sendable ([InventoryItem]) async -> Void
    ) async throws(ClusterError) -> Result {
        var result = Result(metadata: ListMetadata(), group: group)
        var token = ""
        var paged = pageSize
        var hasRestarted = false
        var hasBrokenOff = false
        var allowsProtobuf = !group.hasSuffix("v1beta1")
        while true {
            do throws(ClusterError) {
                let page = try await page(group, token: token, limit: paged, allowsProtobuf: allowsProtobuf, take)
                // All pages are of the moment of the first.
                if result.metadata.resourceVersion.isEmpty || token.isEmpty {
                    result.metadata.resourceVersion = page.metadata.resourceVersion
                }
                result.problems += page.problems
                token = page.metadata.continueToken
                if token.isEmpty { return result }
            } catch {
                if error.isBrokenOff, !hasBrokenOff {
                    // The same page once more: objects that came of it already are known by their UID.
                    hasBrokenOff = true
                    continue
                }
                switch error.status {
                case 406 where allowsProtobuf: allowsProtobuf = false
                case 410 where !hasRestarted:
                    // What was listed so far has been compacted away: all of it again, in one page.
                    hasRestarted = true
                    token = ""
                    paged = nil
                default: throw error
                }
            }
        }
    }

    private func page(
        _ group: String,
        token: String,
        limit: Int?,
        allowsProtobuf: Bool,
        _ take: @Sendable ([InventoryItem]) async -> Void
    ) async throws(ClusterError) -> Result {
        var query: [(String, String)] = []
        if let limit { query.append(("limit", String(limit))) } else { query.append(("resourceVersion", "0")) }
        if !token.isEmpty { query.append(("continue", token)) }
        let call = APICall(
            .get,
            resource.path(group),
            query: query,
            accept: Self.accept(
                metadataOnly: resource.isMetadataOnly, isWatch: false, allowsProtobuf: allowsProtobuf),
            asked: resource.attributes("list")
        )
        let response = try await client.send(call)
        guard let encoding = APIEncoding(contentType: response.fields["Content-Type"] ?? "") else {
            throw .unreadable(
                "\(client.place): the list of \(resource.resource) is of the type '\(response.fields["Content-Type"] ?? "")'; something other than an API server may have answered"
            )
        }
        var decoder = ListDecoder(encoding, of: resource.kind, details: resource.details)
        var items: [InventoryItem] = []
        do {
            var pieces = response.body.makeAsyncIterator()
            while let piece = try await pieces.next() {
                try decoder.append(piece.span) { items.append($0) }
                if !items.isEmpty {
                    await take(items)
                    items.removeAll(keepingCapacity: true)
                }
            }
            let metadata = try decoder.finish()
            return Result(metadata: metadata, group: group, problems: decoder.problems.map { "\($0)" })
        } catch let error as HTTPError {
            throw .transport(error)
        } catch let error as StreamError {
            throw failure(error, call)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private func failure(_ error: StreamError, _ call: APICall) -> ClusterError {
        .unreadable("\(client.place): the list of \(resource.resource): \(error)")
    }
}
