import Inventory
import NetModel
import TestSupport
import Testing

@Suite("A list that arrives in chunks")
struct ListDecoderTests {
    private static let pairs: [(ObjectKind, String)] = [
        (.node, "nodes"), (.pod, "pods-shop"), (.service, "services-shop"), (.endpointSlice, "endpointslices-shop"),
        (.namespace, "namespaces"), (.replicaSet, "replicasets-shop.partialmetadata"),
    ]
    private static let details: InventoryItem.Details = [.nodeFacts, .nodeImages, .podImages]

    @Test("Protobuf and JSON of the same state give the same objects and the same details", arguments: pairs)
    func recordedPairs(_ kind: ObjectKind, _ name: String) throws {
        let json = decodeList(try recorded("protobuf/\(name).json"), .json, kind, details: Self.details)
        let protobuf = decodeList(
            try recorded("protobuf/\(name).protobuf.bin"), .protobuf, kind, details: Self.details)
        for list in [json, protobuf] {
            #expect(list.error == nil)
            #expect(list.problems == [])
            #expect(list.metadata == ListMetadata(resourceVersion: "1634"))
        }
        #expect(!json.items.isEmpty)
        expectSameItems(protobuf, json)
    }

    private func expectSameItems(_ left: DecodedList, _ right: DecodedList) {
        #expect(left.items.map(\.name) == right.items.map(\.name))
        #expect(left.items.map(\.resourceVersion) == right.items.map(\.resourceVersion))
        #expect(left.items.map(\.nodeFacts) == right.items.map(\.nodeFacts))
        #expect(left.items.map(\.podImages) == right.items.map(\.podImages))
        #expect(left.objects.nodes == right.objects.nodes)
        #expect(left.objects.pods == right.objects.pods)
        #expect(left.objects.services == right.objects.services)
        #expect(left.objects.endpointSlices == right.objects.endpointSlices)
        #expect(left.objects.controllers == right.objects.controllers)
        #expect(left.objects.namespaces == right.objects.namespaces)
    }

    @Test(
        "The recorded two-node cluster, encoded as protobuf, is the same as from kubectl",
        arguments: [
            ("nodes", "Node"), ("pods", "Pod"), ("services", "Service"), ("replicasets", "ReplicaSet"),
            ("namespaces", "Namespace"),
        ])
    func twoNodeCluster(_ file: String, _ kindName: String) throws {
        let kind = try #require(ObjectKind(rawValue: kindName))
        let text = try testFile("Fixtures/two-node-cluster/\(file).json")
        var reader = InventoryReader()
        reader.read(file, bytes: text)
        let items = try #require(try JSONValue(parsing: text)["items"]?.array).map(ProtobufEncoder.withHandlers)
        let body = ProtobufEncoder.list(of: kindName, apiVersion: "v1", items, resourceVersion: "7")
        let list = decodeList(body, .protobuf, kind)
        #expect(list.error == nil)
        #expect(list.problems == [])
        #expect(list.items.count == reader.objects.count)
        #expect(list.objects.nodes == reader.objects.nodes)
        #expect(list.objects.pods == reader.objects.pods)
        #expect(list.objects.services == reader.objects.services)
        #expect(list.objects.controllers == reader.objects.controllers)
        #expect(list.objects.namespaces == reader.objects.namespaces)
    }

