/// A piece of a JSON document with objects of the cluster.
package struct BundleInventoryPiece: Hashable, Sendable {
    package var text: [UInt8]
    /// Whether the document ends with it.
    package var isLast: Bool

    package init(text: [UInt8], isLast: Bool) {
        self.text = text
        self.isLast = isLast
    }
}

extension BundleInventoryPiece {
    /// `part` in place of the whole text.
    func append(_ part: Range<Int>, isLast: Bool, to payload: inout [UInt8]) {
        payload.appendField(1, isLast)
        payload.appendField(2, bytes: text.span.extracting(part))
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(text: [], isLast: false)
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: isLast = try field.boolean()
            case 2: text = try field.bytes(bytes)
            default: break
            }
        }
    }
}
