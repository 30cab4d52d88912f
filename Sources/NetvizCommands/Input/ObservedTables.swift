import CollectorClient
import FlowGraph

/// From where connections come, as the flags say.
enum ObservedTables {
    /// What is read, after the flags were checked.
    enum Source: Sendable {
        case files([ObserverArgument])
        case local(CollectorFleet.Plan)
        case cluster(ClusterPlan)

        /// The files that it reads; "-" for standard input.
        var paths: [String] {
            switch self {
            case .files(let arguments): arguments.map(\.path)
            case .local, .cluster: []
            }
        }

        /// The last of the files, for messages; nil where none is read.
        var lastFile: String? {
            switch self {
            case .files(let arguments): arguments.last?.fileName
            case .local, .cluster: nil
            }
        }
    }

    /// Checks the flags against each other.
    ///
    /// - Parameter wantsRules: whether the command is about the rules of packet filters.
    static func source(
        _ input: InputOptions,
        _ local: LocalOptions,
        _ cluster: ClusterFlags,
        wantsRules: Bool
    ) throws(NetvizError) -> Source {
        if local.local {
            guard input.from.isEmpty else {
                throw NetvizError(
                    .usage, "--local and --from cannot be given together: one reads this machine, the other files")
            }
            return .local(
                CollectorFleet.Plan(
                    window: try window(local),
                    wantsRules: true,
                    enablesAccounting: local.enableAccounting,
                    startTimeout: localStartTimeout
                )
            )
        }
        guard !input.from.isEmpty else { return .cluster(try plan(input, local, cluster, wantsRules: wantsRules)) }
        for (flag, isGiven) in [
            ("--window", local.window != nil), ("--enable-accounting", local.enableAccounting),
        ] where isGiven {
            throw NetvizError(.usage, "\(flag) cannot be given with --from: recorded tables are what they are")
        }
        return .files(try files(input))
    }

    /// Reads all of it into one table.
    ///
    /// - Returns: why bundles could not be read to their ends.
    static func read(
        _ source: Source,
        into tables: CollectedTables,
        inventory: InventoryDocuments,
        in context: CommandContext
    ) async throws -> [NetvizError] {
        switch source {
        case .files(let arguments):
            return try await RecordedInputs.read(arguments, into: tables, inventory: inventory, in: context)
        case .local(let plan):
            try await LocalTables.read(plan, into: tables, in: context)
            return []
        case .cluster: return []
        }
    }

    private static func plan(
        _ input: InputOptions,
        _ local: LocalOptions,
        _ cluster: ClusterFlags,
        wantsRules: Bool
    ) throws(NetvizError) -> ClusterPlan {
        guard input.inventory.isEmpty else {
            throw NetvizError(
                .usage, "--inventory needs --local or --from: of a cluster the objects are asked of its API server")
        }
        guard !local.enableAccounting else {
            throw NetvizError(
                .usage,
                "--enable-accounting needs --local: what runs in the collectors' pods only reads",
                remedy: "Set it on the nodes: sysctl -w net.netfilter.nf_conntrack_acct=1"
            )
        }
        return try ClusterPlan(
            cluster.connection, cluster.collectors, window: try window(local), wantsRules: wantsRules)
    }

    /// A day is longer than anybody waits, and shorter than what would not be held in memory.
    private static let longestWindow: Int64 = 86_400_000_000_000
    private static let standardWindow: Int64 = 5_000_000_000
    /// A process of this machine is ready in milliseconds.
    private static let localStartTimeout = Duration.seconds(10)

    private static func window(_ local: LocalOptions) throws(NetvizError) -> Int64 {
        guard let text = local.window else { return standardWindow }
        if let window = DurationText.nanoseconds(text), window == 0 || 1_000_000...longestWindow ~= window {
            return window
        }
        throw NetvizError(
            .usage,
            "invalid argument \(ParsedValues.quoted(text)) for \"--window\": it is a duration like 500ms, 5s or 1m30s, up to 24h, or 0"
        )
    }

    private static func files(_ input: InputOptions) throws(NetvizError) -> [ObserverArgument] {
        let paths = input.from.map { ObserverArgument($0) }
        guard (paths.map(\.path) + input.inventory).count(where: { $0 == "-" }) <= 1 else {
            throw NetvizError(.usage, "standard input ('-') can be given only once")
        }
        for argument in paths where argument.path.isEmpty {
            let node = argument.observer.isNode ? " for node \"\(argument.observer.name)\"" : ""
            throw NetvizError(.usage, "--from names no file\(node)")
        }
        return paths
    }
}