    @Test("Every field of a pod, and the kinds of probes, are read from protobuf as from JSON")
    func everyPodField() throws {
        let text = """
            {"metadata":{"name":"web-0","namespace":"shop","uid":"b720be09-31c9-4c70-9b8d-05b62b305a19",
            "resourceVersion":"5","creationTimestamp":"2026-11-23T02:59:00Z","labels":{"app":"web","k8s-app":"x"},
            "ownerReferences":[{"kind":"Node","name":"n0","uid":"u-0"},
            {"kind":"StatefulSet","name":"web","uid":"u-1","controller":true}]},
            "spec":{"nodeName":"n1","hostNetwork":true,"initContainers":[{"name":"i","image":"init",
            "ports":[{"containerPort":1}]}],
            "containers":[{"name":"c","image":"registry.example.com/shop/web:1.20.3",
            "ports":[{"name":"http","containerPort":8080},{"containerPort":53,"protocol":"UDP","hostPort":53,
            "hostIP":"10.99.0.11"},{"containerPort":0}],
            "livenessProbe":{"httpGet":{"path":"/","port":"http","host":"10.99.0.12"},"periodSeconds":3},
            "readinessProbe":{"tcpSocket":{"port":81}},"startupProbe":{"grpc":{"port":82}}},
            {"name":"d","livenessProbe":{"exec":{"command":["true"]}}}]},
            "status":{"phase":"Failed","hostIP":"10.99.0.11","podIP":"10.244.0.7","startTime":"2026-11-23T03:00:00Z",
            "podIPs":[{"ip":"10.244.0.7"},{"ip":"fd00:244::7"}],
            "containerStatuses":[{"state":{"terminated":{"finishedAt":"2026-11-23T03:05:00Z"}}}],
            "initContainerStatuses":[{"state":{"terminated":{"finishedAt":"2026-11-23T03:01:00Z"}}}]}}
            """
        let list = #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":["# + text + "]}"
        let json = decodeList(Array(list.utf8), .json, .pod, details: .podImages)
        let item = ProtobufEncoder.withHandlers(try JSONValue(parsing: text))
        let body = ProtobufEncoder.list(of: "Pod", apiVersion: "v1", [item], resourceVersion: "9")
        let protobuf = decodeList(body, .protobuf, .pod, details: .podImages)
        expectSameItems(protobuf, json)
        let pod = try #require(protobuf.objects.pods.first)
        #expect(pod.uid == ObjectUID("b720be09-31c9-4c70-9b8d-05b62b305a19"))
        #expect(pod.owner == OwnerReference(kind: "StatefulSet", name: "web", uid: "u-1"))
        #expect(pod.ports.map(\.port) == [8080, 53, 1])
        #expect(
            pod.probes == [
                Pod.Probe(port: 8080, host: try address("10.99.0.12")), Pod.Probe(port: 81), Pod.Probe(port: 82),
            ])
        #expect(pod.end == .finished(Timestamp(seconds: 1_795_403_100)))
        #expect(
            protobuf.items.first?.podImages
                == PodImages(
                    namespace: "shop", name: "web-0", nodeName: "n1", phase: "Failed", application: "x",
                    images: ["registry.example.com/shop/web:1.20.3"]))
    }

    @Test("Where the body is cut into chunks changes nothing", arguments: [1, 2, 3, 7, 64, 1000])
    func chunks(_ length: Int) throws {
        for (kind, name) in Self.pairs {
            let json = try recorded("protobuf/\(name).json")
            let protobuf = try recorded("protobuf/\(name).protobuf.bin")
            let whole = decodeList(protobuf, .protobuf, kind)
            expectSameItems(decodeList(protobuf, .protobuf, kind, chunk: length), whole)
            expectSameItems(decodeList(json, .json, kind, chunk: length), whole)
        }
    }

    @Test("A body that is cut off gives what came, and says where it ends")
    func truncation() throws {
        let body = try recorded("protobuf/pods-shop.protobuf.bin")
        for length in stride(from: 0, to: body.count, by: 97) {
            let list = decodeList(Array(body.prefix(length)), .protobuf, .pod)
            #expect(list.error.map { if case .truncated = $0 { true } else { false } } == true)
            #expect(list.problems == [])
        }
        #expect(decodeList(Array(body.prefix(body.count - 10)), .protobuf, .pod).items.count == 3)
        let text = try recorded("protobuf/pods-shop.json")
        let list = decodeList(Array(text.prefix(text.count / 2)), .json, .pod)
        #expect(list.error == .truncated(offset: text.count / 2))
        #expect(list.items.count == 1)
    }

    @Test("Pages tell how to go on, and the last one that there is no more")
    func pages() throws {
        let first = decodeList(try recordedBody("list/list-continue-page1.http"), .json, .namespace)
        let second = decodeList(try recordedBody("list/list-continue-page2.http"), .json, .namespace)
        #expect(first.items.map(\.name) == ["default", "kube-node-lease"])
        #expect(first.metadata.remainingItemCount == 7)
        #expect(first.metadata.continueToken.hasPrefix("eyJ2IjoibWV0YS5rOHMuaW8vdjEi"))
        #expect(second.metadata.resourceVersion == first.metadata.resourceVersion)
    }

    @Test("A Status in place of a list is its error, as protobuf and as JSON")
    func status() throws {
        let notFound = decodeList(try recorded("protobuf/status-404.protobuf.bin"), .protobuf, .pod)
        guard case .status(let status) = notFound.error else {
            Issue.record("\(String(describing: notFound.error))")
            return
        }
        #expect(status.code == 404)
        #expect(status.reason == "NotFound")
        #expect(!status.isExpired)
        let expired = decodeList(try recordedBody("errors/410-expired-continue.http"), .json, .pod)
        guard case .status(let status) = expired.error else {
            Issue.record("\(String(describing: expired.error))")
            return
        }
        #expect(status.isExpired)
        #expect(status.continueToken.hasPrefix("eyJ2IjoibWV0YS5rOHMuaW8vdjEi"))
    }

    @Test("A list of another kind, and what is no list, is refused")
    func refused() throws {
        let nodes = try recorded("protobuf/nodes.protobuf.bin")
        #expect(
            decodeList(nodes, .protobuf, .pod).error == .unexpectedKind("NodeList", expected: "PodList"))
        #expect(
            decodeList(try recorded("protobuf/nodes.json"), .json, .pod).error
                == .unexpectedKind("NodeList", expected: "PodList"))
        let page = Array("<html>".utf8)
        #expect(
            decodeList(page, .protobuf, .pod).error
                == .malformed(offset: 0, "not the API server's protobuf, which begins with 'k8s'"))
        #expect(
            decodeList(page, .json, .pod).error == .malformed(offset: 0, "'<' where an object is expected"))
        #expect(decodeList(Array("{}".utf8), .json, .pod).error == .unexpectedKind("", expected: "PodList"))
        #expect(decodeList([], .json, .pod).error == .truncated(offset: 0))
    }

    @Test("An object that cannot be read is told of, and those around it are used")
    func unusableItems() throws {
        let good: JSONValue = ["metadata": ["name": "a", "namespace": "shop"]]
        let nameless: JSONValue = ["metadata": ["namespace": "shop"]]
        let port: JSONValue = [
            "metadata": ["name": "p", "namespace": "shop"],
            "spec": ["containers": [["ports": [["containerPort": 70_000]]]]],
        ]
        let items = [good, nameless, port, good]
        let body = ProtobufEncoder.list(of: "Pod", apiVersion: "v1", items, resourceVersion: "1")
        let list = decodeList(body, .protobuf, .pod)
        #expect(list.items.map(\.name) == ["a", "a"])
        #expect(
            list.problems == [
                "Pod objects: byte 41: a Pod is not used: it has no name",
                "Pod objects: byte 68: Pod shop/p is not used: containerPort: 70000 is not a port",
            ])
        let broken = ProtobufEncoder.envelope(
            kind: "PodList", apiVersion: "v1",
            ProtobufEncoder.field(1, []) + ProtobufEncoder.field(2, [0x0B])
                + ProtobufEncoder.field(2, ProtobufEncoder.field(1, ProtobufEncoder.field(1, Array("b".utf8)))))
        let rest = decodeList(broken, .protobuf, .pod)
        #expect(rest.items.map(\.name) == ["b"])
        #expect(rest.problems == ["Pod objects: byte 25: a Pod is not used: field 1 has wire type 3"])
        let text = #"{"kind":"PodList","items":[7,{"metadata":{"name":"b"}},{"kind":"Node","metadata":{"name":"n"}}]}"#
        let json = decodeList(Array(text.utf8), .json, .pod)
        #expect(json.items.map(\.name) == ["b"])
        #expect(
            json.problems == [
                "Pod objects: byte 27: a Pod is not used: not an object",
                "Pod objects: byte 55: Pod n is not used: it is a Node",
            ])
    }

    @Test("An object of more than 8 MiB is passed over, and not kept")
    func tooLarge() throws {
        let large = ProtobufEncoder.field(2, [UInt8](repeating: 0, count: ListDecoder.maximumItemLength + 1))
        let small = ProtobufEncoder.field(2, ProtobufEncoder.field(1, ProtobufEncoder.field(1, Array("b".utf8))))
        let body = ProtobufEncoder.envelope(kind: "PodList", apiVersion: "v1", large + small)
        let list = decodeList(body, .protobuf, .pod)
        #expect(list.error == nil)
        #expect(list.items.map(\.name) == ["b"])
        #expect(list.problems == ["Pod objects: byte 24: a Pod is not used: it has more than 8 MiB"])
        let padding = String(repeating: " ", count: ListDecoder.maximumItemLength)
        let text = #"{"kind":"PodList","items":[{\#(padding)},{"metadata":{"name":"b"}}]}"#
        let json = decodeList(Array(text.utf8), .json, .pod)
        #expect(json.items.map(\.name) == ["b"])
        #expect(json.problems == ["Pod objects: byte 27: a Pod is not used: it has more than 8 MiB"])
    }

    @Test("After twenty objects that cannot be used the rest is counted")
    func manyUnusableItems() throws {
        let items = [JSONValue](repeating: ["metadata": ["namespace": "shop"]], count: 25)
        let list = decodeList(
            ProtobufEncoder.list(of: "Pod", apiVersion: "v1", items, resourceVersion: "1"), .protobuf, .pod)
        #expect(list.problems.count == 21)
        #expect(list.problems.last == "Pod objects: 5 more objects are not used")
    }
}
