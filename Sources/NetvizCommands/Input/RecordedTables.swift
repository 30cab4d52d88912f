import ConntrackText
import FlowGraph
import NetModel
import Rendering

/// Conntrack text from files becomes a table of connections and its coverage.
///
/// Pieces of a file are parsed side by side, on as many cores as there are, and joined in their order by one.
struct RecordedTables {
    private var table = ConnectionTable()
    private var sources: [Coverage.Source] = []
    private let context: CommandContext
    /// How many malformed lines of a file are told one by one.
    private static let toldLines = 5
    /// How many pieces are parsed ahead of the one that is joined.
    private static let piecesAhead = 8

    private init(context: CommandContext) {
        self.context = context
    }

    /// Reads all files to their ends. Lines that cannot be read are told and left out.
    ///
    /// - Throws: when a file cannot be read, or when nothing in it is conntrack's.
    static func read(
        _ arguments: [ObserverArgument],
        in context: CommandContext
    ) async throws -> (table: ConnectionTable, sources: [Coverage.Source]) {
        var tables = RecordedTables(context: context)
        for argument in arguments { try await tables.read(argument) }
        return (tables.table, tables.sources)
    }

    /// One file while it is read.
    private struct File {
        let name: String
        let observer: UInt16
        var source: Coverage.Source
        var lines = 0
        var told = 0
        var firstMalformed: String?
    }

    private mutating func read(_ argument: ObserverArgument) async throws {
        let source = try context.open(argument.path)
        var file = File(
            name: PrintableText.escaped(argument.path == "-" ? "standard input" : argument.path),
            observer: table.register(argument.observer),
            source: Coverage.Source(name: argument.observer.name, isNode: argument.observer.isNode)
        )
        try await withThrowingTaskGroup(of: (Int, ParsedLines).self) { group in
            var lines = WholeLines()
            var parsed: [Int: ParsedLines] = [:]
            var started = 0
            var joined = 0
            var isOver = false
            while true {
                while !isOver, started - joined < Self.piecesAhead {
                    guard let piece = try lines.next(from: source) else {
                        isOver = true
                        break
                    }
                    if started == 0 { try Self.refuseOtherForms(piece.span, file: file.name) }
                    let number = started
                    group.addTask { (number, ParsedLines(piece, keptMalformed: Self.toldLines)) }
                    started += 1
                }
                if let next = parsed.removeValue(forKey: joined) {
                    join(next, of: &file)
                    joined += 1
                } else if let (number, piece) = try await group.next() {
                    parsed[number] = piece
                } else {
                    break
                }
            }
        }
        try conclude(file)
    }

    private mutating func join(_ piece: ParsedLines, of file: inout File) {
        table.add(piece.entries, observer: file.observer)
        for line in piece.malformed {
            let line = MalformedLine(line: file.lines + line.line, reason: line.reason)
            if file.firstMalformed == nil { file.firstMalformed = line.description }
            guard file.told < Self.toldLines else { break }
            context.tell("warning: \(file.name): \(line); the line is left out")
            file.told += 1
        }
        let counts = piece.counts
        file.lines += counts.lines
        file.source.entries += counts.entries
        file.source.malformedLines += counts.malformed
        file.source.countedEntries += counts.withCounters
        file.source.countableEntries += counts.countable
        file.source.hasTimestamps = file.source.hasTimestamps || counts.withAge > 0
        file.source.hasEvents = file.source.hasEvents || counts.events > 0
        file.source.hasDump = file.source.hasDump || counts.events < counts.entries
    }

    private mutating func conclude(_ file: File) throws(NetvizError) {
        let untold = file.source.malformedLines - file.told
        if untold > 0 { context.tell("warning: \(file.name): \(untold) more malformed lines are left out") }
        if file.source.entries == 0, let first = file.firstMalformed {
            throw NetvizError(
                .input,
                "\(file.name) holds no conntrack entry in \(file.lines) line\(file.lines == 1 ? "" : "s"); the first that is not one: \(first)",
                remedy: "Give what 'conntrack -L', 'conntrack -E' or /proc/net/nf_conntrack printed."
            )
        }
        if let known = sources.firstIndex(where: { $0.name == file.source.name && $0.isNode == file.source.isNode }) {
            sources[known].add(file.source)
        } else {
            sources.append(file.source)
        }
    }

    /// Something that is plainly another kind of file is named as what it is, not line by line.
    private static func refuseOtherForms(_ piece: Span<UInt8>, file: String) throws(NetvizError) {
        if piece.count >= 2, piece[0] == 0x1F, piece[1] == 0x8B {
            throw NetvizError(.input, "\(file) is compressed by gzip", remedy: "Give it as '--from -' behind 'zcat'.")
        }
        if piece.count >= 2, piece[0] == 0xFF && piece[1] == 0xFE || piece[0] == 0xFE && piece[1] == 0xFF {
            throw NetvizError(.input, "\(file) is UTF-16 text", remedy: "Save it as UTF-8.")
        }
        for index in piece.indices {
            switch piece[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "{"):
                throw NetvizError(
                    .input,
                    "\(file) is JSON, not conntrack's text",
                    remedy: "Objects of the cluster are given with --inventory."
                )
            default: return
            }
        }
    }
}
