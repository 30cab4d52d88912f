package import NetModel

extension ConntrackStatistics {
    /// Reads what `conntrack -S` printed, a line a processor, `cpu=0 found=0 invalid=3 ... insert_failed=0 drop=0`, and
    /// sums it.
    ///
    /// - Returns: nil for anything else. Words that are not known are passed over: kernels add some.
    package init?(text: Span<UInt8>) {
        self.init()
        var lines = 0
        var position = 0
        while position < text.count {
            let end = Self.endOfLine(text, from: position)
            let line = text.extracting(position..<end)
            position = end + 1
            if line.isEmpty { continue }
            guard Self.isStatistics(line), add(line) else { return nil }
            lines += 1
        }
        guard lines > 0 else { return nil }
    }

    /// Whether a text of which `beginning` is the first part is `conntrack -S`'s.
    package static func isStatistics(_ beginning: Span<UInt8>) -> Bool {
        let sign: StaticString = "cpu="
        guard beginning.count > sign.utf8CodeUnitCount else { return false }
        return (0..<sign.utf8CodeUnitCount).allSatisfy { unsafe beginning[$0] == sign.utf8Start[$0] }
    }

    private static func endOfLine(_ text: Span<UInt8>, from position: Int) -> Int {
        var end = position
        while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }
        return end
    }

    /// Adds the numbers of one processor; false when one of them is none.
    private mutating func add(_ line: Span<UInt8>) -> Bool {
        var position = 0
        while position < line.count {
            var end = position
            while end < line.count, !Self.isBlank(line[end]) { end += 1 }
            if end > position, !add(word: line.extracting(position..<end)) { return false }
            position = end + 1
        }
        return true
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }

    private mutating func add(word: Span<UInt8>) -> Bool {
        guard let equals = word.indices.first(where: { word[$0] == UInt8(ascii: "=") }),
            let number = Self.number(word.extracting((equals + 1)...))
        else { return false }
        let name = unsafe word.extracting(..<equals).withUnsafeBufferPointer {
            unsafe String(decoding: $0, as: UTF8.self)
        }
        guard let field = Self.fields[name] else { return true }
        let (sum, overflow) = self[keyPath: field].addingReportingOverflow(number)
        self[keyPath: field] = overflow ? .max : sum
        return true
    }

    private static var fields: [String: WritableKeyPath<ConntrackStatistics, UInt64>] {
        [
            "found": \.found, "invalid": \.invalid, "insert_failed": \.insertFailed, "drop": \.drop,
            "early_drop": \.earlyDrop, "error": \.icmpError, "search_restart": \.searchRestart,
            "clash_resolve": \.clashResolve, "chaintoolong": \.chainTooLong,
        ]
    }

    private static func number(_ digits: Span<UInt8>) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var number: UInt64 = 0
        for index in digits.indices {
            let digit = digits[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflow) = tenfold.addingReportingOverflow(UInt64(digit))
            guard !isTooLarge, !overflow else { return nil }
            number = sum
        }
        return number
    }
}
