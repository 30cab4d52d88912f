import CollectorClient
import CollectorPods
import CollectorProtocol
import FlowGraph
import Inventory
import JSONText
import Kubeconfig
import KubernetesClient
import NetModel
import Synchronization
import TerminalText
import TextCollector

/// The tables of a cluster's nodes, read by collectors that live no longer than that.
struct ClusterTables: Sendable {
    /// A text that is known only in the middle of a run.
    private final class Made: Sendable {
        private let text = Mutex<String?>(nil)

        func withLock<Result: Sendable>(_ body: (inout sending String?) -> sending Result) -> Result {
            text.withLock(body)
        }
    }

    /// What a run gave beside the tables.
    struct Result: Sendable {
        /// All objects that lived within the run.
        var objects: InventoryObjects
        /// Nodes without a collector, and why.
        var skipped: [Coverage.Skipped]
        /// What could not be read of the cluster's objects, in lines.
        var lines: [String]
    }

    private let plan: ClusterPlan
    private let client: ClusterClient
    private let context: CommandContext
    /// What there would be left if the process ended now, in words; nil before anything was made.
    private let made = Made()

    private init(_ plan: ClusterPlan, _ client: ClusterClient, _ context: CommandContext) {
        self.plan = plan
        self.client = client
        self.context = context
    }

    /// Reads all nodes, and removes whatever it made, however it ends.
    static func read(
        _ plan: ClusterPlan,
        into tables: CollectedTables,
        in context: CommandContext
    ) async throws -> Result {
        let line = context.progress
        var context = context
        if let line {
            let tell = context.tell
            context.tell = { text in line.tell(text, by: tell) }
        }
        let trimming = Allocator.givingFreedMemoryBack()
        defer {
            trimming.cancel()
            Allocator.trim()
        }
        let client = try ClusterConnection.open(plan.overrides, in: context)
        let reading = ClusterTables(plan, client, context)
        let progress = RunProgress(line)
        let shown = Task { await progress.show() }
        defer { shown.cancel() }
        let tell = context.tell
        let result = try await Interruption.during(
            tell: { tell($0) },
            remains: { reading.made.withLock { $0.map { [$0] } ?? [] } }
        ) {
            do {
                return try await reading.read(into: tables, progress)
            } catch {
                throw Interruption.isInterrupted ? NetvizError(.interrupted, "interrupted") : error
            }
        }
        shown.cancel()
        await shown.value
        return result
    }

    private func read(into tables: CollectedTables, _ progress: RunProgress) async throws -> Result {
        let began = context.clock()
        let environment = context.configuration().environment
        let inventory = ClusterInventory(client, pageSize: plan.chunkSize, clock: context.clock)
        async let listing: Void = list(inventory)
        let namespace = try await CollectorNamespace.choose(plan.namespace, client: client, environment: environment)
        try await check(namespace)
        try await listing

        let choice = CollectorChoice(
            nodes: await inventory.nodes,
            proxies: await inventory.proxyPods,
            image: plan.image,
            selector: plan.nodeSelector
        )
        await inventory.follow()
        do {
            let failed = try await observe(choice.targets, in: namespace, into: tables, progress)
            await inventory.stop()
            let span = Timestamp(nanoseconds: began)...Timestamp(nanoseconds: max(began, context.clock()))
            return Result(
                objects: await inventory.objects(during: span),
                skipped: choice.skipped + failed,
                lines: await inventory.takeProblems().map { "warning: \(PrintableText.escaped($0))" }
            )
        } catch {
            await inventory.abandon()
            throw error
        }
    }

    private func list(_ inventory: ClusterInventory) async throws(NetvizError) {
        do throws(ClusterError) {
            try await inventory.list(InventoryResource.all)
        } catch {
            throw NetvizError(error)
        }
    }

    private func check(_ namespace: String) async throws(NetvizError) {
        let missing: [Preflight.Missing]?
        do throws(ClusterError) {
            missing = try await Preflight.missing(namespace: namespace, by: client)
        } catch {
            throw NetvizError(error)
        }
        try Preflight.check(missing ?? [], namespace: namespace, in: context)
    }

    // MARK: Collectors

