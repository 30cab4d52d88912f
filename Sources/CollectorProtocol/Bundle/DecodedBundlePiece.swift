/// What some frames of a bundle say, which came one after the other.
package struct DecodedBundlePiece: Sendable {
    /// A frame that is good by itself.
    struct Frame: Sendable {
        var message: BundleMessage
        var checksum: UInt32
        /// Where in `bytes` it is.
        var range: Range<Int>
    }

    let bytes: [UInt8]
    /// Where in the file `bytes` begins.
    let offset: UInt64
    let frames: [Frame]
    /// Why the file cannot be read on behind these frames.
    let failure: BundleError?
    /// Where in the file it ends, as far as it is good.
    let end: UInt64

    /// Decodes the frames of a piece up to the first that is damaged. Pieces are independent of each other.
    package init(_ piece: BundlePiece) {
        let bytes = piece.bytes
        var frames: [Frame] = []
        var failure: BundleError?
        var decoder = FrameDecoder()
        var start = piece.start
        frames.reserveCapacity(piece.ends.count)
        for end in piece.ends {
            let frame = bytes.span.extracting(start..<end)
            do throws(BundleError.Reason) {
                let checksum = try Self.checksum(of: frame)
                let message = try decoder.bundleMessage(frame)
                frames.append(Frame(message: message, checksum: checksum, range: start..<end))
            } catch {
                failure = BundleError(offset: piece.offset + UInt64(start), reason: error)
                break
            }
            start = end
        }
        self.bytes = bytes
        offset = piece.offset
        self.frames = frames
        self.failure = failure ?? piece.failure
        end = piece.offset + UInt64(start)
    }

    private static func checksum(of frame: Span<UInt8>) throws(BundleError.Reason) -> UInt32 {
        do throws(FrameError.Reason) {
            return try FrameDecoder.checksum(of: frame)
        } catch {
            throw .frame(error)
        }
    }
}
