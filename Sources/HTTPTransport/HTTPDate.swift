/// A date of HTTP, RFC 9110 5.6.7, in any of its three forms.
package enum HTTPDate {
    /// Seconds since 1970 UTC; nil where the text is no date.
    package static func seconds(parsing text: String) -> Int64? {
        // IMF-fixdate "Sun, 06 Nov 1994 08:49:37 GMT", RFC 850 "Sunday, 06-Nov-94 08:49:37 GMT",
        // asctime "Sun Nov  6 08:49:37 1994".
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
        switch words.count {
        case 6 where words[5] == "GMT":
            guard let written = number(words[3], 0...9999) else { return nil }
            // Two digits: the year that is not more than 50 years ahead; 1970 to 2069 does for our times.
            let year = words[3].utf8.count == 2 ? (written < 70 ? 2000 + written : 1900 + written) : written
            return seconds(year: year, month: words[2], day: words[1], time: words[4])
        case 5:
            guard let year = number(words[4], 0...9999) else { return nil }
            return seconds(year: year, month: words[1], day: words[2], time: words[3])
        default:
            return nil
        }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func seconds(year: Int64, month: Substring, day: Substring, time: Substring) -> Int64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let month = months.firstIndex(of: String(month)), let day = number(day, 1...31), clock.count == 3,
            let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60)
        else { return nil }
        // Days since 1970, the year beginning in March so that the leap day is its last.
        let shifted = month < 2 ? year - 1 : year
        let monthFromMarch = Int64((month + 10) % 12)
        let days =
            365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * monthFromMarch + 2) / 5 + day - 1
            - 719_468
        return ((days * 24 + hour) * 60 + minute) * 60 + second
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard let value = Int64(text), range.contains(value), text.utf8.first != UInt8(ascii: "+") else { return nil }
        return value
    }
}
