extension JSONReader {
    /// Consumes null; false, consuming nothing, when the next value is something else.
    package mutating func null() throws(JSONError) -> Bool {
        guard try peek() == UInt8(ascii: "n") else { return false }
        try skipValue()
        return true
    }

    /// Consumes true or false.
    package mutating func boolean() throws(JSONError) -> Bool {
        try require(.boolean, expecting: JSONKind.boolean.phrase)
        let isTrue = buffer[position] == UInt8(ascii: "t")
        try skipValue()
        return isTrue
    }

    /// Consumes a string of at most `maximumTokenLength` bytes in the text.
    package mutating func string() throws(JSONError) -> String {
        // The kind is asked for so that the place is past the whitespace.
        _ = try kind()
        let (line, offset) = (line, offset)
        let text = try valueString { bytes -> String? in
            guard let text = try? UTF8Span(validating: bytes) else { return nil }
            return String(copying: text)
        }
        guard let text else { throw JSONError(.invalidUnicode, line: line, offset: offset) }
        return text
    }

    /// Consumes a string of at most `maximumTokenLength` bytes in the text and gives its bytes, without the quotes
    /// and with escapes decoded, to `body`. They are not checked for valid UTF-8.
    package mutating func valueString<Result>(_ body: (Span<UInt8>) -> Result) throws(JSONError) -> Result {
        try require(.string, expecting: JSONKind.string.phrase)
        return try string(body)
    }

    /// Consumes a string of at most `maximumTokenLength` bytes in the text and appends its bytes, with escapes decoded, to
    /// `bytes`. They are not checked for valid UTF-8; nothing is appended where this throws.
    package mutating func appendString(to bytes: inout [UInt8]) throws(JSONError) {
        try valueString { JSONScan.append($0, to: &bytes) }
    }

    /// The next key of the innermost object as a string; nil when the object ended, which is then left.
    package mutating func nextKey() throws(JSONError) -> String? {
        let (line, offset) = (line, offset)
        let key = try nextKey { bytes -> String? in
            guard let text = try? UTF8Span(validating: bytes) else { return nil }
            return String(copying: text)
        }
        guard let key else { return nil }
        guard let key else {
            try skipValue()
            throw JSONError(.invalidUnicode, line: line, offset: offset)
        }
        return key
    }

    /// Consumes a number without fraction and exponent.
    package mutating func integer() throws(JSONError) -> Int64 {
        let expected = "a 64-bit integer"
        try require(.number, expecting: expected)
        if let (value, end) = JSONScan.integer(buffer.span, from: position) {
            position = end
            structure.expectation = .afterValue
            return value
        }
        return try number(expecting: expected) { Int64($0) }
    }

    /// Consumes a number, as the nearest double.
    package mutating func double() throws(JSONError) -> Double {
        try number(expecting: "a finite 64-bit floating-point number") { text in
            Double(text).flatMap { $0.isFinite ? $0 : nil }
        }
    }

    private mutating func number<Value>(
        expecting expected: String,
        _ convert: (String) -> Value?
    ) throws(JSONError) -> Value {
        try require(.number, expecting: expected)
        let (startLine, startOffset) = (line, offset)
        var state = JSONNumberState.start
        var text: [UInt8] = []
        var byte = try peek()
        while let current = byte, let next = state.next(current) {
            // A number may be as long as it likes; no value that fits needs more than this.
            if text.count <= 1024 { text.append(current) }
            state = next
            position += 1
            if position == buffer.count { _ = try fill(keeping: position) }
            byte = position < buffer.count ? buffer[position] : nil
        }
        guard state.isComplete else {
            guard let byte else { throw end(expecting: "a digit") }
            throw unexpected(byte, expecting: "a digit")
        }
        structure.expectation = .afterValue
        guard text.count <= 1024, let value = convert(String(decoding: text, as: UTF8.self)) else {
            throw JSONError(.numberOutOfRange(expected: expected), line: startLine, offset: startOffset)
        }
        return value
    }

