/// Reads a bundle in the order of its frames, from pieces that were decoded before: checks what no frame can say alone.
///
///     var pieces = BundlePieces()
///     var reader = BundleReader()
///     while let piece = try pieces.next(from: source) {
///         reader.read(DecodedBundlePiece(piece)) { item in … }   // decoding can be done beside, several at once
///     }
///     reader.finish()
///     if let failure = reader.failure { … }
package struct BundleReader: Sendable {
    /// A frame in its place.
    package struct Item {
        package let message: BundleMessage
        /// The source that it belongs to; nil for what belongs to none.
        package let source: Int?
        /// Its place among the frames of the piece.
        package let index: Int
        /// Where its bytes are in those of the piece.
        let range: Range<Int>
    }

    /// A source as far as it was read.
    private struct Source: Sendable {
        let mode: BundleSource.Mode
        var tally = StreamTally()
        var entries: UInt64 = 0
        var isOver = false
    }

    /// Why the bundle cannot be read on; nothing is read after it.
    package private(set) var failure: BundleError?
    private var sources: [Source] = []
    private var current: Int?
    private var tally = BundleTally()
    /// Whether all of it was read, its end too.
    package private(set) var hasEnded = false
    /// Where in the file the next frame begins.
    private var offset: UInt64 = 0
    /// The bytes of the document of the inventory that has begun.
    private var documentLength = 0
    private var inventoryHasEnded = false

    package init() {}

    /// Gives `body` each frame of the next piece, up to the first that does not fit those before it.
    package mutating func read<Failure: Error>(
        _ piece: DecodedBundlePiece,
        _ body: (Item) throws(Failure) -> Void
    ) throws(Failure) {
        guard failure == nil else { return }
        for (index, frame) in piece.frames.enumerated() {
            offset = piece.offset + UInt64(frame.range.lowerBound)
            let source: Int?
            do throws(BundleError.Reason) {
                source = try place(frame.message, checksum: frame.checksum)
            } catch {
                failure = BundleError(offset: offset, reason: error)
                return
            }
            try body(Item(message: frame.message, source: source, index: index, range: frame.range))
        }
        offset = piece.end
        if let damage = piece.failure {
            failure = hasEnded ? BundleError(offset: offset, reason: .goesOn) : damage
        }
    }

    /// Says that the file is over.
    package mutating func finish() {
        if failure == nil, !hasEnded { failure = BundleError(offset: offset, reason: .endless) }
    }

    /// The source that a message belongs to; throws where the message may not come here.
    private mutating func place(_ message: BundleMessage, checksum: UInt32) throws(BundleError.Reason) -> Int? {
        guard !hasEnded else { throw .goesOn }
        if case .bundle = message {
            guard tally.frames == 0 else { throw .misplaced("BUNDLE") }
            tally.note(checksum: checksum)
            return nil
        }
        guard tally.frames > 0 else { throw .misplaced("a frame before BUNDLE") }
        let source: Int?
        do throws(FrameError.Reason) {
            source = try ownPlace(message, checksum: checksum)
        } catch {
            throw .frame(error)
        }
        tally.note(checksum: checksum)
        return source
    }

    private mutating func ownPlace(_ message: BundleMessage, checksum: UInt32) throws(FrameError.Reason) -> Int? {
        switch message {
        case .bundle: return nil
        case .source(let source):
            guard source.number == sources.count, sources.count < BundleFormat.mostSources else {
                throw .undecodable("SOURCE: its number is \(source.number) after \(sources.count) sources")
            }
            sources.append(Source(mode: source.mode))
            current = source.number
            return source.number
        case .turn(let number):
            guard number < sources.count else { throw .undecodable("TURN: there is no source \(number) yet") }
            current = number
            return nil
        case .offset: return try position(of: "OFFSET") { $0 == .collector }
        case .rulesText: return try position(of: "RULES TEXT") { $0 == .rules }
        case .stream(let message): return try take(message, checksum: checksum)
        case .sourceEnd(let end):
            let position = try position(of: "SOURCE END") { _ in true }
            guard end.entries == sources[position].entries else {
                throw .endDoesNotFit(total: "entries", said: end.entries, seen: sources[position].entries)
            }
            sources[position].isOver = true
            return position
        case .inventory(let piece):
            guard !inventoryHasEnded else { throw .undecodable("INVENTORY after the end of the inventory") }
            documentLength += piece.text.count
            guard documentLength <= BundleFormat.longestInventoryDocument else {
                throw .undecodable("INVENTORY: a document of more than \(BundleFormat.longestInventoryDocument) bytes")
            }
            if piece.isLast { documentLength = 0 }
            inventoryHasEnded = piece.isEnd
            return nil
        case .warning: return nil
        case .end(let frames, let checksum):
            try tally.check(BundleEnd(frames: frames, checksum: checksum))
            hasEnded = true
            return nil
        }
    }

    /// Takes a frame of a source's stream.
    private mutating func take(_ message: CollectorMessage, checksum: UInt32) throws(FrameError.Reason) -> Int {
        let position: Int
        switch message {
        case .hello, .clock, .rules, .notice, .end, .failure:
            position = try self.position(of: "a frame of a collector") { $0 == .collector }
        case .entries(let block):
            position = try self.position(of: "ENTRIES") { $0 != .rules }
            sources[position].entries += UInt64(block.entries.count)
        case .clockRequest, .start, .acknowledgement:
            throw .undecodable("a frame that only a client sends")
        }
        try sources[position].tally.take(message, checksum: checksum)
        return position
    }

    /// The source whose turn it is.
    private func position(
        of what: String,
        allowedIn isAllowed: (BundleSource.Mode) -> Bool
    ) throws(FrameError.Reason) -> Int {
        guard let current else { throw .undecodable("\(what) before any SOURCE") }
        guard !sources[current].isOver else { throw .undecodable("\(what) after the end of its source") }
        guard isAllowed(sources[current].mode) else {
            throw .undecodable("\(what) in a source of the mode \(sources[current].mode)")
        }
        return current
    }
}

extension DecodedBundlePiece {
    /// What `transform` makes of each frame, in their order.
    package func map<Result>(_ transform: (BundleMessage) -> Result) -> [Result] {
        frames.map { transform($0.message) }
    }

    /// A copy of the bytes of an item that `BundleReader` gave for this piece.
    package func bytes(of item: BundleReader.Item) -> ArraySlice<UInt8> {
        bytes[item.range]
    }
}
