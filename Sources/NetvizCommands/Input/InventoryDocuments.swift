/// The documents of the inventories that bundles hold, on their way to the one that reads them.
final class InventoryDocuments: Sendable {
    struct Document: Sendable {
        /// The bundle, for messages.
        let file: String
        let bytes: [UInt8]
    }

    /// The documents, as they come; it is over after `finish`.
    let stream: AsyncStream<Document>
    private let continuation: AsyncStream<Document>.Continuation
    /// The file after which no other comes.
    private let last: String?

    /// - Parameter last: the last of the files that are read; nil where there is none that may hold any.
    init(last: String?) {
        self.last = last
        (stream, continuation) = AsyncStream.makeStream()
        if last == nil { continuation.finish() }
    }

    func add(_ bytes: [UInt8], of file: String) {
        continuation.yield(Document(file: file, bytes: bytes))
    }

    /// No document of a file follows: what was collected is of use before the rest of the last one was read.
    func isComplete(_ file: String) {
        if file == last { continuation.finish() }
    }

    /// No document follows.
    func finish() {
        continuation.finish()
    }
}
