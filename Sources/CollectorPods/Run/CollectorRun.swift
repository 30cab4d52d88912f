import CollectorClient
import HTTPTransport
import JSONText
import KubernetesAPI
package import KubernetesClient

/// The collectors of one run: created on their nodes, kept alive as long as the run lives, removed with it.
package actor CollectorRun {
    package let identity: RunIdentity
    private let client: ClusterClient
    private let options: CollectorOptions
    private let tell: @Sendable (String) -> Void
    private let progress: @Sendable (CollectorProgress) -> Void
    private let expires: String
    private let tracker: PodTracker
    private let watch: PodWatch
    private let clock: @Sendable () -> Duration

    private var anchor: Anchor?
    /// Whether there may be one that nobody told of.
    private var hasUncertainAnchor = false
    private var keepingAlive: Task<Void, Never>?
    private var tasks: [Task<Void, Never>] = []
    /// Pods that were created, and perhaps are there still.
    private var created: Set<String> = []
    private var isEnding = false
    /// What of `options.commands` this image has.
    private var command: [String]

    /// - Parameters:
    ///   - expires: when the run is over at the latest, RFC 3339.
    ///   - clock: goes on, from any moment.
    ///   - tell: tells the user a line.
    package init(
        _ identity: RunIdentity,
        on client: ClusterClient,
        options: CollectorOptions,
        expires: String,
        clock: @escaping @Sendable () -> Duration,
        tell: @escaping @Sendable (String) -> Void,
        progress: @escaping @Sendable (CollectorProgress) -> Void
    ) {
        self.identity = identity
        self.client = client
        self.options = options
        self.expires = expires
        self.clock = clock
        self.tell = tell
        self.progress = progress
        command = options.commands.first ?? []
        tracker = PodTracker(clock: clock)
        watch = PodWatch(
            client: client, namespace: options.namespace, selector: identity.selector, tracker: tracker)
    }

    // MARK: Beginning

    /// Asks the API server whether it would take such a pod, without making one. A cluster whose admission cannot answer
    /// that is not asked.
    package func rehearse(_ target: CollectorTarget) async throws(ClusterError) {
        do throws(ClusterError) {
            _ = try await create(target, podName(), query: [("dryRun", "All")])
        } catch {
            if case .refused(let failure) = error, failure.code == 400,
                failure.status.message.contains("does not support dry run")
            {
                return
            }
            throw error
        }
    }

    /// Makes what owns the pods, and begins to watch them.
    package func begin() async throws(ClusterError) {
        let version = try await watch.list()
        let job = AnchorJob(run: identity, wantsPod: await isOfOld())
        var anchoredAt = Duration.zero
        do throws(Anchor.Absence) {
            anchoredAt = clock()
            anchor = try await Anchor.create(job, in: options.namespace, by: client)
        } catch {
            if case .refused(let failure) = error, failure.status == nil {
                // It may have been created all the same, and its name is known.
                hasUncertainAnchor = true
                if failure.isCancellation { throw failure }
            }
            tell(Self.warning(error, namespace: options.namespace, deadline: options.deadline))
        }
        let watch = watch
        let tracker = tracker
        tasks.append(Task { await watch.follow(from: version) })
        tasks.append(
            Task {
                while (try? await Task.sleep(for: .seconds(1))) != nil { await tracker.tick() }
            })
        guard let anchor else { return }
        let life = AnchorLife(
            anchor,
            of: job,
            since: anchoredAt,
            by: client,
            clock: clock,
            tell: tell,
            onSuspension: { [tell, options] in
                tell(Self.warning(.suspended, namespace: options.namespace, deadline: options.deadline))
            }
        )
        keepingAlive = Task { await life.keep() }
    }

    /// Whether the controllers of Jobs are those of before Kubernetes 1.22; who does not tell counts as new, and is looked
    /// at later (`awaken`).
    private func isOfOld() async -> Bool {
        guard let answer = try? await client.document(APICall(.get, "/version")),
            let version = ServerVersion(answer)
        else { return false }
        return !version.isAtLeast(minor: 22)
    }

    private static func warning(_ absence: Anchor.Absence, namespace: String, deadline: Int64) -> String {
        let consequence =
            "if this run is killed, its pods end by themselves within \(deadline) s, and the next run or 'kubectl netviz cleanup' removes them"
        switch absence {
        case .suspended: return "warning: Jobs in the namespace \(namespace) are suspended; \(consequence)"
        case .refused(let error):
            return "warning: no Job could be created in the namespace \(namespace) (\(error.summary)); \(consequence)"
        }
    }

    // MARK: Pods

    /// Brings a collector to each node: to one first, and where that fails for a reason that all share, to no other.
    ///
    /// - Returns: those that run, and why others do not.
    package func start(
        _ targets: [CollectorTarget]
    ) async throws(ClusterError) -> (running: [RunningCollector], failed: [(node: String, CollectorFailure)]) {
        let timeout = Task { [tracker, timeout = options.startTimeout] in
            guard (try? await Task.sleep(for: timeout)) != nil else { return }
            await tracker.giveUp()
        }
        defer { timeout.cancel() }
        var running: [RunningCollector] = []
        var failed: [(node: String, CollectorFailure)] = []
        var rest = targets[...]
        while running.isEmpty, let canary = rest.popFirst() {
            do {
                running.append(try await bring(canary))
            } catch CollectorFailure.creation(let error) {
                // What one pod is refused for, all are.
                throw error
            } catch CollectorFailure.start(let failure) where failure.isOfImage {
                if try await tryNextCommand(after: failure, canary) {
                    rest = [canary] + rest
                    continue
                }
                failed.append((canary.node, .start(failure)))
                failed += rest.filter { $0.image == canary.image }.map { ($0.node, .asOn(node: canary.node, failure)) }
                rest = rest.filter { $0.image != canary.image }[...]
            } catch {
                failed.append((canary.node, error))
            }
        }
        let (more, moreFailed) = await bring(Array(rest))
        return (running + more, failed + moreFailed)
    }

    /// Whether the image may have another program that waits.
    private func tryNextCommand(after failure: PodStartFailure, _ canary: CollectorTarget) async throws(ClusterError)
        -> Bool
    {
        guard case .notExecutable = failure, let position = options.commands.firstIndex(of: command),
            position + 1 < options.commands.count
        else { return false }
        command = options.commands[position + 1]
        return true
    }

    private func bring(
        _ targets: [CollectorTarget]
    ) async -> (running: [RunningCollector], failed: [(node: String, CollectorFailure)]) {
        await withTaskGroup(of: (String, Result<RunningCollector, CollectorFailure>).self) { group in
            var running: [RunningCollector] = []
            var failed: [(node: String, CollectorFailure)] = []
            let places = Places(options.parallelism)
            for target in targets {
                group.addTask {
                    let outcome = await self.outcome(target, places)
                    return (target.node, outcome)
                }
            }
            for await (node, result) in group {
                switch result {
                case .success(let collector): running.append(collector)
                case .failure(let failure): failed.append((node, failure))
                }
            }
            return (running, failed)
        }
    }

    /// A function of its own: in a task of a group, where a tuple is returned from within `do throws`, Swift 6.3 leaves the
    /// tuple's first part uninitialised when it optimizes.
    private func outcome(
        _ target: CollectorTarget,
        _ places: Places
    ) async -> Result<RunningCollector, CollectorFailure> {
        do throws(CollectorFailure) {
            return .success(try await bring(target, places))
        } catch {
            return .failure(error)
        }
    }

    /// Brings a collector to one node, and waits until it runs.
    private func bring(
        _ target: CollectorTarget,
        _ places: Places? = nil
    ) async throws(CollectorFailure) -> RunningCollector {
        progress(.starting(node: target.node))
        let pod: PodState
        let stay = await places?.enter()
        let leave = { if let places, let stay { await places.leave(stay) } }
        guard await !tracker.hasGivenUp else {
            await leave()
            progress(.failed(node: target.node))
            throw .start(.tooLate)
        }
        do throws(ClusterError) {
            pod = try await createPatiently(target)
            await leave()
        } catch {
            await leave()
            progress(.failed(node: target.node))
            throw .creation(error)
        }
        do throws(PodStartFailure) {
            try await tracker.wait(for: pod, image: target.image)
        } catch {
            progress(.failed(node: target.node))
            // It is of no use to anybody, and its name is known.
            await remove(pod.name)
            throw .start(error)
        }
        progress(.running(node: target.node))
        return RunningCollector(node: target.node, pod: pod.name, namespace: options.namespace)
    }

    /// A namespace that was made a moment ago has no service account yet. The pod may be there already, where an answer was
    /// lost and the creation tried again; or its name is taken.
    private func createPatiently(_ target: CollectorTarget) async throws(ClusterError) -> PodState {
        var attempt = 0
        var name = podName()
        while true {
            do throws(ClusterError) {
                return try await create(target, name, query: [])
            } catch {
                if error.status == 409 {
                    if let pod = await ownPod(name, target) { return pod }
                    name = podName()
                }
                attempt += 1
                guard attempt < 8, !isEnding, case .refused(let failure) = error else { throw error }
                let isTransient =
                    failure.code == 409
                    || (failure.code == 403 && failure.status.message.contains("error looking up service account"))
                guard isTransient, (try? await Task.sleep(for: .milliseconds(500))) != nil else { throw error }
            }
        }
    }

    private func podName() -> String {
        var random = SystemRandomNumberGenerator()
        return RunIdentity.podName(using: &random)
    }

    /// The pod of this name where it is ours, for this node.
    private func ownPod(_ name: String, _ target: CollectorTarget) async -> PodState? {
        let call = APICall(
            .get,
            ObjectPath.pod(name, in: options.namespace),
            asked: ResourceAttributes(verb: "get", resource: "pods", namespace: options.namespace, name: name)
        )
        guard let answer = try? await client.document(call), let pod = PodState(answer), pod.run == identity.id,
            pod.node == target.node
        else { return nil }
        created.insert(name)
        return pod
    }

    private func create(
        _ target: CollectorTarget,
        _ name: String,
        query: [(String, String)]
    ) async throws(ClusterError) -> PodState {
        guard !isEnding else { throw .transport(HTTPError(.cancelled, endpoint: client.place)) }
        let manifest = CollectorPod(
            name: name,
            run: identity,
            node: target.node,
            image: target.image,
            pullPolicy: options.pullPolicy,
            pullSecrets: options.pullSecrets,
            command: command,
            isPrivileged: options.isPrivileged,
            owner: anchor.map { CollectorPod.Owner(name: $0.name, uid: $0.uid) },
            deadline: options.deadline,
            expires: expires
        )
        let answer = try await client.creation(
            APICall(
                .post,
                ObjectPath.pods(in: options.namespace),
                query: query + [("fieldManager", "kubectl-netviz"), ("fieldValidation", "Strict")],
                body: manifest.document,
                asked: ResourceAttributes(verb: "create", resource: "pods", namespace: options.namespace),
                // By its name there is no second one.
                isIdempotent: true
            )
        )
        guard let state = PodState(answer) else {
            throw .unreadable("\(client.place): the answer to a pod's creation is no pod")
        }
        if query.isEmpty { created.insert(state.name) }
        return state
    }

    /// Why a pod that ran runs no more, or will not much longer; nil while nobody said so.
    package func failure(of collector: RunningCollector) async -> PodStartFailure? {
        await tracker.failure(of: collector.pod)
    }

    // MARK: Ending

    /// Removes everything that the run made. Whatever may still be being created is removed too.
    ///
    /// - Returns: what could not be removed, in words; empty where all is gone or going.
    package func end() async -> [String] {
        isEnding = true
        keepingAlive?.cancel()
        var remains: [String] = []
        var areOwned = false
        let uncertain = Anchor(name: identity.anchorName, uid: "", namespace: options.namespace)
        if let anchor = anchor ?? (hasUncertainAnchor ? uncertain : nil) {
            do throws(ClusterError) {
                try await anchor.remove(by: client)
                areOwned = self.anchor != nil
                self.anchor = nil
                hasUncertainAnchor = false
            } catch {
                remains.append("Job \(anchor.namespace)/\(anchor.name): \(error.summary)")
            }
        }
        remains += await removePods(areOwned: areOwned)
        for task in tasks { task.cancel() }
        tasks = []
        return remains
    }

    /// The cluster removes what the anchor owned; what it leaves is removed one by one.
    ///
    /// - Parameter areOwned: whether what owned them is removed.
    private func removePods(areOwned: Bool) async -> [String] {
        if areOwned {
            for _ in 0..<20 {
                guard await !created.isDisjoint(with: tracker.undeleted) else { return [] }
                guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { break }
            }
        }
        // Whatever the watch has not told of yet is in a list.
        _ = try? await watch.list()
        let left = await tracker.undeleted
        return await withTaskGroup(of: String?.self) { group in
            for pod in left { group.addTask { await self.remove(pod) } }
            var remains: [String] = []
            for await remaining in group { if let remaining { remains.append(remaining) } }
            return remains.sorted()
        }
    }

    /// - Returns: what remains, in words; nil where it is gone or going.
    @discardableResult
    private func remove(_ pod: String) async -> String? {
        do throws(ClusterError) {
            _ = try await client.document(
                APICall(
                    .delete,
                    ObjectPath.pod(pod, in: options.namespace),
                    body: [
                        "apiVersion": "v1", "kind": "DeleteOptions", "gracePeriodSeconds": 1,
                        "propagationPolicy": "Background",
                    ],
                    asked: ResourceAttributes(verb: "delete", resource: "pods", namespace: options.namespace)
                )
            )
            created.remove(pod)
            return nil
        } catch {
            guard error.status != 404 else {
                created.remove(pod)
                return nil
            }
            return "pod \(options.namespace)/\(pod): \(error.summary)"
        }
    }
}

extension PodStartFailure {
    /// Whether every node with the same image would fail for the same reason.
    fileprivate var isOfImage: Bool {
        switch self {
        case .image, .container, .notExecutable, .exited: true
        default: false
        }
    }
}
