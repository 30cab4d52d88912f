/// What one frame of a bundle says.
package enum BundleMessage: Hashable, Sendable {
    case bundle(BundleHead)
    case source(BundleSource)
    /// What follows is of the source with this number.
    case turn(Int)
    case offset(BundleOffset)
    /// A frame of the source's stream.
    case stream(CollectorMessage)
    case rulesText(BundleRulesText)
    case sourceEnd(BundleSourceEnd)
    case inventory(BundleInventoryPiece)
    case warning(BundleWarning)
    /// The end, and the totals that it tells: frames before it, and the checksum of their checksums.
    case end(frames: UInt64, checksum: UInt32)
}

extension FrameDecoder {
    /// What a whole frame of a bundle says, whose checksum was looked at.
    mutating func bundleMessage(_ frame: Span<UInt8>) throws(BundleError.Reason) -> BundleMessage {
        let number = frame[Self.kindPosition]
        let payload = Self.payload(of: frame)
        if number == BundleFrameKind.bundle.rawValue {
            return .bundle(try BundleHead(FieldReader(payload, of: "BUNDLE"), frame))
        }
        do throws(FrameError.Reason) {
            if let kind = FrameKind(rawValue: number) { return .stream(try message(kind, frame)) }
            guard let kind = BundleFrameKind(rawValue: number) else { throw .unknownKind(number) }
            return try Self.ownMessage(kind, payload, frame)
        } catch {
            throw .frame(error)
        }
    }

    private static func ownMessage(
        _ kind: BundleFrameKind,
        _ payload: Range<Int>,
        _ frame: Span<UInt8>
    ) throws(FrameError.Reason) -> BundleMessage {
        switch kind {
        case .bundle: throw .unknownKind(kind.rawValue)
        case .source: return .source(try BundleSource(FieldReader(payload, of: "SOURCE"), frame))
        case .turn: return .turn(try turn(FieldReader(payload, of: "TURN"), frame))
        case .offset: return .offset(try BundleOffset(FieldReader(payload, of: "OFFSET"), frame))
        case .rulesText: return .rulesText(try BundleRulesText(FieldReader(payload, of: "RULES TEXT"), frame))
        case .sourceEnd: return .sourceEnd(try BundleSourceEnd(FieldReader(payload, of: "SOURCE END"), frame))
        case .inventory: return .inventory(try BundleInventoryPiece(FieldReader(payload, of: "INVENTORY"), frame))
        case .warning: return .warning(try BundleWarning(FieldReader(payload, of: "WARNING"), frame))
        case .bundleEnd:
            let end = try BundleEnd(FieldReader(payload, of: "BUNDLE END"), frame)
            return .end(frames: end.frames, checksum: end.checksum)
        }
    }

    private static func turn(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) -> Int {
        var number: UInt32?
        var fields = fields
        while let field = try fields.next(bytes) {
            if field.number == 1 { number = try field.unsigned() }
        }
        guard let number else { throw .undecodable("TURN: the number is missing") }
        return Int(number)
    }
}
