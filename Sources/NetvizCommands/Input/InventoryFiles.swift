import Inventory
import JSONText
import Rendering
import TerminalText

/// Objects of the cluster from files and bundles.
enum InventoryFiles {
    /// What was read, and what is to be said of it.
    struct Contents: Sendable {
        var inventory: Inventory
        /// What could not be used, in lines for the user.
        var lines: [String] = []
        /// Why one of the files holds nothing that is of use.
        var failure: NetvizError?
    }

    /// Reads all files, and the documents of bundles, into one inventory. What cannot be used is told by the lines, the
    /// rest is used.
    ///
    /// - Parameter tables: records the objects, where a recording is wanted.
    /// - Throws: when a file cannot be read.
    @concurrent
    static func read(
        _ paths: [String],
        _ documents: InventoryDocuments,
        recordedBy tables: CollectedTables,
        in context: CommandContext
    ) async throws -> Contents {
        var reader = InventoryReader()
        for path in paths {
            let source = try context.open(path)
            reader.read(path == "-" ? "standard input" : path, from: source)
        }
        for await document in documents.stream { reader.read(document.file, document: document.bytes) }
        reader.finish()
        if tables.isRecorded { try await record(reader.objects, by: tables) }
        var contents = Contents(inventory: Inventory(reader.objects))
        for problem in reader.problems {
            let text = PrintableText.escaped(problem.description)
            if problem.severity == .error {
                contents.failure = contents.failure ?? NetvizError(.input, text)
            } else {
                contents.lines.append("\(problem.severity.rawValue): \(text)")
            }
        }
        return contents
    }

    /// The objects that a cluster's API server gave.
    ///
    /// - Parameters:
    ///   - lines: what could not be read of them.
    ///   - tables: records the objects, where a recording is wanted.
    @concurrent
    static func contents(
        of objects: InventoryObjects,
        _ lines: [String],
        recordedBy tables: CollectedTables
    ) async throws -> Contents {
        if tables.isRecorded { try await record(objects, by: tables) }
        return Contents(inventory: Inventory(objects), lines: lines)
    }

    private static func record(_ objects: InventoryObjects, by tables: CollectedTables) async throws {
        var documents: [(bytes: [UInt8], isLast: Bool)] = []
        try InventoryWriter.write(objects) { documents.append(($0, $1)) }
        for document in documents { await tables.record(inventory: document.bytes, isEnd: document.isLast) }
    }
}
