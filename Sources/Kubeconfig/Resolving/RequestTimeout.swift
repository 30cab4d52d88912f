/// The longest that one request may take, as `--request-timeout` says it.
enum RequestTimeout {
    /// Whole seconds, or a duration as Go writes it: `90s`, `1m30s`, `1.5h`; nil for no limit.
    ///
    /// - Throws: kubectl's words.
    static func parse(_ text: String) throws(KubeconfigError) -> Duration? {
        guard !text.isEmpty else { return nil }
        if let seconds = Int64(text), seconds >= 0 {
            // More is beyond 292 years, which nobody waits.
            return seconds == 0 || seconds > 9_000_000_000 ? nil : .seconds(seconds)
        }
        if let nanoseconds = goDuration(text[...]) { return nanoseconds == 0 ? nil : .nanoseconds(nanoseconds) }
        throw KubeconfigError(
            .invalid,
            [
                "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)"
            ]
        )
    }

    private static func goDuration(_ text: Substring) -> Int64? {
        var rest = text.hasPrefix("+") ? text.dropFirst() : text
        guard rest != "0" else { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: Double = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            // Go takes `1.` and `.5`, Swift does not.
            let padded = number.contains(".") ? "0\(number)0" : String(number)
            guard number.contains(where: \.isNumber), let value = Double(padded) else { return nil }
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
