import Inventory
import JSONText
import NetModel
import Testing

private let pod = """
    {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web", "namespace": "shop"},
     "spec": {"nodeName": "n1", "containers": [{"ports": [{"containerPort": 80}]}]},
     "status": {"phase": "Running", "podIP": "10.1.0.5", "podIPs": [{"ip": "10.1.0.5"}, {"ip": "fd00::5"}]}}
    """

@Suite("Reading inventory files")
struct ReadingTests {
    @Test("A single object, a List, a typed list and several documents in one file give the same pod")
    func forms() {
        let bare = pod.replacing("\"kind\": \"Pod\", \"apiVersion\": \"v1\", ", with: "")
        let forms = [
            pod,
            "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [\(pod)]}",
            "{\"kind\": \"PodList\", \"apiVersion\": \"v1\", \"metadata\": {}, \"items\": [\(bare)]}",
            "{\"apiVersion\": \"v1\", \"items\": [\(bare)], \"kind\": \"PodList\", \"metadata\": {}}",
            "{\"kind\": \"List\", \"items\": []}\n\(pod)\n",
        ]
        for form in forms {
            let reader = readTexts(form)
            #expect(reader.problems == [])
            #expect(reader.objects.pods.map(\.name) == ["web"])
            #expect(reader.objects.pods.first?.addresses.map(\.description) == ["10.1.0.5", "fd00::5"])
            #expect(reader.objects.pods.first?.ports == [Pod.Port(port: 80)])
        }
    }

    @Test("Keys may come in any order")
    func shuffledKeys() {
        let shuffled = """
            {"status": {"podIPs": [{"ip": "10.1.0.5"}, {"ip": "fd00::5"}], "phase": "Running"},
             "spec": {"containers": [{"ports": [{"containerPort": 80}]}], "nodeName": "n1"},
             "metadata": {"namespace": "shop", "name": "web"}, "apiVersion": "v1", "kind": "Pod"}
            """
        let reader = readTexts(shuffled)
        #expect(reader.problems == [])
        #expect(reader.objects.pods.map(\.nodeName) == ["n1"])
        #expect(reader.objects.pods.first?.addresses.count == 2)
    }

