/// A field of a message, as it stands in the bytes; whoever knows its number knows what it has to be.
struct Field {
    enum Value {
        case number(UInt64)
        /// Where the bytes are.
        case bytes(Range<Int>)
        /// Four or eight bytes, which only a newer version may use.
        case fixed(Range<Int>)
    }

    let number: UInt64
    let value: Value
    /// The message that it is in, "HELLO", for errors.
    let subject: String

    func unsigned<Number: FixedWidthInteger & UnsignedInteger>(
        _: Number.Type = Number.self
    ) throws(FrameError.Reason) -> Number {
        guard case .number(let value) = value else { throw wrong("is not a number") }
        guard let number = Number(exactly: value) else { throw wrong("is \(value), which is too large") }
        return number
    }

    func signed() throws(FrameError.Reason) -> Int64 {
        Int64(zigzag: try unsigned())
    }

    func boolean() throws(FrameError.Reason) -> Bool {
        switch try unsigned(UInt64.self) {
        case 0: return false
        case 1: return true
        case let other: throw wrong("is \(other), neither 0 nor 1")
        }
    }

    /// A case by its number.
    func choice<Choice: RawRepresentable>(
        _: Choice.Type = Choice.self
    ) throws(FrameError.Reason) -> Choice where Choice.RawValue == UInt8 {
        let number = try unsigned(UInt64.self)
        guard let raw = UInt8(exactly: number), let choice = Choice(rawValue: raw) else {
            throw wrong("is \(number), which is not known")
        }
        return choice
    }

    func range() throws(FrameError.Reason) -> Range<Int> {
        guard case .bytes(let range) = value else { throw wrong("is not bytes") }
        return range
    }

    func text(_ bytes: Span<UInt8>) throws(FrameError.Reason) -> String {
        let range = try range()
        do {
            return String(copying: try UTF8Span(validating: bytes.extracting(range)))
        } catch {
            throw wrong("is not UTF-8")
        }
    }

    /// A copy of the bytes; more than `limit` are refused.
    func bytes(_ bytes: Span<UInt8>, atMost limit: Int = .max) throws(FrameError.Reason) -> [UInt8] {
        let range = try range()
        guard range.count <= limit else { throw wrong("has \(range.count) bytes, more than \(limit)") }
        var copy: [UInt8] = []
        copy.appendBytes(bytes.extracting(range))
        return copy
    }

    func message(_ subject: String) throws(FrameError.Reason) -> FieldReader {
        FieldReader(try range(), of: subject)
    }

    private func wrong(_ what: String) -> FrameError.Reason {
        .undecodable("\(subject): field \(number) \(what)")
    }
}
