/// Where a reader stands between the tokens of a JSON text: the open arrays and objects, and what may come next.
struct JSONStructure {
    /// Arrays and objects within one another that a reader follows.
    static let maximumDepth = 512

    /// What may come next.
    enum Expectation: UInt8 {
        case value
        /// A key or the end of the object that was just opened.
        case firstKey
        /// A key, after a comma.
        case key
        case colon
        /// A value or the end of the array that was just opened.
        case firstElement
        /// A comma or the end of the innermost array or object; outside all, the end of the document.
        case afterValue

        /// For messages.
        var phrase: String {
            switch self {
            case .value: "a value"
            case .firstKey: "a key or '}'"
            case .key: "a key"
            case .colon: "':'"
            case .firstElement: "a value or ']'"
            case .afterValue: "',' or the end of the object or array"
            }
        }
    }

    private(set) var depth = 0
    var expectation = Expectation.value
    /// One bit for each open container, set for an object. A fixed size lets the whole be copied in and out of the
    /// scanning loops.
    private var objects = InlineArray<8, UInt64>(repeating: 0)

    /// Whether the innermost container is an object.
    var isInObject: Bool {
        guard depth > 0 else { return false }
        let index = depth - 1
        return objects[index >> 6] >> UInt64(index & 63) & 1 == 1
    }

    /// Opens a container; false when there are too many.
    mutating func open(object: Bool) -> Bool {
        guard depth < Self.maximumDepth else { return false }
        let bit: UInt64 = 1 << UInt64(depth & 63)
        if object { objects[depth >> 6] |= bit } else { objects[depth >> 6] &= ~bit }
        depth += 1
        expectation = object ? .firstKey : .firstElement
        return true
    }

    /// Closes the innermost container.
    mutating func close() {
        depth = max(depth - 1, 0)
        expectation = .afterValue
    }
}
