/// The kinds of value that RFC 8259 section 3 knows.
package enum JSONKind: String, Hashable, Sendable {
    case object, array, string, number, boolean, null

    /// With its article, for messages: "an object".
    package var phrase: String {
        switch self {
        case .object: "an object"
        case .array: "an array"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "true or false"
        case .null: "null"
        }
    }
}

/// What is wrong with a JSON text, and where.
package struct JSONError: Error, Hashable, Sendable {
    /// What is wrong.
    package enum Reason: Hashable, Sendable {
        /// The text ends where `expected` should be.
        case unexpectedEnd(expected: String)
        /// A byte that cannot be there.
        case unexpectedByte(UInt8, expected: String)
        /// A value of another kind than the caller asked for.
        case wrongType(found: JSONKind, expected: String)
        /// A number that does not fit what the caller asked for.
        case numberOutOfRange(expected: String)
        /// A string that is not valid Unicode: ill-formed UTF-8, or half of a surrogate pair.
        case invalidUnicode
        /// A string or number longer than the reader keeps, with the limit in bytes.
        case tooLong(limit: Int)
        /// More arrays and objects within one another than the reader follows.
        case tooDeep(limit: Int)
        /// The source of the bytes failed, with its own words.
        case unreadable(String)
    }

    package let reason: Reason
    /// Counted from 1.
    package let line: Int
    /// Bytes before the error, counted from the beginning of the stream.
    package let offset: Int

    package init(_ reason: Reason, line: Int, offset: Int) {
        self.reason = reason
        self.line = line
        self.offset = offset
    }

    /// Whether the text itself is well-formed: the reader then stands after the value and can go on.
    package var isRecoverable: Bool {
        switch reason {
        case .wrongType, .numberOutOfRange, .invalidUnicode, .tooLong: true
        case .unexpectedEnd, .unexpectedByte, .tooDeep, .unreadable: false
        }
    }

    /// Whether the text stops before its end.
    package var isTruncation: Bool {
        if case .unexpectedEnd = reason { true } else { false }
    }
}

extension JSONError: CustomStringConvertible {
    package var description: String { "line \(line), byte \(offset): \(reason)" }
}

extension JSONError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unexpectedEnd(let expected): "the text ends where \(expected) is expected"
        case .unexpectedByte(let byte, let expected): "\(Self.name(of: byte)) where \(expected) is expected"
        case .wrongType(let found, let expected): "\(found.phrase) where \(expected) is expected"
        case .numberOutOfRange(let expected): "the number is not \(expected)"
        case .invalidUnicode: "the string is not valid Unicode"
        case .tooLong(let limit): "longer than \(limit) bytes"
        case .tooDeep(let limit): "more than \(limit) arrays and objects within one another"
        case .unreadable(let message): message
        }
    }

    /// A printable character as itself, any other byte by number: a message must not carry control bytes.
    private static func name(of byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F
            ? "'\(Unicode.Scalar(byte))'"
            : "byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))"
    }
}