    /// Consumes the string that begins at the next byte, a key or a value.
    mutating func string<Result>(_ body: (Span<UInt8>) -> Result) throws(JSONError) -> Result {
        let (startLine, startOffset) = (line, offset)
        // Relative to `position`, which stays at the opening quote until the end is found.
        var length = 1
        var hasEscapes = false
        scan: while true {
            length = JSONScan.plainString(buffer.span, from: position + length).end - position
            if position + length == buffer.count {
                let start = position
                if length > Self.maximumTokenLength { return try tooLong() }
                guard try fill(keeping: start) else { throw endOfString() }
                continue
            }
            switch buffer[position + length] {
            case UInt8(ascii: "\""): break scan
            case UInt8(ascii: "\\"):
                hasEscapes = true
                // The escaped byte may be a quote that does not end the string.
                if position + length + 1 == buffer.count {
                    let start = position
                    guard try fill(keeping: start) else { throw endOfString() }
                }
                length += 2
            default:
                position += length
                throw unexpected(buffer[position], expecting: "the end of a string")
            }
        }
        guard length <= Self.maximumTokenLength else { return try tooLong() }
        structure.expectation = .afterValue
        if hasEscapes {
            let isUnicode = try decodeEscapes(from: position + 1, to: position + length)
            position += length + 1
            guard isUnicode else { throw JSONError(.invalidUnicode, line: startLine, offset: startOffset) }
            return body(decoded.span)
        }
        let result = body(buffer.span.extracting(position + 1..<position + length))
        position += length + 1
        return result
    }

    private mutating func endOfString() -> JSONError {
        position = buffer.count
        return end(expecting: "the end of a string")
    }

    /// Passes over a string that is too long to keep.
    private mutating func tooLong<Result>() throws(JSONError) -> Result {
        let error = failure(.tooLong(limit: Self.maximumTokenLength))
        structure.expectation = .value
        try skipValue()
        throw error
    }

    /// Decodes a string with escapes (RFC 8259 section 7) into `decoded`; false when half of a surrogate pair stands
    /// alone, as no Unicode text can hold it.
    private mutating func decodeEscapes(from start: Int, to end: Int) throws(JSONError) -> Bool {
        decoded.removeAll(keepingCapacity: true)
        var index = start
        var isUnicode = true
        while index < end {
            let byte = buffer[index]
            index += 1
            guard byte == UInt8(ascii: "\\") else {
                decoded.append(byte)
                continue
            }
            let escape = buffer[index]
            index += 1
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(escape)
            case UInt8(ascii: "b"): decoded.append(0x08)
            case UInt8(ascii: "f"): decoded.append(0x0C)
            case UInt8(ascii: "n"): decoded.append(0x0A)
            case UInt8(ascii: "r"): decoded.append(0x0D)
            case UInt8(ascii: "t"): decoded.append(0x09)
            case UInt8(ascii: "u"):
                var value = try codeUnit(at: index, end: end)
                index += 4
                if value >> 10 == 0xD800 >> 10, index + 1 < end, buffer[index] == UInt8(ascii: "\\"),
                    buffer[index + 1] == UInt8(ascii: "u")
                {
                    let low = try codeUnit(at: index + 2, end: end)
                    if low >> 10 == 0xDC00 >> 10 {
                        value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
                        index += 6
                    }
                }
                if let scalar = Unicode.Scalar(value), let bytes = UTF8.encode(scalar) {
                    decoded.append(contentsOf: bytes)
                } else {
                    isUnicode = false
                }
            default:
                position = index - 1
                throw unexpected(escape, expecting: Self.escapePhrase)
            }
        }
        return isUnicode
    }

    private mutating func codeUnit(at start: Int, end: Int) throws(JSONError) -> UInt32 {
        var value: UInt32 = 0
        for index in start..<start + 4 {
            guard index < end, let digit = JSONScan.hexadecimal(buffer[index]) else {
                position = index
                throw unexpected(buffer[index], expecting: Self.hexadecimalPhrase)
            }
            value = value << 4 | digit
        }
        return value
    }
}
