import Inventory
import NetModel
import TestSupport
import Testing

@Suite("Objects that are written and read again")
struct InventoryWriterTests {
    /// The documents of objects, of about `length` bytes each.
    private func documents(of objects: InventoryObjects, length: Int = 1 << 18) throws -> [[UInt8]] {
        var documents: [[UInt8]] = []
        var ends: [Bool] = []
        try InventoryWriter.write(objects, documentLength: length) { document, isLast in
            documents.append(document)
            ends.append(isLast)
        }
        #expect(ends == documents.indices.map { $0 == documents.count - 1 })
        return documents
    }

    private func expectEqual(_ left: InventoryObjects, _ right: InventoryObjects) {
        #expect(left.nodes == right.nodes)
        #expect(left.pods == right.pods)
        #expect(left.services == right.services)
        #expect(left.endpointSlices == right.endpointSlices)
        #expect(left.controllers == right.controllers)
        #expect(left.namespaces == right.namespaces)
    }

    private func read(_ documents: [[UInt8]]) -> InventoryReader {
        var reader = InventoryReader()
        for document in documents { reader.read("bundle", document: document) }
        reader.finish()
        return reader
    }

    @Test("are the same, with every field")
    func everyField() throws {
        var objects = InventoryObjects()
        objects.add(
            Node(
                name: "n1",
                zone: "eu-1a",
                addresses: [try address("10.99.0.11"), try address("fd00:99::11")],
                podCIDRs: [
                    IPPrefix(try address("10.244.1.0"), length: 24), IPPrefix(try address("fd00:244:1::"), length: 64),
                ],
                kubeletPort: 10_255
            ))
        objects.add(Node(name: "n2"))
        objects.add(
            Pod(
                namespace: "shop",
                name: "web-1",
                labels: ["app": "web", "quoted": "a\"b\\c\nd\u{1}é", "": "empty"],
                nodeName: "n1",
                isHostNetwork: true,
                addresses: [try address("10.244.1.2"), try address("fd00:244:1::2")],
                hostAddress: try address("10.99.0.11"),
                owner: OwnerReference(kind: "ReplicaSet", name: "web", uid: "u-1"),
                start: Timestamp(nanoseconds: 1_795_000_000_123_456_789),
                end: .running,
                ports: [
                    Pod.Port(port: 80),
                    Pod.Port(port: 53, transport: .udp, hostPort: 53, hostAddress: try address("10.99.0.11")),
                    Pod.Port(port: 9, transport: .sctp),
                ],
                probes: [Pod.Probe(port: 8081), Pod.Probe(port: 8082, host: try address("127.0.0.1"))]
            ))
        objects.add(
            Pod(namespace: "shop", name: "job-1", end: .finished(Timestamp(nanoseconds: 1_795_000_000_000_000_000))))
        objects.add(Pod(namespace: "shop", name: "job-2", end: .finishedAtUnknownTime, probes: [Pod.Probe(port: 1)]))
        objects.add(
            Service(
                namespace: "shop",
                name: "web",
                clusterAddresses: [try address("10.96.0.1"), try address("fd00:96::1")],
                externalAddresses: [try address("203.0.113.7")],
                ports: [
                    Service.Port(name: "http", port: 80, nodePort: 30_080), Service.Port(port: 53, transport: .udp),
                ]
            ))
        objects.add(Service(namespace: "shop", name: "headless"))
        objects.add(
            EndpointSlice(
                namespace: "shop",
                serviceName: "web",
                endpoints: [
                    EndpointSlice.Endpoint(
                        address: try address("10.244.1.2"), podNamespace: "shop", podName: "web-1", nodeName: "n1"),
                    EndpointSlice.Endpoint(address: try address("10.99.0.1")),
                ],
                ports: [EndpointSlice.Port(name: "http", port: 80), EndpointSlice.Port(port: 53, transport: .udp)]
            ),
            name: "web-abc"
        )
        objects.add(EndpointSlice(namespace: "shop", serviceName: "", endpoints: [], ports: []), name: "lonely")
        for kind in [
            ObjectKind.replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .replicationController,
        ] {
            let owner = kind == .replicaSet ? OwnerReference(kind: "Deployment", name: "web", uid: "u-2") : nil
            objects.add(Controller(kind: kind, namespace: "shop", name: "c", uid: "u-\(kind)", owner: owner))
        }
        let reader = read(try documents(of: objects))
        #expect(reader.problems == [])
        expectEqual(reader.objects, objects)
        #expect(reader.objects.count == objects.count)
    }

