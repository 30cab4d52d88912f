import Inventory
import NetModel
import Testing

private let firstUID = "b720be09-31c9-4c70-9b8d-05b62b305a19"
private let secondUID = "7cd89804-6cd6-481f-afa5-d86f23eddec4"

/// 2026-11-23T03:00:00Z, from which on the tests count seconds.
private let epoch: Int64 = 1_795_402_800

private func moment(_ seconds: Int64) -> Timestamp { Timestamp(seconds: epoch + seconds) }

private func span(_ range: ClosedRange<Int64>) -> ClosedRange<Timestamp> {
    moment(range.lowerBound)...moment(range.upperBound)
}

private let pods = InventoryStore.Scope(.pod)

/// A store that listed some pods at second 0.
private func store(_ texts: String...) -> InventoryStore {
    var store = InventoryStore()
    list(texts, at: 0, in: &store)
    return store
}

private func list(_ texts: [String], version: String = "100", at second: Int64, in store: inout InventoryStore) {
    let body =
        #"{"kind":"PodList","metadata":{"resourceVersion":"\#(version)"},"items":["#
        + texts.joined(separator: ",") + "]}"
    let decoded = decodeList(Array(body.utf8), .json, .pod, details: .podImages)
    store.beginList(of: pods)
    for item in decoded.items { store.add(item, at: moment(second)) }
    store.endList(of: pods, decoded.metadata, at: moment(second))
}

