import CollectorProtocol
import ConntrackText
import FlowGraph
import JSONText
import NetModel
import Rendering

/// A file of conntrack's text, on its way into the table.
struct ConntrackTextFile {
    /// How many malformed lines of a file are told one by one.
    private static let toldLines = 5

    private let name: String
    private let tables: CollectedTables
    private let position: Int
    private var lines = 0
    private var entries = 0
    private var malformedLines = 0
    private var told = 0
    private var firstMalformed: String?

    /// What one piece of the file holds.
    private struct Piece: Sendable {
        let lines: ParsedLines
        let counts: EntryCounts
        let frames: [UInt8]

        init(_ text: [UInt8], isRecorded: Bool) {
            lines = ParsedLines(text, keptMalformed: toldLines)
            counts = EntryCounts(EntryBlock(entries: lines.entries))
            frames = isRecorded ? EntryFrames.frames(of: lines.entries) : []
        }
    }

    /// Reads a file to its end. Lines that cannot be read are told and left out.
    ///
    /// - Throws: when it cannot be read, or when nothing in it is conntrack's.
    static func read(
        _ argument: ObserverArgument,
        from source: @escaping ByteSource,
        into tables: CollectedTables
    ) async throws {
        let observer = argument.observer
        let position = await tables.begin(
            CollectedTables.Source(name: observer.name, isNode: observer.isNode, mode: .text))
        var file = ConntrackTextFile(name: argument.fileName, tables: tables, position: position)
        var lines = WholeLines()
        let isRecorded = tables.isRecorded
        try await OrderedWork.run(
            next: { try lines.next(from: source) },
            work: { Piece($0, isRecorded: isRecorded) },
            take: { try await file.take($0) }
        )
        try await file.conclude()
    }

    private init(name: String, tables: CollectedTables, position: Int) {
        self.name = name
        self.tables = tables
        self.position = position
    }

    private mutating func take(_ piece: Piece) async throws {
        await tables.take(piece.lines.entries, counts: piece.counts, frames: piece.frames[...], from: position)
        for line in piece.lines.malformed {
            let line = MalformedLine(line: lines + line.line, reason: line.reason)
            if firstMalformed == nil { firstMalformed = line.description }
            guard told < Self.toldLines else { break }
            await tables.tell("warning: \(name): \(line); the line is left out")
            told += 1
        }
        lines += piece.lines.counts.lines
        entries += piece.lines.counts.entries
        malformedLines += piece.lines.counts.malformed
    }

    private func conclude() async throws(NetvizError) {
        let untold = malformedLines - told
        if untold > 0 { await tables.tell("warning: \(name): \(untold) more malformed lines are left out") }
        await tables.end(malformedLines: malformedLines, of: position)
        if entries == 0, let firstMalformed {
            throw NetvizError(
                .input,
                "\(name) holds no conntrack entry in \(lines) line\(lines == 1 ? "" : "s"); the first that is not one: \(firstMalformed)",
                remedy: "Give what 'conntrack -L', 'conntrack -E' or /proc/net/nf_conntrack printed."
            )
        }
    }
}
