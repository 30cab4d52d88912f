/// Cuts a bundle into pieces of whole frames, so that several can be decoded at once. What the frames hold is not
/// looked at, but for their lengths.
package struct BundlePieces: Sendable {
    private let pieceSize: Int
    /// The beginning of a frame whose rest has not come yet.
    private var rest: [UInt8] = []
    /// Where in the file `rest` begins.
    private var offset: UInt64 = 0
    private var isOver = false

    /// - Parameter pieceSize: about how many bytes a piece has.
    package init(pieceSize: Int = 128 * 1024) {
        self.pieceSize = max(1, pieceSize)
    }

    /// The next piece; nil at the end of the file, or after the failure of the piece before.
    ///
    /// - Parameter source: appends what comes next, nothing at the end of the file.
    package mutating func next(
        from source: (_ buffer: inout OutputSpan<UInt8>) throws -> Void
    ) throws -> BundlePiece? {
        while !isOver {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(rest.count + pieceSize)
            bytes += rest
            rest = []
            let known = bytes.count
            try bytes.append(addingCapacity: pieceSize, initializingWith: source)
            if let piece = cut(bytes, isAtEnd: bytes.count == known) { return piece }
        }
        return nil
    }

    /// The whole frames of what is there; nil where there are none and more has to come.
    private mutating func cut(_ bytes: [UInt8], isAtEnd: Bool) -> BundlePiece? {
        var position = 0
        if offset == 0 {
            let magic = BundleFormat.magic
            guard !bytes.isEmpty, bytes.prefix(magic.count).elementsEqual(magic.prefix(bytes.count)) else {
                return last(bytes, ends: [], .notBundle, at: 0)
            }
            guard bytes.count >= magic.count else {
                if isAtEnd { return last(bytes, ends: [], .cutOff(bytes.count), at: 0) }
                rest = bytes
                return nil
            }
            position = magic.count
        }
        let start = position
        var ends: [Int] = []
        while position < bytes.count, let length = FrameDecoder.length(bytes.span.extracting(position...)) {
            let size: Int
            do throws(FrameError.Reason) {
                size = try FrameDecoder.size(ofFrameWith: length)
            } catch {
                return last(bytes, start: start, ends: ends, .frame(error), at: position)
            }
            guard size <= bytes.count - position else { break }
            position += size
            ends.append(position)
        }
        if isAtEnd {
            guard position < bytes.count else { return last(bytes, start: start, ends: ends, nil, at: position) }
            return last(bytes, start: start, ends: ends, .cutOff(bytes.count - position), at: position)
        }
        guard !ends.isEmpty else {
            rest = bytes
            return nil
        }
        rest = Array(bytes[position...])
        defer { offset += UInt64(position) }
        return BundlePiece(bytes: bytes, start: start, ends: ends, offset: offset, failure: nil)
    }

    private mutating func last(
        _ bytes: [UInt8],
        start: Int = 0,
        ends: [Int],
        _ reason: BundleError.Reason?,
        at position: Int
    ) -> BundlePiece {
        isOver = true
        let failure = reason.map { BundleError(offset: offset + UInt64(position), reason: $0) }
        return BundlePiece(bytes: bytes, start: start, ends: ends, offset: offset, failure: failure)
    }
}

/// Some frames of a bundle, one after the other.
package struct BundlePiece: Sendable {
    let bytes: [UInt8]
    /// Where in `bytes` the first frame begins.
    let start: Int
    /// Where in `bytes` each frame ends.
    let ends: [Int]
    /// Where in the file `bytes` begins.
    let offset: UInt64
    /// Why the file cannot be read on behind these frames.
    let failure: BundleError?
}