private func apply(_ type: String, _ text: String, at second: Int64, in store: inout InventoryStore) {
    let watch = decodeWatch(Array(#"{"type":"\#(type)","object":\#(text)}"#.utf8), .json, .pod)
    #expect(watch.problems == [])
    for event in watch.events { store.apply(event, of: pods, at: moment(second)) }
}

@Suite("The objects of a living cluster")
struct InventoryStoreTests {
    @Test("A list tells where the watch goes on, and each event and bookmark after it")
    func resourceVersions() {
        var store = InventoryStore()
        #expect(store.progress(of: pods) == InventoryStore.Progress())
        list([], at: 0, in: &store)
        #expect(store.progress(of: pods).resourceVersion == "100")
        apply("ADDED", podText("a", uid: firstUID, version: 105), at: 3, in: &store)
        #expect(store.progress(of: pods).resourceVersion == "105")
        apply("BOOKMARK", #"{"metadata":{"resourceVersion":"120"}}"#, at: 7, in: &store)
        #expect(store.progress(of: pods).resourceVersion == "120")
        #expect(store.progress(of: pods).lastHeard == moment(7))
        apply("ERROR", #"{"kind":"Status","code":410,"reason":"Expired"}"#, at: 9, in: &store)
        #expect(store.progress(of: pods).resourceVersion == "120")
        #expect(store.progress(of: pods).lastHeard == moment(7))
        #expect(store.progress(of: .init(.service)) == InventoryStore.Progress())
    }

    @Test("A scope is stale ten seconds after it was last heard of")
    func staleness() {
        var store = InventoryStore()
        #expect(store.isStale(pods, at: moment(0)))
        list([], at: 0, in: &store)
        #expect(!store.isStale(pods, at: moment(10)))
        #expect(store.isStale(pods, at: moment(11)))
        #expect(!store.isStale(pods, at: moment(11), limit: 20_000_000_000))
    }

    @Test("The initial events of a watch are a list, which their bookmark ends")
    func initialEvents() throws {
        var store = store(podText("a", uid: firstUID, version: 5))
        store.beginList(of: pods)
        apply("ADDED", podText("b", uid: secondUID, version: 200), at: 20, in: &store)
        #expect(store.progress(of: pods).resourceVersion == "100", "not before all was told")
        let end = #"{"metadata":{"resourceVersion":"210","annotations":{"k8s.io/initial-events-end":"true"}}}"#
        apply("BOOKMARK", end, at: 21, in: &store)
        #expect(store.progress(of: pods).resourceVersion == "210")
        #expect(store.counts.living == 1)
        #expect(store.counts.ended == 1)
    }

    @Test("An address that another pod took over is resolved by time")
    func reusedAddress() throws {
        var store = store(podText("old", uid: firstUID, version: 5))
        apply("DELETED", podText("old", uid: firstUID, version: 110), at: 60, in: &store)
        apply(
            "ADDED", podText("new", uid: secondUID, version: 111, start: "2026-11-23T03:01:10Z"), at: 70, in: &store)
        let inventory = Inventory(store.objects(during: span(30...90)))
        #expect(try inventory.resolution(of: address("10.244.0.7")) == .byTime)
        #expect(try inventory.client("10.244.0.7", during: span(30...40)).pod == "shop/old")
        #expect(try inventory.client("10.244.0.7", during: span(75...80)).pod == "shop/new")
        #expect(try inventory.client("10.244.0.7", during: span(61...62)).pod == "shop/old", "clocks differ a little")
        #expect(try inventory.client("10.244.0.7", during: span(65...66)).kind == .unknown)
        let both = try inventory.client("10.244.0.7", during: span(30...80))
        #expect(both.pod == nil)
        #expect(both.candidates == ["pod shop/old", "pod shop/new"])
        #expect(try inventory.client("10.244.0.7").pod == "shop/new", "without a time it is the one that lives")
    }

    @Test("A pod's containers tell when it ended, rather than the event that it is gone, and in whole seconds")
    func finishedBeforeDeleted() throws {
        var store = store(podText("old", uid: firstUID, version: 5))
        let last = podText(
            "old", uid: firstUID, version: 110, phase: "Failed", finished: "2026-11-23T03:00:40Z")
        apply("DELETED", last, at: 60, in: &store)
        #expect(store.objects(during: span(0...60)).pods.map(\.end) == [.finished(moment(40))])
        apply(
            "ADDED", podText("new", uid: secondUID, version: 111, start: "2026-11-23T03:00:45Z"), at: 50, in: &store)
        let inventory = Inventory(store.objects(during: span(30...90)))
        let lateInTheSecond = Timestamp(nanoseconds: moment(40).nanoseconds + 700_000_000)
        #expect(try inventory.client("10.244.0.7", during: lateInTheSecond...lateInTheSecond).pod == "shop/old")
        #expect(try inventory.client("10.244.0.7", during: span(50...51)).pod == "shop/new")
    }

    @Test("A pod that came back under its name has two lives, and its address one pod")
    func sameName() throws {
        var store = store(podText("web-0", uid: firstUID, version: 5))
        let again = podText(
            "web-0", uid: secondUID, version: 120, ip: "10.244.0.8", start: "2026-11-23T03:01:10Z")
        apply("ADDED", again, at: 72, in: &store)
        let objects = store.objects(during: span(0...90))
        #expect(objects.pods.map(\.end) == [.finished(moment(72)), .running])
        let inventory = Inventory(objects)
        #expect(try inventory.client("10.244.0.7", during: span(10...20)).pod == "shop/web-0")
        #expect(try inventory.client("10.244.0.8", during: span(80...85)).pod == "shop/web-0")
        let sameAddress = podText("web-0", uid: firstUID, version: 130, start: "2026-11-23T03:01:20Z")
        apply("ADDED", sameAddress, at: 80, in: &store)
        let both = Inventory(store.objects(during: span(0...90)))
        #expect(try both.client("10.244.0.7", during: span(60...85)).pod == "shop/web-0", "both lives are one pod's")
        #expect(try both.client("10.244.0.7", during: span(60...85)).candidates == [])
    }

    @Test("What a new list does not have ended by then, and what it has anew began")
    func relist() throws {
        var store = store(
            podText("stays", uid: firstUID, version: 5, ip: "10.244.0.5"), podText("goes", uid: secondUID, version: 6))
        let anew = podText(
            "comes", uid: "0a1b2c3d-0000-4000-8000-000000000003", version: 150, ip: "10.244.0.6",
            start: "2026-11-23T03:00:50Z")
        list([podText("stays", uid: firstUID, version: 5, ip: "10.244.0.5"), anew], version: "160", at: 60, in: &store)
        #expect(store.counts.living == 2)
        let objects = store.objects(during: span(0...90))
        #expect(objects.pods.map(\.name) == ["stays", "goes", "comes"])
        #expect(objects.pods.map(\.end) == [.running, .finished(moment(60)), .running])
        #expect(objects.pods.map(\.start) == [moment(0), moment(0), moment(50)])
        #expect(store.progress(of: pods).resourceVersion == "160")
    }

    @Test("A list that failed takes nothing away, and neither does one of another namespace or kind")
    func otherLists() {
        var store = store(podText("a", uid: firstUID, version: 5))
        store.beginList(of: pods)
        let elsewhere = InventoryStore.Scope(.pod, namespace: "elsewhere")
        store.beginList(of: elsewhere)
        store.endList(of: elsewhere, ListMetadata(resourceVersion: "300"), at: moment(10))
        let services = InventoryStore.Scope(.service)
        store.beginList(of: services)
        store.endList(of: services, ListMetadata(resourceVersion: "301"), at: moment(10))
        #expect(store.counts.living == 1)
        let shop = InventoryStore.Scope(.pod, namespace: "shop")
        store.beginList(of: shop)
        store.endList(of: shop, ListMetadata(resourceVersion: "302"), at: moment(20))
        #expect(store.counts.living == 0)
    }

    @Test("Only what lived within the time, or shortly before, is in the objects of a time")
    func objectsOfATime() {
        let finished = podText(
            "done", uid: firstUID, version: 5, start: "2026-11-23T01:00:00Z", phase: "Succeeded",
            finished: "2026-11-23T02:00:00Z")
        var store = store(finished, podText("lives", uid: secondUID, version: 6))
        #expect(store.objects(during: span(0...10)).pods.map(\.name) == ["lives"])
        #expect(store.objects(during: span(-3700 ... -3600)).pods.map(\.name) == ["done"])
        apply("DELETED", podText("lives", uid: secondUID, version: 7), at: 60, in: &store)
        #expect(store.objects(during: span(50...70)).pods.map(\.name) == ["lives"])
        #expect(store.objects(during: span(1000...1010)).pods == [])
        store.forget(endedBefore: moment(60))
        #expect(store.counts.ended == 1)
        store.forget(endedBefore: moment(61))
        #expect(store.counts.ended == 0)
    }

    @Test("A service that was removed is still named")
    func removedService() throws {
        let text =
            #"{"metadata":{"name":"web","namespace":"shop","resourceVersion":"5"},"spec":{"clusterIP":"10.96.0.9"}}"#
        let watch = decodeWatch(
            Array(#"{"type":"ADDED","object":\#(text)}{"type":"DELETED","object":\#(text)}"#.utf8), .json, .service)
        var store = InventoryStore()
        for event in watch.events { store.apply(event, of: .init(.service), at: moment(5)) }
        #expect(store.counts.living == 0)
        let inventory = Inventory(store.objects(during: span(0...10)))
        #expect(try inventory.client("10.96.0.9").service == "shop/web")
    }

    @Test("A recorded life: whose the address was, from the first event to the last")
    func recordedLife() throws {
        var store = InventoryStore()
        list([], at: 0, in: &store)
        let watch = decodeWatch(try recorded("watch/watch-pod-start.jsonl"), .json, .pod)
        for event in watch.events { store.apply(event, of: pods, at: moment(2706)) }
        let pod = try #require(store.objects(during: span(2700...2720)).pods.first)
        // 03:44:57 and 03:45:04.
        #expect(pod.start == moment(2697))
        #expect(pod.end == .finished(moment(2704)))
        #expect(store.counts.living == 0)
    }

    @Test("Nodes' facts and kube-proxy's pods go with what they are of")
    func details() throws {
        var store = InventoryStore()
        let nodes = decodeList(
            try recorded("protobuf/nodes.protobuf.bin"), .protobuf, .node, details: [.nodeFacts, .nodeImages])
        for item in nodes.items { store.add(item, at: moment(0)) }
        #expect(store.nodeFacts.map(\.name) == nodes.items.map(\.name))
        store.beginList(of: .init(.node))
        store.endList(of: .init(.node), ListMetadata(resourceVersion: "9"), at: moment(1))
        #expect(store.nodeFacts == [])
        let proxy = #"{"metadata":{"name":"kube-proxy-x","namespace":"kube-system","labels":{"k8s-app":"kube-proxy"}}}"#
        list([proxy, podText("a", uid: firstUID, version: 5)], at: 2, in: &store)
        #expect(store.proxyPods.map(\.name) == ["kube-proxy-x"])
        list([], at: 3, in: &store)
        #expect(store.proxyPods == [])
    }
}

@Suite("Lives of pods in what is written and read again")
struct RecordedLivesTests {
    @Test("Two pods of one name stay two, each with its end")
    func roundTrip() throws {
        var store = store(podText("web-0", uid: firstUID, version: 5))
        let again = podText("web-0", uid: secondUID, version: 120, start: "2026-11-23T03:01:10Z")
        apply("ADDED", again, at: 72, in: &store)
        let objects = store.objects(during: span(0...90))
        var reader = InventoryReader()
        try InventoryWriter.write(objects) { document, _ in reader.read("bundle", document: document) }
        reader.finish()
        #expect(reader.problems == [])
        #expect(reader.objects.pods == objects.pods)
        #expect(reader.objects.pods.count == 2)
    }

    @Test("Of two files the later one tells that the pod of the earlier one ended")
    func twoFiles() throws {
        func list(_ text: String) -> String { #"{"kind":"PodList","items":[\#(text)]}"# }
        let old = list(podText("web-0", uid: firstUID, version: 5))
        let new = list(podText("web-0", uid: secondUID, version: 120, start: "2026-11-23T03:01:10Z"))
        for texts in [[old, new], [new, old], [old, new, old]] {
            var reader = InventoryReader()
            for text in texts { reader.read("test.json", bytes: Array(text.utf8)) }
            let ends = Dictionary(uniqueKeysWithValues: reader.objects.pods.map { ($0.uid, $0.end) })
            #expect(ends == [ObjectUID(firstUID): .finished(moment(70)), ObjectUID(secondUID): .running])
            #expect(try Inventory(reader.objects).client("10.244.0.7").candidates == [])
        }
    }

    @Test("A uid is a UUID in lower case, and is written as it was read")
    func uids() {
        #expect(ObjectUID(firstUID)?.description == firstUID)
        #expect(
            ObjectUID("00000000-0000-0000-0000-00000000000f")?.description == "00000000-0000-0000-0000-00000000000f")
        for text in ["", "u-1", firstUID.uppercased(), firstUID + "0", "b720be09031c9-4c70-9b8d-05b62b305a19"] {
            #expect(ObjectUID(text) == nil)
        }
    }
}
