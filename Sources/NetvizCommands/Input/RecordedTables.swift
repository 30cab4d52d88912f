import ConntrackText
import FlowGraph
import NetModel
import Rendering

/// Conntrack text from files becomes a table of connections and its coverage.
struct RecordedTables {
    private var table = ConnectionTable()
    private var sources: [Coverage.Source] = []
    private let context: CommandContext
    /// How many malformed lines of a file are told one by one.
    private static let toldLines = 5
    private static let pieceSize = 256 * 1024

    private init(context: CommandContext) {
        self.context = context
    }

    /// Reads all files to their ends. Lines that cannot be read are told and left out.
    ///
    /// - Throws: when a file cannot be read, or when nothing in it is conntrack's.
    static func read(
        _ arguments: [ObserverArgument],
        in context: CommandContext
    ) throws(NetvizError) -> (table: ConnectionTable, sources: [Coverage.Source]) {
        var tables = RecordedTables(context: context)
        for argument in arguments { try tables.read(argument) }
        return (tables.table, tables.sources)
    }

    private mutating func read(_ argument: ObserverArgument) throws(NetvizError) {
        let source = try context.open(argument.path)
        let observer = table.register(argument.observer)
        let file = PrintableText.escaped(argument.path == "-" ? "standard input" : argument.path)
        var reader = ConntrackTextReader()
        var countable = 0
        var first: MalformedLine?
        let tell = context.tell
        var told = 0
        func malformed(_ line: MalformedLine) {
            if first == nil { first = line }
            told += 1
            if told <= Self.toldLines { tell("warning: \(file): \(line); the line is left out") }
        }
        func take(_ entry: ConntrackEntry) {
            if entry.event == nil || entry.event == .destroy { countable += 1 }
            table.add(entry, observer: observer)
        }
        var buffer: [UInt8] = []
        var isFirstPiece = true
        while true {
            buffer.removeAll(keepingCapacity: true)
            do {
                try buffer.append(addingCapacity: Self.pieceSize) { try source(&$0) }
            } catch {
                throw error as? NetvizError ?? NetvizError(.input, "cannot read \(file): \(error)")
            }
            guard !buffer.isEmpty else { break }
            if isFirstPiece {
                try Self.refuseOtherForms(buffer.span, file: file)
                isFirstPiece = false
            }
            reader.read(buffer.span, entry: take, malformed: malformed)
        }
        reader.finish(entry: take, malformed: malformed)
        if told > Self.toldLines {
            context.tell("warning: \(file): \(told - Self.toldLines) more malformed lines are left out")
        }
        if reader.counts.entries == 0, let first {
            throw NetvizError(
                .input,
                "\(file) holds no conntrack entry in \(reader.counts.lines) lines; the first that is not one: \(first)",
                remedy: "Give what 'conntrack -L', 'conntrack -E' or /proc/net/nf_conntrack printed."
            )
        }
        record(reader.counts, countable: countable, of: argument.observer)
    }

    /// Something that is plainly another kind of file is named as what it is, not line by line.
    private static func refuseOtherForms(_ piece: Span<UInt8>, file: String) throws(NetvizError) {
        if piece.count >= 2, piece[0] == 0x1F, piece[1] == 0x8B {
            throw NetvizError(.input, "\(file) is compressed by gzip", remedy: "Give it as '--from -' behind 'zcat'.")
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

    private mutating func record(_ counts: ConntrackTextCounts, countable: Int, of observer: Observer) {
        let position =
            sources.firstIndex { $0.name == observer.name && $0.isNode == observer.isNode }
            ?? {
                sources.append(Coverage.Source(name: observer.name, isNode: observer.isNode))
                return sources.count - 1
            }()
        sources[position].entries += counts.entries
        sources[position].malformedLines += counts.malformed
        sources[position].countedEntries += counts.withCounters
        sources[position].countableEntries += countable
        sources[position].hasTimestamps = sources[position].hasTimestamps || counts.withAge > 0
        sources[position].hasEvents = sources[position].hasEvents || counts.events > 0
        sources[position].hasDump = sources[position].hasDump || counts.events < counts.entries
    }
}
