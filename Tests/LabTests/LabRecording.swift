import TestSupport
import Testing

/// What the lab's kernel wrote while `LabTraffic` was made, in files.
struct LabRecording: Sendable {
    /// The recording of the suite that runs.
    @TaskLocal static var current: LabRecording?

    /// The folder with the files.
    let directory: String

    /// What a host wrote, by how it was asked.
    enum Form: String, CaseIterable {
        /// `conntrack -L`, which gives both families.
        case list
        /// `conntrack -L -f ipv6`.
        case ipv6
        /// `/proc/net/nf_conntrack`.
        case proc
        /// `conntrack -E -o timestamp`, from before the first connection to after the last.
        case events
    }

    func path(of host: String, _ form: Form) -> String { "\(directory)/\(host).\(form.rawValue)" }

    func text(of host: String, _ form: Form) throws -> String { try readText(path(of: host, form)) }

    static let hosts = [NetworkLab.router] + LabCluster.topology.hosts.map(\.name)

    /// Builds the lab, makes the traffic and records every host's table, and the events of three.
    static func record(to directory: String) async throws -> LabRecording {
        let recording = LabRecording(directory: directory)
        let page = [UInt8](repeating: 0x78, count: LabTraffic.pageSize)
        try writeFile(page, to: directory + "/page")
        try await withNetworkLab(LabCluster.topology) { lab in
            try await lab.withServers(LabTraffic.servers(directory: directory)) {
                try await recording.withEvents(of: ["router", "client-1", "server-0"][...], in: lab) {
                    try await LabTraffic.make(in: lab)
                }
                for host in hosts {
                    try await recording.write(lab.conntrackTable(of: host), of: host, .list)
                    try await recording.write(lab.conntrackTable(of: host, ["-f", "ipv6"]), of: host, .ipv6)
                    try await recording.write(lab.procConntrackTable(of: host), of: host, .proc)
                }
            }
        }
        return recording
    }

    private func withEvents(
        of hosts: ArraySlice<String>,
        in lab: NetworkLab,
        _ body: () async throws -> Void
    ) async throws {
        guard let host = hosts.first else { return try await body() }
        let recorded = try await lab.withConntrackEvents(on: host) {
            try await withEvents(of: hosts.dropFirst(), in: lab, body)
        }
        try write(recorded.events, of: host, .events)
    }

    private func write(_ text: String, of host: String, _ form: Form) throws {
        try writeFile(text.utf8, to: path(of: host, form))
    }
}

/// Records the lab once for all tests of a suite.
struct RecordedLab: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let recording = try await LabRecording.record(to: directory)
            try await LabRecording.$current.withValue(recording) { try await function() }
        }
    }
}

/// The tests on what was recorded of the lab's traffic.
@Suite(RecordedLab())
struct RecordedTraffic {
    /// The recording; the suite's trait has made it.
    static func recording() throws -> LabRecording { try #require(LabRecording.current) }
}