    /// Brings collectors to the nodes, reads them and removes them.
    ///
    /// - Returns: nodes whose collector did not start, and why.
    private func observe(
        _ targets: [CollectorTarget],
        in namespace: String,
        into tables: CollectedTables,
        _ progress: RunProgress
    ) async throws -> [Coverage.Skipped] {
        guard let first = targets.first else { return [] }
        var random = SystemRandomNumberGenerator()
        let identity = RunIdentity(using: &random)
        let seconds = plan.fleet.window / 1_000_000_000 + plan.startTimeout.components.seconds + Self.spareSeconds
        let expiry = context.clock().addingSaturating(seconds * 1_000_000_000)
        let began = ContinuousClock.now
        let options = CollectorOptions(
            namespace: namespace,
            pullPolicy: plan.pullPolicy,
            pullSecrets: plan.pullSecrets,
            isPrivileged: plan.isPrivileged,
            startTimeout: plan.startTimeout,
            deadline: seconds
        )
        let run = CollectorRun(
            identity,
            on: client,
            options: options,
            expires: RFC3339.string(nanoseconds: expiry),
            clock: { ContinuousClock.now - began },
            tell: { context.tell(PrintableText.escaped($0)) },
            progress: { progress.take($0) }
        )
        made.withLock {
            $0 =
                "objects with the label \(identity.selector) in the namespace \(namespace); 'kubectl netviz cleanup --live' removes them"
        }
        defer { made.withLock { $0 = nil } }
        do {
            let failed = try await observe(targets, first, by: run, namespace, into: tables, progress)
            await end(run)
            return failed
        } catch {
            await end(run)
            throw error
        }
    }

    /// A pod ends by itself so much later than its run should.
    private static let spareSeconds: Int64 = 300

    /// Removes what the run made. A task that was cancelled can do nothing any more, so another does it.
    private func end(_ run: CollectorRun) async {
        let context = context
        await Task {
            for remaining in await run.end() {
                context.tell(
                    "warning: not removed: \(PrintableText.escaped(remaining)); it ends by itself, or with 'kubectl netviz cleanup'"
                )
            }
        }.value
    }

    private func observe(
        _ targets: [CollectorTarget],
        _ first: CollectorTarget,
        by run: CollectorRun,
        _ namespace: String,
        into tables: CollectedTables,
        _ progress: RunProgress
    ) async throws -> [Coverage.Skipped] {
        let started: (running: [RunningCollector], failed: [(node: String, CollectorFailure)])
        do throws(ClusterError) {
            let leftovers = try? await Leftovers.sweep(
                namespace, by: client, clock: context.clock, includesLive: false)
            for object in leftovers?.failed ?? [] {
                context.tell("warning: left by an earlier run and not removed: \(PrintableText.escaped(object))")
            }
            try await run.rehearse(first)
            try await run.begin()
            started = try await run.start(targets)
        } catch {
            throw NetvizError(error, whileTrying: "create collectors' pods in the namespace \(namespace)")
        }
        try Task.checkCancellation()
        if plan.overrides.verbosity >= 6 {
            context.tell("\(started.running.count) collectors run after \(progress.elapsedMilliseconds) milliseconds")
        }
        await read(started.running, of: run, into: tables, progress)
        try Task.checkCancellation()
        return started.failed.map { Coverage.Skipped(node: $0.node, reason: PrintableText.escaped("\($0.1)")) }
    }

    /// Of so many nodes at a time it is asked what they have: enough that none waits for the way to another.
    private static let askedAtOnce = 48
    /// Of so many nodes at a time the listing is read that is their result: more than processors can read.
    private static let readAtOnce = 24

    private func read(
        _ collectors: [RunningCollector],
        of run: CollectorRun,
        into tables: CollectedTables,
        _ progress: RunProgress
    ) async {
        guard !collectors.isEmpty else { return }
        let collectors = collectors.sorted { $0.node < $1.node }
        var positions: [Int] = []
        for collector in collectors {
            positions.append(
                await tables.begin(CollectedTables.Source(name: collector.node, isNode: true, mode: .collector)))
        }
        let turns = TextCollector.Turns(asking: Self.askedAtOnce, reading: Self.readAtOnce)
        let pipes = collectors.map { collector in
            TextCollector(
                TextCollector.Node(hostName: collector.node, kernelRelease: ""),
                programs: PodPrograms(collector, of: run, by: client),
                release: String(Version.text.dropFirst()),
                turns: turns,
                clock: context.clock
            )
        }
        var fleetPlan = plan.fleet
        fleetPlan.keepsFrames = tables.isRecorded
        fleetPlan.wantsRules = fleetPlan.wantsRules || tables.isRecorded
        let known = positions
        let fleet = CollectorFleet(fleetPlan, clock: context.clock) { number, delivery in
            switch delivery {
            case .received(let reception):
                progress.received(reception.events.reduce(0) { $0 + $1.size })
                await tables.take(reception, from: known[number])
            case .over(let report):
                progress.ended()
                // What it holds is of no use any more, and others are not at their end.
                await pipes[number].close()
                await tables.end(report, of: known[number])
            }
        }
        await withTaskCancellationHandler {
            _ = await fleet.run(pipes)
        } onCancel: {
            for pipe in pipes { Task { await pipe.close() } }
        }
        for pipe in pipes { await pipe.close() }
    }
}

extension CollectorConversation.Event {
    /// About as many bytes as the node's text of it had.
    fileprivate var size: Int {
        if case .entries(let block) = self { block.entries.count * 200 } else { 0 }
    }
}
