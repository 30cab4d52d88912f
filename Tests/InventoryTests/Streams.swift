import Inventory
import TestSupport

/// All that a list held.
struct DecodedList {
    var items: [InventoryItem] = []
    var objects = InventoryObjects()
    var metadata = ListMetadata()
    var problems: [String] = []
    var error: StreamError?
}

/// Decodes a list that comes in chunks of a length.
func decodeList(
    _ body: [UInt8],
    _ encoding: APIEncoding,
    _ kind: ObjectKind,
    details: InventoryItem.Details = [],
    chunk: Int = 1 << 14
) -> DecodedList {
    var list = DecodedList()
    var decoder = ListDecoder(encoding, of: kind, details: details)
    var store = InventoryStore()
    let scope = InventoryStore.Scope(kind)
    store.beginList(of: scope)
    do throws(StreamError) {
        for start in stride(from: 0, to: body.count, by: chunk) {
            let end = min(start + chunk, body.count)
            try decoder.append(body.span.extracting(start..<end)) { list.items.append($0) }
        }
        list.metadata = try decoder.finish()
    } catch {
        list.error = error
    }
    for item in list.items { store.add(item, at: seconds(0)) }
    list.objects = store.objects(during: seconds(0)...seconds(2_000_000_000))
    list.problems = decoder.problems.map { "\($0)" }
    return list
}

/// All that a watch told.
struct DecodedWatch {
    var events: [WatchEvent] = []
    var problems: [String] = []
    var error: StreamError?

    /// "ADDED ns/name version", "BOOKMARK version", …
    var summaries: [String] { events.map { $0.summary } }
}

/// Decodes a watch whose stream comes in chunks of a length.
func decodeWatch(
    _ stream: [UInt8],
    _ encoding: APIEncoding,
    _ kind: ObjectKind,
    chunk: Int = 1 << 14
) -> DecodedWatch {
    var watch = DecodedWatch()
    var decoder = WatchDecoder(encoding, of: kind)
    do throws(StreamError) {
        for start in stride(from: 0, to: stream.count, by: chunk) {
            let end = min(start + chunk, stream.count)
            try decoder.append(stream.span.extracting(start..<end)) { watch.events.append($0) }
        }
        try decoder.finish()
    } catch {
        watch.error = error
    }
    watch.problems = decoder.problems.map { "\($0)" }
    return watch
}

extension WatchEvent {
    var summary: String {
        switch self {
        case .added(let item): "ADDED \(item.namespace)/\(item.name) \(item.resourceVersion)"
        case .modified(let item): "MODIFIED \(item.namespace)/\(item.name) \(item.resourceVersion)"
        case .deleted(let item): "DELETED \(item.namespace)/\(item.name) \(item.resourceVersion)"
        case .bookmark(let version, let isEnd): "BOOKMARK \(version)" + (isEnd ? " initial events end" : "")
        case .error(let status): "ERROR \(status.code) \(status.reason): \(status.message)"
        }
    }
}

/// A body, or a stream, that was recorded from the API server.
func recorded(_ path: String) throws -> [UInt8] { try testFile("Fixtures/api-1.36/\(path)") }

/// The body of a recorded exchange, which is its last line.
func recordedBody(_ path: String) throws -> [UInt8] {
    let lines = String(decoding: try recorded(path), as: UTF8.self).split(separator: "\n")
    return Array((lines.last ?? "").dropFirst(2).utf8)
}

/// A pod's JSON with no more than what a test is about.
func podText(
    _ name: String,
    uid: String,
    version: Int,
    ip: String = "10.244.0.7",
    start: String = "2026-11-23T03:00:00Z",
    phase: String = "Running",
    finished: String? = nil
) -> String {
    let statuses = finished.map { #","containerStatuses":[{"state":{"terminated":{"finishedAt":"\#($0)"}}}]"# } ?? ""
    return #"{"metadata":{"name":"\#(name)","namespace":"shop","uid":"\#(uid)","resourceVersion":"\#(version)"},"#
        + #""spec":{"nodeName":"n1"},"#
        + #""status":{"phase":"\#(phase)","podIP":"\#(ip)","startTime":"\#(start)"\#(statuses)}}"#
}
