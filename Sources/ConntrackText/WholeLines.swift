/// Cuts a text into pieces of whole lines, so that several can be read at once.
///
/// A line longer than the maximum is cut short, just long enough for its reader to refuse it, and the rest of it is
/// passed over: memory is bounded whatever comes.
package struct WholeLines: Sendable {
    private let pieceSize: Int
    private let maximumLineLength: Int
    /// The beginning of a line whose end has not come yet.
    private var rest: [UInt8] = []
    /// Whether what comes next is the rest of a line that was cut short.
    private var isSkipping = false

    /// - Parameters:
    ///   - pieceSize: about how many bytes a piece has.
    ///   - maximumLineLength: that of the reader of the pieces, in bytes without the newline.
    package init(pieceSize: Int = 64 * 1024, maximumLineLength: Int = 65536) {
        self.pieceSize = max(1, pieceSize)
        self.maximumLineLength = max(1, maximumLineLength)
    }

    /// The next piece, which ends with a newline unless the text does not, or a line was cut short; nil at the end.
    ///
    /// - Parameter source: appends what comes next, nothing at the end of the text.
    package mutating func next(
        from source: (_ buffer: inout OutputSpan<UInt8>) throws -> Void
    ) throws -> [UInt8]? {
        while true {
            var piece: [UInt8] = []
            piece.reserveCapacity(rest.count + pieceSize)
            piece += rest
            rest = []
            let known = piece.count
            try piece.append(addingCapacity: pieceSize, initializingWith: source)
            if piece.count == known { return piece.isEmpty ? nil : piece }
            if isSkipping {
                guard let end = piece.firstIndex(of: Self.newline) else { continue }
                piece.removeSubrange(...end)
                isSkipping = false
            }
            if let end = piece.lastIndex(of: Self.newline) {
                rest = Array(piece[(end + 1)...])
                piece.removeSubrange((end + 1)...)
                return piece
            }
            guard piece.count > maximumLineLength else {
                rest = piece
                continue
            }
            piece.removeSubrange((maximumLineLength + 1)...)
            isSkipping = true
            return piece
        }
    }

    private static let newline = UInt8(ascii: "\n")
}
