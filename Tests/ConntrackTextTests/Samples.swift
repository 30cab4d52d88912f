import Glibc
import Testing

/// A file of the tests' data.
struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]

    var testDescription: String { name }
    var lines: [String] { String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init) }
    /// Written to be refused, or at least to be odd.
    var isHostile: Bool { name.hasPrefix("hostile") }
}

enum Samples {
    /// The directory `Tests`.
    private static let tests = #filePath.split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" }

    /// What the tools printed on a machine with traffic of all kinds, and hostile files; the fuzzer begins with them.
    static let corpus = [
        "dump-plain.txt", "dump-extended.txt", "dump-id-ktimestamp-labels.txt", "dump-plain-ipv6.txt", "proc.txt",
        "events-plain.txt", "events-timestamp-id-extended-ktimestamp.txt", "events-ipv6.txt",
        "hostile-numbers.txt", "hostile-structure.txt", "hostile-bytes.bin", "hostile-addresses.txt",
    ].map { read("Corpus/ConntrackText/\($0)", as: $0) }

    /// Two nodes of a cluster, each as conntrack and as /proc print it.
    static let cluster = [
        "node1.conntrack.txt", "node1.nf_conntrack.txt", "node2.conntrack.txt", "node2.nf_conntrack.txt",
    ].map { read("Fixtures/two-node-cluster/\($0)", as: $0) }

    static let all = corpus + cluster
    static let genuine = all.filter { !$0.isHostile }

    private static func read(_ path: String, as name: String) -> Sample {
        var bytes: [UInt8] = []
        let descriptor = unsafe open("\(tests)/\(path)", O_RDONLY)
        guard descriptor >= 0 else {
            Issue.record("\(tests)/\(path) cannot be opened")
            return Sample(name: name, bytes: [])
        }
        defer { close(descriptor) }
        var piece = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return Sample(name: name, bytes: bytes)
    }
}
