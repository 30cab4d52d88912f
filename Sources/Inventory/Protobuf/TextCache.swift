import ProtobufReader

/// Texts and labels that came lately, so that the thousands of objects that share a node, an owner or all labels share
/// one string or dictionary each. Of a fixed size: what comes later takes the place of what came before.
struct TextCache: Sendable {
    /// A power of two.
    private static let slotCount = 4096
    /// Longer ones are hardly ever shared.
    private static let maximumLength = 1024
    /// Strings that fit into the value itself (the standard library's small strings) gain nothing.
    private static let inlineLength = 15

    private struct Labels {
        let bytes: [UInt8]
        let labels: [String: String]
    }

    private var texts = [String](repeating: "", count: slotCount)
    private var labels = [Labels?](repeating: nil, count: slotCount)

    /// The string that a field holds.
    mutating func text(_ field: ProtobufField, in bytes: Span<UInt8>) throws(ProtobufError) -> String {
        let range = try field.bytes()
        guard range.count > Self.inlineLength, range.count <= Self.maximumLength else {
            return try field.string(in: bytes)
        }
        let slot = Self.slot(of: bytes.extracting(range))
        if Self.areEqual(texts[slot].utf8Span.span, bytes.extracting(range)) { return texts[slot] }
        texts[slot] = try field.string(in: bytes)
        return texts[slot]
    }

    /// The map of strings that the encoded entries in `range` make, or what `decode` makes of them.
    mutating func labels(
        _ range: Range<Int>,
        in bytes: Span<UInt8>,
        decode: () throws(ProtobufError) -> [String: String]
    ) throws(ProtobufError) -> [String: String] {
        guard range.count <= Self.maximumLength else { return try decode() }
        let text = bytes.extracting(range)
        let slot = Self.slot(of: text)
        if let known = labels[slot], Self.areEqual(known.bytes.span, text) { return known.labels }
        let decoded = try decode()
        var copy: [UInt8] = []
        copy.reserveCapacity(text.count)
        for index in text.indices { copy.append(text[index]) }
        labels[slot] = Labels(bytes: copy, labels: decoded)
        return decoded
    }

    private static func slot(of text: Span<UInt8>) -> Int {
        var hash = UInt64(truncatingIfNeeded: text.count)
        var index = 0
        while index + 8 <= text.count {
            // Safe: the eight bytes are within the span, need no alignment, and any eight bytes are a UInt64.
            let word = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            hash = product.high ^ product.low
            index += 8
        }
        while index < text.count {
            hash = (hash ^ UInt64(text[index])) &* 0x9E37_79B9_7F4A_7C15
            index += 1
        }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) & UInt64(slotCount - 1))
    }

    private static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
