/// Names of keys that a caller wants, compared as bytes: no string is made to find one.
package struct JSONKeyNames: Sendable {
    private let heads: [UInt64]
    private let names: [[UInt8]]

    package init(_ names: [String]) {
        self.names = names.map { Array($0.utf8) }
        heads = self.names.map { name in
            let bytes = name.span
            return Self.head(of: bytes)
        }
    }

    /// The position of the name that `text` spells, or nil.
    func position(of text: Span<UInt8>) -> Int? {
        let head = Self.head(of: text)
        for index in 0..<heads.count where heads[index] == head {
            if text.count <= 7 || Self.areEqual(names[index], text) { return index }
        }
        return nil
    }

    private static func areEqual(_ left: [UInt8], _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }

    /// The length and the first seven bytes, which tell nearly all keys of an object apart.
    private static func head(of text: Span<UInt8>) -> UInt64 {
        var head = UInt64(truncatingIfNeeded: min(text.count, 255))
        for index in 0..<min(text.count, 7) { head = head << 8 | UInt64(text[index]) }
        return head
    }
}

/// The keys of an object that a caller wants, as the cases of an enumeration.
package struct JSONKeyTable<Key: Sendable>: Sendable {
    package let names: JSONKeyNames
    @usableFromInline let keys: [Key]

    /// The table of all cases, each written in JSON as its raw value.
    package init() where Key: CaseIterable & RawRepresentable, Key.RawValue == String {
        keys = Array(Key.allCases)
        names = JSONKeyNames(keys.map(\.rawValue))
    }

    /// The key at a position of `names`.
    @inlinable
    package func key(at position: Int) -> Key { keys[position] }
}

/// What `JSONReader.nextKey(in:)` found.
package enum JSONKeyMatch: Hashable, Sendable {
    /// The name at this position.
    case known(Int)
    /// A key that is not wanted.
    case other
    /// The end of the object.
    case end
}
