import CollectorProtocol
import FlowGraph
import JSONText

/// A file of a packet filter's rules, or of what `conntrack -S` printed, on its way to what drops.
enum RulesTextFile {
    private static let pieceSize = 1 << 18

    /// Reads a file to its end.
    ///
    /// - Throws: when it cannot be read.
    static func read(
        _ argument: ObserverArgument,
        _ form: BundleRulesText.Form,
        from source: ByteSource,
        into tables: CollectedTables
    ) async throws {
        let observer = argument.observer
        let position = await tables.begin(
            CollectedTables.Source(name: observer.name, isNode: observer.isNode, mode: .rules))
        while true {
            var piece: [UInt8] = []
            try piece.append(addingCapacity: pieceSize, initializingWith: source)
            let isLast = piece.isEmpty
            await tables.take(BundleRulesText(form: form, text: piece, isLast: isLast), from: position)
            if isLast { break }
        }
        await tables.end(malformedLines: 0, of: position)
    }
}
