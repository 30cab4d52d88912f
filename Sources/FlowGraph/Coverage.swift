package import NetModel

/// What was observed, and what was not: no result is shown without it.
package struct Coverage: Sendable {
    /// How one node, or one file of which no node was said, was observed.
    package struct Source: Sendable {
        /// The node's name, or the file's.
        package var name: String
        /// Whether `name` names a node.
        package var isNode: Bool
        /// Entries and events that were read.
        package var entries: Int = 0
        /// Lines that could not be read and were left out.
        package var malformedLines: Int = 0
        /// Entries with counters: fewer than `entries` where accounting was off when they began. Events other than
        /// DESTROY never carry any and are not counted.
        package var countedEntries: Int = 0
        /// Entries that could carry counters.
        package var countableEntries: Int = 0
        /// Whether entries told when they began (`nf_conntrack_timestamp=1`).
        package var hasTimestamps: Bool = false
        /// Whether events were read (`conntrack -E`): only they show refused connections.
        package var hasEvents: Bool = false
        /// Whether a dump was read (`conntrack -L`, `/proc/net/nf_conntrack`).
        package var hasDump: Bool = false
        /// What the kernel counted of its table since its network namespace began; nil where that is not known.
        package var statistics: ConntrackStatistics?
        /// How its packet filters' rules were read; nil where nobody asked for them.
        package var rules: RulesCoverage?
        /// Why what was read is not all of the text, in words; nil where it is. Collectors have a failure of their own.
        package var failure: String?
        /// What the node's collector said, or who read the node's text in its place; nil where a file of text was read.
        package var collector: CollectorCoverage?

        package init(name: String, isNode: Bool) {
            self.name = name
            self.isNode = isNode
        }

        /// From what the source was read.
        package enum Mode: String, Sendable { case text, collector }

        package var mode: Mode { collector.map { $0.isText ? .text : .collector } ?? .text }

        /// Adds another file of the same source.
        package mutating func add(_ other: Source) {
            entries += other.entries
            malformedLines += other.malformedLines
            countedEntries += other.countedEntries
            countableEntries += other.countableEntries
            hasTimestamps = hasTimestamps || other.hasTimestamps
            hasEvents = hasEvents || other.hasEvents
            hasDump = hasDump || other.hasDump
            failure = failure ?? other.failure
            collector = collector ?? other.collector
            rules = rules ?? other.rules
            statistics = statistics ?? other.statistics
        }

        /// Why what the source showed of a subject must not be taken for what there was; nil when it may.
        package func reasonNotCovered(_ subject: Subject) -> String? {
            switch subject {
            case .connections: reasonConnectionsNotCovered
            case .drops: reasonDropsNotCovered
            }
        }

        private var reasonDropsNotCovered: String? {
            if let failure = collector?.failure ?? failure { return failure }
            guard let rules, rules.isRead else {
                return rules?.failures.first ?? "no packet filter's rules were read"
            }
            return reasonBypassed
        }

        /// Whether anything that was given for it is about a subject: rules tell nothing of connections.
        fileprivate func isAbout(_ subject: Subject) -> Bool {
            switch subject {
            case .connections:
                collector != nil || entries > 0 || malformedLines > 0 || (rules == nil && statistics == nil)
            case .drops: rules != nil || statistics != nil
            }
        }

        /// Whether anything of a subject was observed, be it a part of what there was.
        func isAnythingObserved(_ subject: Subject) -> Bool {
            switch subject {
            case .connections: entries > 0
            case .drops: rules?.isRead ?? false
            }
        }

        private var reasonConnectionsNotCovered: String? {
            if let failure = collector?.failure ?? failure {
                return entries > 0 ? "\(failure); what came before that is shown" : failure
            }
            if let collector, !collector.hasConntrack, entries == 0 {
                return "no connection tracking in the kernel (nf_conntrack is not loaded)"
            }
            // A table without a single entry is a capture that failed far more often than a node without a connection.
            guard entries > 0 else {
                guard let collector else { return "no entry in what was given for it" }
                return "the connection tracking table is empty" + (collector.emptyReason.map { ": \($0)" } ?? "")
            }
            return reasonBypassed
        }

        private var reasonBypassed: String? {
            // Entries do not speak against it: what passes beside the table leaves none, what does not leaves its own.
            guard let signs = collector?.bypassSigns, !signs.isEmpty else { return nil }
            return "bypass suspected (\(signs.joined(separator: ", "))): what is shown is a part of what there is"
        }

        /// Whether refused connections were seen.
        package var showsRefused: Bool { collector?.showsRefused ?? hasEvents }
    }

    /// What an answer is about.
    package enum Subject: Sendable {
        /// Entries of connection tracking tables.
        case connections
        /// What packet filters drop.
        case drops
    }

    /// A node that nothing is known of.
    package struct Skipped: Hashable, Sendable {
        package var node: String
        package var reason: String

        package init(node: String, reason: String) {
            self.node = node
            self.reason = reason
        }
    }

    /// What was read, one a node or file.
    package let sources: [Source]
    /// Nodes of the inventory that nothing was read of, and sources that showed nothing.
    package let skipped: [Skipped]
    private let failedNodes: Set<String>
    /// Names of the inventory's nodes; empty without nodes in the inventory.
    package let inventoryNodes: [String]
    package let subject: Subject

    /// - Parameters:
    ///   - sources: what was read.
    ///   - failed: nodes of which nothing could be read, and why.
    ///   - inventoryNodes: the cluster's nodes, as far as the inventory holds them.
    ///   - subject: what the answer is about: a node may be covered for the one and not for the other.
    package init(
        sources: [Source],
        failed: [Skipped] = [],
        inventoryNodes: [String],
        subject: Subject = .connections
    ) {
        self.subject = subject
        self.inventoryNodes = inventoryNodes
        let about = sources.filter { $0.isAbout(subject) }
        let failed = failed + Self.unrelated(sources, beside: about, to: subject, failed: failed)
        self.sources = about
        let read = Set(about.filter(\.isNode).map(\.name))
        let unread = Set(failed.map(\.node)).subtracting(read)
        let given = read.union(unread)
        failedNodes = unread
        skipped =
            about.compactMap { source in
                source.reasonNotCovered(subject).map { Skipped(node: source.name, reason: $0) }
            }
            + failed.filter { unread.contains($0.node) }
            + inventoryNodes.filter { !given.contains($0) }.sorted()
            .map { Skipped(node: $0, reason: "nothing was given for it") }
    }

    /// Of what was given the nodes of which nothing is about the subject; a file of no node is left out, where another
    /// one is.
    private static func unrelated(
        _ sources: [Source],
        beside about: [Source],
        to subject: Subject,
        failed: [Skipped]
    ) -> [Skipped] {
        let others = sources.filter { !$0.isAbout(subject) && ($0.isNode || about.isEmpty) }
        return others.compactMap { source in
            guard !failed.contains(where: { $0.node == source.name }) else { return nil }
            return source.reasonNotCovered(subject).map { Skipped(node: source.name, reason: $0) }
        }
    }

    /// How many nodes there are: those of the inventory and those that were given without being in it. A file of
    /// which no node was said counts as one when the inventory has no nodes.
    package var nodesTotal: Int {
        guard !inventoryNodes.isEmpty else { return sources.count + failedNodes.count }
        return failedNodes.union(inventoryNodes).union(sources.filter(\.isNode).map(\.name)).count
    }

    /// How many of them were observed.
    package var nodesCovered: Int {
        guard !inventoryNodes.isEmpty else { return sources.count(where: covers) }
        return Set(sources.filter { $0.isNode && covers($0) }.map(\.name)).count
    }

    /// Whether what a source showed may be taken for what there was.
    package func covers(_ source: Source) -> Bool { source.reasonNotCovered(subject) == nil }

    /// Covered nodes of all, 0 to 1; 0 without any.
    package var share: Double {
        nodesTotal == 0 ? 0 : Double(nodesCovered) / Double(nodesTotal)
    }

    /// Whether anything at all was observed, be it a part of what there was.
    package var isAnythingObserved: Bool { sources.contains { $0.isAnythingObserved(subject) } }

    /// Whether collectors were asked, and none of them came to its end: the API server was lost, for example.
    package var isCutShortEverywhere: Bool {
        !sources.isEmpty && sources.allSatisfy { $0.collector?.failure != nil }
    }

    /// Whether any source watched its table over a window.
    package var hasWindow: Bool { sources.contains { $0.collector?.window != nil } }

    /// Whether refused connections could be seen: their entries vanish at once, so only events show them.
    package var showsRefused: Bool { sources.contains(where: \.showsRefused) }
}
