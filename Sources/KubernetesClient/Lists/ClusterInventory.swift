package import Inventory
package import NetModel

/// The objects of a living cluster: listed once, then followed, so that what begins and ends meanwhile is known.
package actor ClusterInventory {
    private let client: ClusterClient
    /// CLOCK_REALTIME in nanoseconds since 1970.
    private let clock: @Sendable () -> Int64
    private let pageSize: Int?
    private var store = InventoryStore()
    /// Of each kind that was listed where it was found.
    private var groups: [InventoryResource: String] = [:]
    private var followers: [Task<Void, Never>] = []
    private var problems: [String] = []

    /// - Parameter pageSize: objects a page; nil for one page from the server's memory.
    package init(_ client: ClusterClient, pageSize: Int? = 500, clock: @escaping @Sendable () -> Int64) {
        self.client = client
        self.pageSize = pageSize
        self.clock = clock
    }

    private var now: Timestamp { Timestamp(nanoseconds: clock()) }

    // MARK: Listing

    /// Lists some kinds, at the same time.
    ///
    /// - Throws: why one of those without which there is no result cannot be listed. Others are told by
    ///   `takeProblems`.
    package func list(_ resources: [InventoryResource]) async throws(ClusterError) {
        var failures: [(InventoryResource, ClusterError)] = []
        await withTaskGroup(of: (InventoryResource, ClusterError?).self) { group in
            for resource in resources {
                group.addTask { (resource, await self.listOnce(resource)) }
            }
            for await (resource, failure) in group {
                if let failure { failures.append((resource, failure)) }
            }
        }
        for (resource, failure) in failures {
            if resource.isRequired || failure.isCancellation { throw failure }
            note(resource, failure)
        }
    }

    private func listOnce(_ resource: InventoryResource) async -> ClusterError? {
        do throws(ClusterError) {
            try await list(resource)
            return nil
        } catch {
            // A cluster without endpoint slices has Endpoints.
            guard resource == .endpointSlices, error.status == 404 else { return error }
            return await listOnce(.endpoints)
        }
    }

    private func list(_ resource: InventoryResource) async throws(ClusterError) {
        let scope = InventoryStore.Scope(resource.kind)
        store.beginList(of: scope)
        let reading = ListReading(client: client, resource: resource, pageSize: pageSize)
        let result = try await Self.read(reading) { items in await self.take(items) }
        store.endList(of: scope, result.metadata, at: now)
        groups[resource] = result.group
        problems += result.problems.map { "\(resource.resource): \($0)" }
    }

    /// Decodes outside of the actor, so that several kinds are decoded at the same time.
    @concurrent private static func read(
        _ reading: ListReading,
        _ take: @Sendable ([InventoryItem]) async -> Void
    ) async throws(ClusterError) -> ListReading.Result {
        try await reading.read(take)
    }

    private func take(_ items: [InventoryItem]) {
        let moment = now
        for item in items { store.add(item, at: moment) }
    }

    private func note(_ resource: InventoryResource, _ failure: ClusterError) {
        problems.append("\(resource.resource) cannot be listed, so that \(resource.use): \(failure.summary)")
    }

    // MARK: Following

    /// Follows every kind that was listed, until `stop`.
    package func follow() {
        guard followers.isEmpty else { return }
        for (resource, group) in groups {
            let following = WatchFollowing(client: client, resource: resource, group: group)
            followers.append(Task { await self.follow(following) })
        }
    }

    private func follow(_ following: WatchFollowing) async {
        let scope = InventoryStore.Scope(following.resource.kind)
        var failures = 0
        while !Task.isCancelled {
            let began = ContinuousClock.now
            let version = store.progress(of: scope).resourceVersion
            let end = await Self.watch(following, from: version) { events in await self.apply(events, of: scope) }
            if Task.isCancelled { return }
            switch end {
            case .refused: return
            case .expired: _ = await listOnce(following.resource)
            case .over: break
            }
            // A watch that ends at once is one that failed.
            failures = ContinuousClock.now - began < .seconds(1) ? failures + 1 : 0
            let wait = Duration.milliseconds(min(10_000, 200 << min(failures, 6)))
            guard (try? await Task.sleep(for: wait)) != nil else { return }
        }
    }

    @concurrent private static func watch(
        _ following: WatchFollowing,
        from version: String,
        _ take: @Sendable ([WatchEvent]) async -> Void
    ) async -> WatchFollowing.End {
        await following.follow(from: version, take)
    }

    private func apply(_ events: [WatchEvent], of scope: InventoryStore.Scope) {
        let moment = now
        for event in events { store.apply(event, of: scope, at: moment) }
    }

    /// Ends the watches. What was not heard of for ten seconds is listed once more, since a watch on which nothing
    /// comes cannot be told from one that is dead.
    package func stop() async {
        for follower in followers { follower.cancel() }
        for follower in followers { await follower.value }
        followers = []
        let moment = now
        let stale = groups.keys.filter { store.isStale(InventoryStore.Scope($0.kind), at: moment) }
        await withTaskGroup(of: Void.self) { group in
            for resource in stale {
                group.addTask {
                    if let failure = await self.listOnce(resource), !failure.isCancellation {
                        await self.noteStale(resource, failure)
                    }
                }
            }
        }
    }

    /// Ends the watches, because nobody wants to know any more.
    package func abandon() {
        for follower in followers { follower.cancel() }
        followers = []
    }

    private func noteStale(_ resource: InventoryResource, _ failure: ClusterError) {
        problems.append("\(resource.resource) may have changed since they were listed: \(failure.summary)")
    }

    // MARK: What is known

    /// The nodes, with what tells whether a collector can run there.
    package var nodes: [NodeFacts] { store.nodeFacts }

    /// Pods that are a kube-proxy, with the images that they run.
    package var proxyPods: [PodImages] { store.proxyPods }

    /// All objects that lived within a time.
    package func objects(during time: ClosedRange<Timestamp>) -> InventoryObjects { store.objects(during: time) }

    /// Lines about what could not be read, each given once.
    package func takeProblems() -> [String] {
        defer { problems = [] }
        return problems
    }
}
