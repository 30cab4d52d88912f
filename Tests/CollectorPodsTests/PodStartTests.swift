import CollectorPods
import JSONText
import Testing

/// What a real kubelet's pods went through (Tests/Fixtures/api-1.36/watch), one event a second.
@Suite("A pod's start")
struct PodStartTests {
    @Test("is told as soon as the container runs")
    func running() throws {
        let told = try told("watch-pod-start")
        #expect(told.contains(.running))
        #expect(told.first == .waiting(.kubelet))
        #expect(told.prefix { $0 != .running }.contains(.waiting(.sandbox)))
    }

    @Test("fails at once, and says why, where waiting is of no use")
    func failures() throws {
        try expect(
            "watch-fail-never-pull",
            "the image i:1 cannot be used (ErrImageNeverPull): Container image \"localhost/nosuch:1\" is not present with pull policy of Never"
        )
        try expect(
            "watch-fail-invalid-image-name",
            "the image i:1 cannot be used (InvalidImageName): Failed to apply default image tag \"localhost/UPPER:bad:tag\": couldn't parse image name \"localhost/UPPER:bad:tag\": invalid reference format: repository name (UPPER) must be lowercase"
        )
        try expect(
            "watch-fail-config-error",
            "its container cannot be created (CreateContainerConfigError): configmap \"nocm\" not found")
        try expect("watch-fail-exit-7", "the pod's process ended by itself with exit code 7 (Error)")
        try expect(
            "watch-fail-bad-command",
            "the program is not in the image i:1: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"/nosuch\": stat /nosuch: no such file or directory: unknown"
        )
        try expect(
            "watch-fail-os-windows",
            "the kubelet refused the pod (PodOSNotSupported): Pod was rejected: Failed to admit pod as the OS field doesn't match node OS"
        )
        try expect(
            "watch-fail-too-much-cpu",
            "the kubelet refused the pod (OutOfcpu): Pod was rejected: Node didn't have enough resource: cpu, requested: 9999000, used: 0, capacity: 2000"
        )
        try expect(
            "watch-fail-node-selector-mismatch",
            "the kubelet refused the pod (NodeAffinity): Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector"
        )
        try expect("watch-fail-deadline", "the pod's deadline passed")
        try expect("watch-fail-no-such-node", "the pod was evicted: PodGC: node no longer exists")
        let text = try #require(try failure("watch-fail-unschedulable")).description
        #expect(text.hasPrefix("the pod cannot be scheduled (Unschedulable): 0/2 nodes are available"))
    }

    @Test("bears one failed pull, and fails with the second")
    func pulls() throws {
        let told = try told("watch-fail-pull-bad-registry")
        #expect(told[3] == .waiting(.image))
        guard case .failed(.image("i:1", "ImagePullBackOff", let message)) = told[4] else {
            Issue.record("\(told[4])")
            return
        }
        #expect(message.contains("registry.invalid"))
    }

    @Test("fails when no kubelet takes notice of the pod")
    func deadKubelet() throws {
        let events = try states("watch-pod-start")
        var start = PodStart(image: "i:1", createdAt: .zero)
        start.take(try #require(events.first), at: .zero)
        start.wait(until: .seconds(19))
        #expect(start.progress == .waiting(.kubelet))
        start.wait(until: .seconds(21))
        #expect(start.progress == .failed(.notSeen(after: .seconds(21))))
    }

    @Test("fails when it gets no sandbox")
    func noSandbox() throws {
        let events = try states("watch-fail-missing-volume")
        var start = PodStart(image: "i:1", createdAt: .zero)
        for event in events { start.take(event, at: .seconds(1)) }
        #expect(start.progress == .waiting(.sandbox))
        start.wait(until: .seconds(41))
        #expect(start.progress == .failed(.noSandbox(after: .seconds(41))))
    }

    @Test("fails when somebody deletes the pod, and when there is no time left")
    func deleted() throws {
        let events = try states("watch-pod-start")
        var start = PodStart(image: "i:1", createdAt: .zero)
        start.take(try #require(events.first), at: .zero)
        var other = start
        start.take(try #require(events.first), isRemoved: true, at: .seconds(1))
        #expect(start.progress == .failed(.deleted))
        other.giveUp(at: .seconds(60))
        #expect(other.progress == .failed(.timedOut(waitingFor: .kubelet, after: .seconds(60))))
    }

    // MARK: The recordings

    private func states(_ name: String) throws -> [PodState] {
        try recordedEvents(name).map { try #require(PodState($0["object"] ?? .null)) }
    }

    private func told(_ name: String) throws -> [PodStart.Progress] {
        var start = PodStart(image: "i:1", createdAt: .zero)
        var told: [PodStart.Progress] = []
        for (second, event) in try recordedEvents(name).enumerated() {
            // A bookmark has no pod in it.
            guard event["type"]?.text != "BOOKMARK" else { continue }
            let state = try #require(PodState(event["object"] ?? .null))
            start.take(state, isRemoved: event["type"]?.text == "DELETED", at: .seconds(second))
            told.append(start.progress)
        }
        return told
    }

    private func failure(_ name: String) throws -> PodStartFailure? {
        for case .failed(let failure) in try told(name) { return failure }
        return nil
    }

    private func expect(_ name: String, _ text: String) throws {
        #expect(try failure(name)?.description == text)
    }
}
