import CollectorProtocol
import Glibc
import NetModel
import TestSupport

/// One network namespace that tracks connections, with values of the sysctls that a test decides.
struct SingleHost {
    let lab: NetworkLab

    static func with<Value>(
        accounting: Int = 0,
        timestamps: Int = 0,
        _ body: (SingleHost) async throws -> Value
    ) async throws -> Value {
        try await LabGate.shared.pass {
            try await withNetworkLab(LabTopology(hosts: [])) { lab in
                let host = SingleHost(lab: lab)
                try await host.run(
                    "sh", "-ec",
                    "cd /proc/sys/net/netfilter; echo \(accounting) > nf_conntrack_acct; echo \(timestamps) > nf_conntrack_timestamp"
                )
                return try await body(host)
            }
        }
    }

    @discardableResult
    func run(_ executable: String, _ arguments: String..., input: String = "") async throws -> String {
        try await lab.runSuccessfully(on: NetworkLab.router, executable, arguments, input: Array(input.utf8))
    }

    func collector(
        _ arguments: String...,
        wrapper: [String] = []
    ) throws -> CollectorProcess {
        try CollectorProcess(of: lab, arguments, wrapper: wrapper)
    }

    /// Does something within the window of a collector, however long it takes: the collector is held meanwhile.
    func within(_ collector: CollectorProcess, _ body: () async throws -> Void) async throws {
        try await lab.waitUntilConntrackIsWatched(on: NetworkLab.router)
        collector.signal(SIGSTOP)
        defer { collector.signal(SIGCONT) }
        try await body()
    }

    /// Accounting and timestamps, as "0 1".
    func switches() async throws -> String {
        let text = try await run(
            "cat", "/proc/sys/net/netfilter/nf_conntrack_acct", "/proc/sys/net/netfilter/nf_conntrack_timestamp")
        return text.split(separator: "\n").joined(separator: " ")
    }

    /// Waits until the switches are as wanted, for at most ten seconds; returns how they are.
    func switches(becoming wanted: String) async throws -> String {
        try await settled(wanted) { try await switches() }
    }

    /// The programs that run in the namespace and the sockets by which runs know of one another; empty when nothing is
    /// left. Waits for that for at most ten seconds.
    func leftovers() async throws -> String {
        try await settled("") {
            let namespace = lab.namespace(of: NetworkLab.router)
            let processes = try await TestSupport.runSuccessfully("ip", ["netns", "pids", namespace])
            let sockets = try await run("cat", "/proc/net/unix").split(separator: "\n").filter { $0.contains("netviz") }
            return processes.split(separator: "\n").joined(separator: " ") + sockets.joined(separator: "\n")
        }
    }

    private func settled(_ wanted: String, _ look: () async throws -> String) async throws -> String {
        let limit = ContinuousClock.now + .seconds(10)
        while true {
            let found = try await look()
            if found == wanted || ContinuousClock.now > limit { return found }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Makes connections to a closed port of this host, each refused at once, from ports that nobody uses twice.
    func refusedConnections(_ count: Int) async throws {
        let program = Repository.path("Tests/CollectorSystemTests/Programs/refused.py")
        try await run("/usr/bin/python3", "-I", "-S", program, "\(count)")
    }

    /// Sends datagrams to this host, each from another port.
    func datagrams(_ count: Int, toPort port: Int) async throws {
        try await run("bash", "-c", "for number in $(seq \(count)); do echo > /dev/udp/127.0.0.1/\(port); done")
    }

    /// Enters connections into the table that nobody makes, as `conntrack -I` does.
    func manyEntries(_ count: Int) async throws {
        let lines = (0..<count).map { number in
            "-I -p tcp -s 10.\(number >> 8 & 255).\(number & 255).1 -d 192.0.2.1 --sport \(1024 + number) --dport 80 "
                + "--state ESTABLISHED -u SEEN_REPLY,ASSURED -t 3600\n"
        }
        try await run("conntrack", "-R", "-", input: lines.joined())
    }
}

extension CollectorMessage {
    /// The kind of the message, for the order of several.
    var word: String {
        switch self {
        case .hello: "HELLO"
        case .clockRequest: "CLOCK REQUEST"
        case .clock: "CLOCK"
        case .start: "START"
        case .entries: "ENTRIES"
        case .rules: "RULES"
        case .notice: "NOTICE"
        case .end: "END"
        case .acknowledgement: "ACKNOWLEDGEMENT"
        case .failure: "FAILURE"
        }
    }

    /// The entries of the message; none where it is of another kind.
    var entries: [ConntrackEntry] {
        if case .entries(let block) = self { block.entries } else { [] }
    }

    var isHello: Bool { word == "HELLO" }
    var isEnd: Bool { word == "END" }
    var isRules: Bool { word == "RULES" }

    var end: End? {
        if case .end(let end) = self { end } else { nil }
    }

    var notice: Notice? {
        if case .notice(let notice) = self { notice } else { nil }
    }

    var failure: Notice? {
        if case .failure(let notice) = self { notice } else { nil }
    }

    var rules: RulesPiece? {
        if case .rules(let piece) = self { piece } else { nil }
    }
}
