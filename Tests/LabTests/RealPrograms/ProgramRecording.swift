import TestSupport
import Testing

/// What was told of one window in which real programs made traffic, by several who watched at the same time.
struct ProgramRecording: Sendable {
    /// The recording of the suite that runs.
    @TaskLocal static var current: ProgramRecording?

    /// What kubectl netviz was asked on the router, all of it for the same window.
    enum Question: CaseIterable {
        /// Without an inventory.
        case connections, addresses
        /// With names.
        case pods, workloads, services, nodes
        /// By connection, and of those the refused.
        case refused
        case largestRates
        case wide, csv

        var flags: [String] {
            let inventory = ["--inventory", Repository.path("Tests/LabTests/Fixtures/inventory.json")]
            return switch self {
            case .connections: ["--group-by", "connection", "-o", "json"]
            case .addresses: ["-o", "json"]
            case .pods: inventory + ["--group-by", "pod", "-o", "json"]
            case .workloads: inventory + ["-o", "json"]
            case .services: inventory + ["--group-by", "service", "-o", "json"]
            case .nodes: inventory + ["--group-by", "node", "-o", "json"]
            case .refused: ["--group-by", "connection", "--outcome", "refused", "-o", "json"]
            case .largestRates: ["--group-by", "connection", "--sort-by", "rate", "--top", "4", "-o", "json"]
            case .wide: inventory + ["-o", "wide"]
            case .csv: inventory + ["-o", "csv"]
            }
        }
    }

    /// How long is watched: the traffic's five seconds, and what a busy machine takes to begin.
    private static let window = 9

    private var results: [Question: CommandResult] = [:]
    /// The frames of collectors on the router and on the host that drops.
    private(set) var routerFrames: [UInt8] = []
    private(set) var serverFrames: [UInt8] = []
    /// What client-0's own rules counted when all was done, before any of it could be dropped: nftables' JSON.
    private(set) var sentRules: [UInt8] = []
    /// The router's table when all was done, in conntrack(8)'s words.
    private(set) var routerTable = ""
    private(set) var traffic = ProgramTraffic.Record()

    /// Builds the lab, and watches while the programs run.
    static func record() async throws -> ProgramRecording {
        try await withTemporaryDirectory { directory in
            try writeFile([UInt8](repeating: 0x78, count: RealServers.fileSize), to: directory + "/file")
            return try await withNetworkLab(LabCluster.topology) { lab in
                try await ProgramTraffic.prepare(lab)
                return try await lab.withServers(try RealServers.all(directory: directory)) {
                    try await watch(lab, directory)
                }
            }
        }
    }

    private static func watch(_ lab: NetworkLab, _ directory: String) async throws -> ProgramRecording {
        let begin = ContinuousClock.now
        let netviz = try BuiltExecutable.kubectlNetviz()
        let collector = try BuiltExecutable.named("netviz-collector")
        let seconds = String(window)
        async let router = lab.run(
            on: NetworkLab.router, collector, ["window", "--seconds", seconds], timeout: .seconds(60))
        async let server = lab.run(on: "server-1", collector, ["window", "--seconds", seconds], timeout: .seconds(60))
        async let answers = withThrowingTaskGroup(of: (Question, CommandResult).self) { group in
            for question in Question.allCases {
                group.addTask {
                    let flags = ["flows", "--local", "--window", seconds + "s"] + question.flags
                    let result = try await lab.run(on: NetworkLab.router, netviz, flags, timeout: .seconds(60))
                    return (question, result)
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        try await lab.waitUntilConntrackIsWatched(on: NetworkLab.router, by: Question.allCases.count + 1)
        try await lab.waitUntilConntrackIsWatched(on: "server-1")
        // The first dump of so small a table takes no longer.
        try await Task.sleep(for: .milliseconds(300))
        var recording = ProgramRecording()
        recording.traffic = try await ProgramTraffic.make(lab, directory)
        guard ContinuousClock.now < begin + .seconds(window) else {
            throw LabTraffic.Unexpected(what: "the programs took longer than the window of \(window) s")
        }
        recording.routerTable = try await lab.conntrackTable(of: NetworkLab.router)
        recording.sentRules = try await lab.run(on: "client-0", "nft", ["-j", "list", "table", "inet", "sent"]).output
        recording.results = try await answers
        recording.routerFrames = try await router.output
        recording.serverFrames = try await server.output
        return recording
    }

    /// What kubectl netviz answered.
    func result(_ question: Question) throws -> CommandResult {
        let result = try #require(results[question])
        #expect(result.status == .exited(0), "\(result.errorText)")
        return result
    }
}

/// Watches real programs once for all tests of a suite.
struct RecordedPrograms: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let recording = try await ProgramRecording.record()
        try await ProgramRecording.$current.withValue(recording) { try await function() }
    }
}

/// The tests on what was told of real programs.
@Suite("Real programs, watched on the router between them", RecordedPrograms())
struct RealPrograms {
    /// The recording; the suite's trait has made it.
    static func recording() throws -> ProgramRecording { try #require(ProgramRecording.current) }

    /// The flows of an answer in JSON.
    static func flows(_ question: ProgramRecording.Question) throws -> ProgramFlows {
        try ProgramFlows(recording().result(question))
    }
}
