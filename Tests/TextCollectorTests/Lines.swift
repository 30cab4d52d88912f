/// A line of a listing: a TCP connection from a port of 10.0.0.1 to 10.0.0.2:80.
func listed(
    _ port: Int, id: Int? = nil, bytes: (Int, Int)? = (100, 200), state: String = "ESTABLISHED", timeout: Int = 300
)
    -> String
{
    "ipv4     2 tcp      6 \(timeout) \(state) \(tuples(port, bytes, flags: "")) [ASSURED] mark=0 delta-time=9 use=1 id=\(id ?? port)\n"
}

/// A line of an event, at a moment in nanoseconds of the node's clock.
func event(
    _ kind: String, _ port: Int, id: Int? = nil, at moment: Int64, bytes: (Int, Int)? = nil, state: String = "SYN_SENT"
)
    -> String
{
    let seconds = moment / 1_000_000_000
    let micros = String(1_000_000 + moment / 1000 % 1_000_000).dropFirst()
    let flags = kind == "NEW" ? "[UNREPLIED] " : ""
    return
        "[\(seconds).\(micros)]\t[\(kind)] ipv4     2 tcp      6 300 \(state) \(tuples(port, bytes, flags: flags)) id=\(id ?? port)\n"
}

private func tuples(_ port: Int, _ bytes: (Int, Int)?, flags: String) -> String {
    func counters(_ count: Int?) -> String { count.map { " packets=\($0 / 50) bytes=\($0)" } ?? "" }
    return "src=10.0.0.1 dst=10.0.0.2 sport=\(port) dport=80\(counters(bytes?.0)) \(flags)"
        + "src=10.0.0.2 dst=10.0.0.1 sport=80 dport=\(port)\(counters(bytes?.1))"
}

/// What conntrack(8) says of a listing.
func shown(_ count: Int) -> String { "conntrack v1.4.7 (conntrack-tools): \(count) flow entries have been shown.\n" }

/// A whole listing.
func listing(_ lines: [String]) -> ScriptedPrograms.Start {
    .runs([.out(lines.joined()), .err(shown(lines.count)), .end(0)])
}

let listens = "NOTICE: Netlink socket buffer size has been set to 67108864 bytes.\n"

/// A node with conntrack 1.4.7 and nothing else.
func node(
    cut: Int = .max,
    version: String = "1.4.7",
    events: @escaping @Sendable () -> ScriptedPrograms.Start = { .runs([.err(listens), .hang]) },
    files: @escaping @Sendable () -> ScriptedPrograms.Start = { .unavailable },
    other: @escaping @Sendable ([String]) -> ScriptedPrograms.Start = { _ in .unavailable },
    list: @escaping @Sendable (_ command: [String], _ occurrence: Int) -> ScriptedPrograms.Start
) -> ScriptedPrograms {
    ScriptedPrograms(cut: cut) { command, occurrence in
        guard command[0] == "conntrack" else { return command[0] == "cat" ? files() : other(command) }
        switch command[1] {
        case "-V": return .runs([.out("conntrack v\(version) (conntrack-tools)\n"), .end(0)])
        case "-C": return .runs([.out("2\n"), .end(0)])
        case "-S":
            return .runs([
                .out("cpu=0   \tfound=0 invalid=\(occurrence) insert=0 insert_failed=0 drop=0 early_drop=0\n"), .end(0),
            ])
        case "-E": return events()
        default: return list(command, occurrence)
        }
    }
}
