/// The last frame of a bundle.
struct BundleEnd: Hashable {
    /// Frames before it.
    var frames: UInt64 = 0
    /// The CRC-32 of their checksums.
    var checksum: UInt32 = 0
}

extension BundleEnd {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, frames)
        payload.appendField(2, checksum)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init()
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: frames = try field.unsigned()
            case 2: checksum = try field.unsigned()
            default: break
            }
        }
    }
}

/// What of a bundle passed: the totals that BUNDLE END tells and its reader checks.
struct BundleTally: Sendable {
    private(set) var frames: UInt64 = 0
    private var checksums = CRC32()

    var end: BundleEnd { BundleEnd(frames: frames, checksum: checksums.value) }

    mutating func note(checksum: UInt32) {
        frames &+= 1
        checksums.update(littleEndian: checksum)
    }

    func check(_ end: BundleEnd) throws(FrameError.Reason) {
        guard end.frames == frames else { throw .endDoesNotFit(total: "frames", said: end.frames, seen: frames) }
        let checksum = checksums.value
        guard end.checksum == checksum else {
            throw .endDoesNotFit(total: "checksum", said: UInt64(end.checksum), seen: UInt64(checksum))
        }
    }
}
