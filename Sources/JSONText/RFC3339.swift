/// Moments in the form of RFC 3339 section 5.6, `2026-11-23T03:18:15.25Z`, as the Kubernetes API writes them.
///
/// A moment is nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted: from 1677-09-21 to 2262-04-11.
package enum RFC3339 {
    private static let nanosecondsInSecond: Int64 = 1_000_000_000
    private static let secondsInDay: Int64 = 86_400

    /// Reads a moment that fills `text`; nil for anything else, a day that does not exist, and a moment beyond the
    /// range. Digits after the ninth of a fraction are dropped. A leap second, `:60`, is the second after it.
    package static func nanoseconds(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= 20, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] | 0x20 == UInt8(ascii: "t"), text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            let year = number(text, at: 0, digits: 4), let month = number(text, at: 5, digits: 2),
            let day = number(text, at: 8, digits: 2), let hour = number(text, at: 11, digits: 2),
            let minute = number(text, at: 14, digits: 2), let second = number(text, at: 17, digits: 2),
            (1...12).contains(month), day >= 1, day <= days(inMonth: month, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if text[index] == UInt8(ascii: ".") {
            let start = index + 1
            index = start
            var unit = nanosecondsInSecond
            while index < text.count, let digit = digit(text[index]) {
                unit /= 10
                fraction += digit * unit
                index += 1
            }
            guard index > start, index < text.count else { return nil }
        }
        guard let offset = zoneOffset(text, at: index) else { return nil }
        let seconds =
            daysSinceEpoch(year: year, month: month, day: day) * secondsInDay + hour * 3600 + minute * 60 + second
            - offset
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: nanosecondsInSecond)
        let (sum, sumOverflow) = whole.addingReportingOverflow(fraction)
        return overflow || sumOverflow ? nil : sum
    }

    /// Reads a moment that fills `text`.
    package static func nanoseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        return nanoseconds(bytes.span)
    }

    /// The moment in UTC, with as many digits of a second as it needs.
    package static func string(nanoseconds: Int64) -> String {
        let seconds = floorDivided(nanoseconds, by: nanosecondsInSecond)
        let day = floorDivided(seconds, by: secondsInDay)
        let second = seconds - day * secondsInDay
        let date = date(daysSinceEpoch: day)
        var text = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
        text += "T\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
        // Not `nanoseconds - seconds * 1e9`, whose product leaves the range at its lower end.
        let remainder = nanoseconds % nanosecondsInSecond
        let fraction = remainder < 0 ? remainder + nanosecondsInSecond : remainder
        if fraction > 0 {
            var digits = padded(fraction, 9)
            while digits.hasSuffix("0") { digits.removeLast() }
            text += ".\(digits)"
        }
        return text + "Z"
    }

    // MARK: Digits

    private static func digit(_ byte: UInt8) -> Int64? {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int64(byte - UInt8(ascii: "0")) : nil
    }

    private static func number(_ text: Span<UInt8>, at start: Int, digits: Int) -> Int64? {
        var value: Int64 = 0
        for index in start..<start + digits {
            guard let digit = digit(text[index]) else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// `Z`, or `+hh:mm` in seconds, up to the end of the text.
    private static func zoneOffset(_ text: Span<UInt8>, at start: Int) -> Int64? {
        if text[start] | 0x20 == UInt8(ascii: "z") { return start + 1 == text.count ? 0 : nil }
        guard text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"), start + 6 == text.count,
            text[start + 3] == UInt8(ascii: ":"), let hours = number(text, at: start + 1, digits: 2),
            let minutes = number(text, at: start + 4, digits: 2), hours < 24, minutes < 60
        else { return nil }
        let offset = hours * 3600 + minutes * 60
        return text[start] == UInt8(ascii: "-") ? -offset : offset
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }

    // MARK: The Gregorian calendar

    private static func days(inMonth month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Years are counted from March, so that the day a leap year adds is the last of its year; 400 of them have
    /// 146,097 days, and 719,468 days lie between 0000-03-01 and 1970-01-01.
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month > 2 ? year : year - 1
        let era = floorDivided(marchYear, by: 400)
        let yearOfEra = marchYear - era * 400
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(daysSinceEpoch days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivided(shifted, by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    private static func floorDivided(_ dividend: Int64, by divisor: Int64) -> Int64 {
        let quotient = dividend / divisor
        return dividend % divisor < 0 ? quotient - 1 : quotient
    }
}