    @Test("Other kinds are skipped and counted")
    func otherKinds() {
        let secret = "{\"kind\": \"Secret\", \"apiVersion\": \"v1\", \"metadata\": {\"name\": \"s\"}, \"spec\": 7}"
        let knative =
            "{\"kind\": \"Service\", \"apiVersion\": \"serving.knative.dev/v1\", \"metadata\": {\"name\": \"s\"}}"
        let reader = readTexts("{\"kind\": \"List\", \"items\": [\(secret), \(pod), \(secret), \(knative)]}")
        #expect(reader.objects.pods.count == 1)
        #expect(reader.objects.services.isEmpty)
        #expect(
            reader.problems.map(\.message) == [
                "2 objects of kind Secret not used", "1 object of kind Service (serving.knative.dev/v1) not used",
            ])
        #expect(reader.problems.allSatisfy { $0.severity == .note })
    }

    @Test(
        "Of an object that comes twice the larger resourceVersion is used, compared as a number",
        arguments: [
            ("9", "10", "b"), ("10", "9", "a"), ("10", "10", "b"), ("x", "3", "b"),
        ])
    func duplicates(first: String, second: String, used: String) {
        func version(_ version: String, node: String) -> String {
            "{\"kind\": \"Pod\", \"metadata\": {\"name\": \"p\", \"namespace\": \"x\", \"resourceVersion\": \"\(version)\"},"
                + "\"spec\": {\"nodeName\": \"\(node)\"}}"
        }
        let reader = readTexts(version(first, node: "a"), version(second, node: "b"))
        #expect(reader.objects.pods.map(\.nodeName) == [used])
        #expect(reader.objects.duplicates == 1)
        #expect(
            reader.problems.map(\.message) == [
                "1 object had been read before; the newest resourceVersion of each is used"
            ])
    }

    @Test("An object broken inside is reported with its name and line, and the rest is used")
    func broken() {
        let reader = readTexts(
            """
            {"kind": "List", "items": [
             {"kind": "Pod", "spec": {"nodeName": ["n1"],
               "containers": []}, "metadata": {"name": "bad", "namespace": "shop"}},
             {"kind": "Service", "metadata": {"name": "s", "namespace": "shop"},
               "spec": {"ports": [{"port": 70000}]}},
             \(pod)]}
            """
        )
        #expect(reader.objects.pods.map(\.name) == ["web"])
        #expect(reader.objects.services.isEmpty)
        #expect(
            reader.problems.map(\.description) == [
                "test.json: line 2, byte 66: Pod shop/bad is not used: nodeName: an array where a string is expected",
                "test.json: line 5, byte 247: Service shop/s is not used: port: 70000 is not a port",
            ])
        #expect(reader.problems.allSatisfy { $0.severity == .warning })
    }

    @Test("Cut-off JSON is used up to the cut, which is reported")
    func cutOff() {
        let whole = "{\"kind\": \"List\", \"items\": [\n\(pod),\n\(pod.replacing("web", with: "api"))"
        let reader = readTexts(String(whole.dropLast(10)))
        #expect(reader.objects.pods.map(\.name) == ["web"])
        #expect(reader.problems.count == 1)
        #expect(reader.problems.first?.line == 7)
        #expect(reader.problems.first?.offset == whole.utf8.count - 10)
        #expect(reader.problems.first?.message.contains("what came before is used") == true)
    }

    @Test("Items without a kind, of a list cut off before its kind, are known by their fields")
    func cutOffSorted() {
        let bare = pod.replacing("\"kind\": \"Pod\", \"apiVersion\": \"v1\", ", with: "")
        let reader = readTexts("{\"apiVersion\": \"v1\", \"items\": [\(bare), {\"meta")
        #expect(reader.objects.pods.map(\.name) == ["web"])
        #expect(reader.problems.map(\.severity) == [.warning])
    }

    @Test(
        "A file without use says what it is and what was expected",
        arguments: [
            ("", "empty"), (" \n", "empty"),
            ("[1, 2]", "a JSON array"), ("<!DOCTYPE html><html>", "an HTML or XML page"),
            ("apiVersion: v1\nkind: Pod\n", "YAML text"), ("---\nkind: Pod\n", "YAML text"),
            ("NAME   READY   STATUS\nweb    1/1     Running\n", "a table"), ("\"text\"", "a single JSON value"),
            ("{\"kind\": \"Config\", \"apiVersion\": \"v1\", \"clusters\": []}", "1 of kind Config"),
            ("{\"a\": 1}", "1 without a kind"), ("hello", "not JSON"), ("{\"kind\": \"Pod\"", "cut off"),
        ])
    func useless(text: String, what: String) {
        let reader = readTexts(text)
        #expect(reader.objects.count == 0)
        #expect(reader.problems.contains { $0.message.contains(what) }, "\(reader.problems)")
        #expect(reader.problems.last?.severity == .error)
        #expect(reader.problems.last?.message.contains("expected the output of 'kubectl get") == true)
    }

    @Test(
        "UTF-16 and compressed files are named",
        arguments: [
            ([0xFF, 0xFE, 0x7B, 0], "UTF-16 text"), ([0x1F, 0x8B, 8, 0], "compressed data"),
        ] as [([UInt8], String)])
    func encodings(bytes: [UInt8], what: String) {
        var reader = InventoryReader()
        reader.read("pods.json", bytes: bytes)
        #expect(reader.problems.first?.message.contains(what) == true)
        #expect(reader.problems.last?.severity == .error)
    }

    @Test("A list without objects is no error")
    func emptyList() {
        #expect(readTexts("{\"kind\": \"List\", \"items\": []}").problems.map(\.message) == ["a list without objects"])
    }

    @Test("Every truncation of a file is reported, and never crashes")
    func everyTruncation() throws {
        let bytes = Array("{\"kind\": \"List\", \"items\": [\(pod), \(pod)]}".utf8)
        for end in 0..<bytes.count {
            var reader = InventoryReader()
            reader.read("cut.json", bytes: Array(bytes[..<end]))
            #expect(!reader.problems.isEmpty, "cut at \(end)")
            _ = Inventory(reader.objects)
        }
    }

    @Test("Randomly changed files never crash")
    func randomChanges() throws {
        let original = try testFile("Fixtures/two-node-cluster/endpoints.json")
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<5 { bytes[Int.random(in: 0..<bytes.count)] = UInt8.random(in: 0...255) }
            var reader = InventoryReader()
            reader.read("changed.json", bytes: bytes)
            _ = Inventory(reader.objects)
            #expect(reader.objects.count <= 2)
        }
    }

    @Test("Names with control characters are escaped in messages, and long ones cut")
    func controlCharacters() {
        let long = String(repeating: "k", count: 5000)
        let reader = readTexts(
            "{\"kind\": \"Pod\", \"metadata\": {\"name\": \"\\u001b[31mred\"}, \"spec\": 1} {\"kind\": \"\(long)\"} \(pod)"
        )
        #expect(
            reader.problems.first?.message
                == "Pod \\u{1B}[31mred is not used: spec: a number where an object is expected"
        )
        #expect(reader.problems.last?.message.count == 1001)
    }

    @Test("Many broken objects are counted, the first twenty named")
    func manyBroken() {
        let broken = "{\"kind\": \"Pod\", \"metadata\": {\"name\": 1}}"
        let reader = readTexts(String(repeating: broken, count: 50) + pod)
        #expect(reader.problems.count == 21)
        #expect(reader.problems.last?.message == "30 more objects are not used")
    }

    @Test("Deep nesting, long strings and absent values in unused and used fields do no harm")
    func hostile() {
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        let long = String(repeating: "x", count: 2_000_000)
        let reader = readTexts(
            "{\"kind\": \"Pod\", \"metadata\": {\"name\": \"a\", \"annotations\": {\"a\": \"\(long)\"}, \"labels\": null},"
                + "\"spec\": {\"affinity\": \(deep), \"containers\": null}, \"status\": null}",
            "{\"kind\": \"Pod\", \"metadata\": {\"name\": \"\(long)\"}}"
        )
        #expect(reader.objects.pods.map(\.name) == ["a"])
        #expect(reader.problems.first?.message == "a Pod is not used: name: longer than 1048576 bytes")
    }
}
