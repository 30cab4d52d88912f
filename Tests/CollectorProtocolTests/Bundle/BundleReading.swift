import CollectorProtocol

/// What a reader gives for a bundle, and why it could not read on.
struct BundleReading: Equatable {
    /// A frame, and the source that it belongs to.
    struct Item: Equatable {
        var message: BundleMessage
        var source: Int?
    }

    var items: [Item] = []
    var failure: BundleError?
    var hasEnded = false

    /// Reads `bytes`, which come in pieces of `arriving`, in pieces of about `pieceSize`.
    init(_ bytes: [UInt8], arriving: Int = .max, pieceSize: Int = 128 * 1024) throws {
        var rest = bytes[...]
        var pieces = BundlePieces(pieceSize: pieceSize)
        var reader = BundleReader()
        while let piece = try pieces.next(from: { buffer in
            let count = min(rest.count, arriving, buffer.freeCapacity)
            for byte in rest.prefix(count) { buffer.append(byte) }
            rest = rest.dropFirst(count)
        }) {
            reader.read(DecodedBundlePiece(piece)) { items.append(Item(message: $0.message, source: $0.source)) }
        }
        reader.finish()
        failure = reader.failure
        hasEnded = reader.hasEnded
    }

    var messages: [BundleMessage] { items.map(\.message) }

    /// How many entries all blocks hold.
    var entries: Int {
        messages.reduce(0) { sum, message in
            guard case .stream(.entries(let block)) = message else { return sum }
            return sum + block.entries.count
        }
    }
}

/// Of the frames of a bundle where each ends; the first is that of the magic.
func frameEnds(_ bundle: [UInt8]) -> [Int] {
    var ends = [BundleFormat.magic.count]
    for length in frameLengths(Array(bundle.dropFirst(BundleFormat.magic.count))) {
        ends.append((ends.last ?? 0) + length)
    }
    return ends
}
