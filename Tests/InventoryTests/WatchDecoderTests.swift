import Inventory
import NetModel
import TestSupport
import Testing

@Suite("A watch that arrives in chunks")
struct WatchDecoderTests {
    private static let serviceEvents = [
        "ADDED shop/backend 203", "ADDED shop/frontend 204", "BOOKMARK 229 initial events end",
        "ADDED shop/cart 233", "MODIFIED shop/cart 234", "DELETED shop/cart 235", "BOOKMARK 246", "BOOKMARK 254",
    ]

    @Test("Events of a recorded JSON stream, wherever it is cut", arguments: [1, 5, 100, 1 << 16])
    func recordedJSON(_ chunk: Int) throws {
        let watch = decodeWatch(
            try recorded("watch/watch-list-initial-events.jsonl"), .json, .service, chunk: chunk)
        #expect(watch.error == nil)
        #expect(watch.problems == [])
        #expect(
            Array(watch.summaries.prefix(8).map { $0.split(separator: " ")[0] })
                == Self.serviceEvents.map { $0.split(separator: " ")[0] })
        #expect(watch.summaries[2] == "BOOKMARK 229 initial events end")
        #expect(watch.summaries[5] == "DELETED shop/cart 235")
    }

    @Test("Events of a recorded protobuf stream, wherever it is cut", arguments: [1, 5, 100, 1 << 16])
    func recordedProtobuf(_ chunk: Int) throws {
        let watch = decodeWatch(
            try recorded("watch/watch-list-initial-events.protobuf.bin"), .protobuf, .service, chunk: chunk)
        #expect(watch.error == nil)
        #expect(watch.problems == [])
        #expect(
            watch.summaries == [
                "ADDED shop/backend 229", "ADDED shop/frontend 227", "BOOKMARK 236 initial events end",
            ])
    }

    @Test("An expired resourceVersion is an event with its Status, in both encodings")
    func expired() throws {
        let json = decodeWatch(try recorded("watch/watch-410-expired.jsonl"), .json, .pod)
        #expect(json.summaries == ["ERROR 410 Expired: too old resource version: 1 (2098)"])
        let protobuf = decodeWatch(try recorded("protobuf/watch-410.protobuf.bin"), .protobuf, .pod)
        #expect(
            protobuf.summaries == ["ERROR 410 Expired: The resourceVersion for the provided watch is too old."])
        guard case .error(let status) = protobuf.events[0] else { return }
        #expect(status.isExpired)
    }

    @Test("A watch that the server's etcd cannot serve ends with an error that is no expiry")
    func refused() throws {
        let watch = decodeWatch(try recorded("watch/watch-list-refused-old-etcd.jsonl"), .json, .service)
        guard case .error(let status) = try #require(watch.events.last) else {
            Issue.record("no error")
            return
        }
        #expect(status.code == 500)
        #expect(!status.isExpired)
    }

    @Test("A pod's life: it starts, gets its address, and ends with the time its container ended")
    func podLife() throws {
        let watch = decodeWatch(try recorded("watch/watch-pod-start.jsonl"), .json, .pod)
        #expect(watch.error == nil)
        #expect(watch.events.count == 9)
        guard case .added(let first) = watch.events[0], case .deleted(let last) = watch.events[8] else {
            Issue.record("\(watch.summaries)")
            return
        }
        #expect(first.pod?.addresses == [])
        #expect(last.pod?.addresses.count == 1)
        guard case .finished = last.pod?.end else {
            Issue.record("the end is not known")
            return
        }
    }

    @Test("The same pod's life as protobuf tells the same")
    func podLifeAsProtobuf() throws {
        let text = try recorded("watch/watch-pod-start.jsonl")
        let json = decodeWatch(text, .json, .pod)
        var stream: [UInt8] = []
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let event = try JSONValue(parsing: String(line))
            let object = ProtobufEncoder.withHandlers(try #require(event["object"]))
            stream += ProtobufEncoder.event(
                try #require(event["type"]?.string), kind: "Pod", apiVersion: "v1", object)
        }
        let protobuf = decodeWatch(stream, .protobuf, .pod, chunk: 333)
        #expect(protobuf.summaries == json.summaries)
        #expect(protobuf.events.map(\.pod) == json.events.map(\.pod))
    }

    @Test("A stream may end between two events, and not within one")
    func ends() throws {
        let json = try recorded("watch/watch-bookmarks-etcd36.jsonl")
        #expect(decodeWatch(Array(json.dropLast()), .json, .service).error == nil)
        #expect(decodeWatch(Array(json.dropLast(5)), .json, .service).error == .truncated(offset: json.count - 5))
        let protobuf = try recorded("watch/watch-list-initial-events.protobuf.bin")
        for length in 1..<4 {
            #expect(decodeWatch(Array(protobuf.prefix(length)), .protobuf, .service).error == .truncated(offset: 0))
        }
        #expect(decodeWatch([], .protobuf, .service).error == nil)
        #expect(decodeWatch([], .json, .service).error == nil)
    }

    @Test("An event that cannot be used is told of, and the watch goes on")
    func unusableEvents() {
        let bookmark = ProtobufEncoder.frame(
            ProtobufEncoder.field(1, Array("BOOKMARK".utf8))
                + ProtobufEncoder.field(
                    2,
                    ProtobufEncoder.field(1, ProtobufEncoder.envelope(kind: "Pod", apiVersion: "v1", []))))
        let stream =
            ProtobufEncoder.frame([0x0B]) + ProtobufEncoder.frame(ProtobufEncoder.field(1, Array("PATCHED".utf8)))
            + ProtobufEncoder.event("ADDED", kind: "Node", apiVersion: "v1", ["metadata": ["name": "n1"]]) + bookmark
        let watch = decodeWatch(stream, .protobuf, .pod)
        #expect(watch.summaries == ["BOOKMARK "])
        #expect(
            watch.problems == [
                "Pod objects: byte 4: a Pod is not used: field 1 has wire type 3",
                "Pod objects: byte 9: a Pod is not used: an event of type 'PATCHED' is not known",
                "Pod objects: byte 22: a Pod is not used: it is a Node",
            ])
        let text =
            #"{"type":"NEW","object":{}}{"type":"ADDED","object":{}}{"object":{"metadata":{"resourceVersion":"3"}},"#
            + #""type":"BOOKMARK"}"#
        let json = decodeWatch(Array(text.utf8), .json, .pod)
        #expect(json.summaries == ["BOOKMARK 3"])
        #expect(json.problems.count == 2)
    }

    @Test("A frame that promises more than an event may have is passed over")
    func tooLarge() {
        let stream: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0A]
        let watch = decodeWatch(stream, .protobuf, .pod)
        #expect(watch.error == .truncated(offset: 5))
        #expect(watch.problems == ["Pod objects: byte 0: a Pod is not used: it has more than 8 MiB"])
    }
}

extension WatchEvent {
    var pod: Pod? {
        switch self {
        case .added(let item), .modified(let item), .deleted(let item): item.pod
        case .bookmark, .error: nil
        }
    }
}
