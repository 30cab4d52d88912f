/// A duration as kubectl's flags take them: Go's `time.ParseDuration`, `1m30s`, `500ms`, `0`.
enum DurationText {
    /// The nanoseconds that a text says; nil when it is no duration, or negative, or beyond 292 years.
    static func nanoseconds(_ text: String) -> Int64? {
        if text == "0" { return 0 }
        var rest = Substring(text)
        var total: Double = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            guard let value = Double(number), number.contains(where: \.isNumber) else { return nil }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && $0.isNumber || $0 == ".") }
            guard let factor = factor(of: unit) else { return nil }
            rest = rest.dropFirst(unit.count)
            total += value * factor
        }
        return total < 9.2e18 ? Int64(total.rounded()) : nil
    }

    private static func factor(of unit: Substring) -> Double? {
        switch unit {
        case "ns": 1
        case "us", "µs", "μs": 1e3
        case "ms": 1e6
        case "s": 1e9
        case "m": 60e9
        case "h": 3600e9
        default: nil
        }
    }
}