    @Test("are the same when they were read from what kubectl printed")
    func recordedCluster() throws {
        var reader = InventoryReader()
        for kind in ["nodes", "pods", "services", "endpoints", "replicasets", "deployments", "namespaces"] {
            let name = "Tests/Fixtures/two-node-cluster/\(kind).json"
            reader.read(name, bytes: try readFile(Repository.path(name)))
        }
        #expect(reader.problems == [])
        let documents = try documents(of: reader.objects)
        #expect(documents.count == 1)
        let again = read(documents)
        #expect(again.problems == [])
        expectEqual(again.objects, reader.objects)
        // Every subset of an Endpoints object is one slice again, under the same name.
        #expect(try self.documents(of: again.objects) == documents)
    }

    @Test("hold nothing of the document but the fields that are used")
    func redaction() throws {
        let document = """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","namespace":"ns","uid":"secret-uid",
            "annotations":{"kubectl.kubernetes.io/last-applied-configuration":"secret-annotation"},
            "managedFields":[{"manager":"secret-manager"}]},
            "spec":{"nodeName":"n","serviceAccountName":"secret-account","containers":[{"name":"c","image":"secret-image",
            "command":["secret-command"],"env":[{"name":"TOKEN","value":"secret-value"}],"ports":[{"containerPort":80}]}],
            "volumes":[{"name":"secret-volume"}]},"status":{"podIP":"10.0.0.1","message":"secret-message"}}
            {"kind":"Secret","metadata":{"name":"secret-name"},"data":{"token":"secret-data"}}
            """
        var reader = InventoryReader()
        reader.read("objects", bytes: Array(document.utf8))
        let text = String(decoding: try documents(of: reader.objects).joined(), as: UTF8.self)
        #expect(!text.contains("secret"))
        #expect(
            text == """
                {"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p",\
                "namespace":"ns"},"spec":{"nodeName":"n","containers":[{"ports":[{"containerPort":80,"protocol":"TCP"}]}]},\
                "status":{"podIPs":[{"ip":"10.0.0.1"}]}}]}

                """)
    }

    @Test("keep their resource versions, so that of two inventories the newest counts")
    func resourceVersions() throws {
        func node(_ zone: String, version: Int) -> [UInt8] {
            let text = """
                {"kind":"Node","metadata":{"name":"n","resourceVersion":"\(version)",
                "labels":{"topology.kubernetes.io/zone":"\(zone)"}}}
                """
            return Array(text.utf8)
        }
        var newer = InventoryReader()
        newer.read("newer", bytes: node("b", version: 10))
        var both = InventoryReader()
        for document in try documents(of: newer.objects) { both.read("bundle", document: document) }
        both.finish()
        both.read("older", bytes: node("a", version: 9))
        #expect(both.objects.nodes.map(\.zone) == ["b"])
        #expect(
            both.problems.map(\.message) == [
                "1 object had been read before; the newest resourceVersion of each is used"
            ])
    }

    @Test("without objects there is no document")
    func nothing() throws {
        #expect(try documents(of: InventoryObjects()) == [])
    }

    @Test("what several documents of a file repeat is told once")
    func repeatedObjects() throws {
        var objects = InventoryObjects()
        for number in 0..<1000 { objects.add(Node(name: "n\(number)", zone: "eu-1a")) }
        let documents = try documents(of: objects, length: 1000)
        #expect(documents.count == 3)
        let reader = read(documents + documents)
        #expect(reader.objects.nodes == objects.nodes)
        #expect(
            reader.problems.map(\.message)
                == ["1000 objects had been read before; the newest resourceVersion of each is used"])
    }

    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }
}
