/// The keys of an object that a caller wants, compared as bytes: no string is made to find one.
package struct JSONKeyTable<Key: Hashable & Sendable>: Sendable {
    private struct Entry: Sendable {
        let bytes: [UInt8]
        let head: UInt64
        let key: Key
    }

    private let entries: [Entry]

    /// The table of all cases, each written in JSON as its raw value.
    package init() where Key: CaseIterable & RawRepresentable, Key.RawValue == String {
        entries = Key.allCases.map { key in
            let bytes = Array(key.rawValue.utf8)
            return Entry(bytes: bytes, head: Self.head(of: bytes.span), key: key)
        }
    }

    /// The key that `text` spells, or nil.
    package func key(_ text: Span<UInt8>) -> Key? {
        let head = Self.head(of: text)
        search: for index in entries.indices where entries[index].head == head {
            let bytes = entries[index].bytes
            guard bytes.count == text.count else { continue }
            for position in 0..<text.count where bytes[position] != text[position] { continue search }
            return entries[index].key
        }
        return nil
    }

    /// The length and the first seven bytes, which tell nearly all keys of an object apart.
    private static func head(of text: Span<UInt8>) -> UInt64 {
        var head = UInt64(truncatingIfNeeded: text.count) & 0xFF
        for index in 0..<min(text.count, 7) { head = head << 8 | UInt64(text[index]) }
        return head
    }
}
