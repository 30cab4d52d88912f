import Glibc

/// Room for a large table: sysctls of the whole machine, which come back to what they were.
struct TableRoom {
    private static let paths = [
        "/proc/sys/net/netfilter/nf_conntrack_max", "/sys/module/nf_conntrack/parameters/hashsize",
    ]
    private let old: [String]

    init(program: String, entries: Int, scratch: String) throws(BenchmarkError) {
        var old: [String] = []
        for path in Self.paths { old.append(try contents(of: path)) }
        self.old = old
        _ = try run([program, "room", "\(entries)"], output: "/dev/null", messages: "\(scratch)/room.err")
    }

    func giveBack() {
        for (path, value) in zip(Self.paths, old) {
            let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            let bytes = Array(value.utf8)
            _ = unsafe write(descriptor, bytes, bytes.count)
            close(descriptor)
        }
    }
}
