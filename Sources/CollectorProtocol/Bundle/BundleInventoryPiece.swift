/// A piece of a JSON document with objects of the cluster.
package struct BundleInventoryPiece: Hashable, Sendable {
    package var text: [UInt8]
    /// Whether the document ends with it.
    package var isLast: Bool
    /// Whether no other document follows.
    package var isEnd: Bool

    package init(text: [UInt8], isLast: Bool, isEnd: Bool = false) {
        self.text = text
        self.isLast = isLast
        self.isEnd = isEnd
    }
}

extension BundleInventoryPiece {
    /// `part` in place of the whole text.
    func append(_ part: Range<Int>, isLast: Bool, to payload: inout [UInt8]) {
        payload.appendField(1, isLast)
        payload.appendField(2, bytes: text.span.extracting(part))
        payload.appendField(3, isLast && isEnd)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(text: [], isLast: false)
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: isLast = try field.boolean()
            case 2: text = try field.bytes(bytes)
            case 3: isEnd = try field.boolean()
            default: break
            }
        }
    }
}
