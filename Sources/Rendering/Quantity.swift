/// Numbers as people read them.
package enum Quantity {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// Bytes in binary units, one decimal below ten: "655 B", "1.2 MiB", "48 MiB".
    package static func bytes(_ count: UInt64) -> String {
        scaled(Double(count))
    }

    /// Bytes a second, "9.8 MiB/s".
    package static func rate(_ bytesPerSecond: Double) -> String {
        scaled(bytesPerSecond) + "/s"
    }

    /// Seconds with one decimal below ten: "5.0 s", "66 s".
    package static func seconds(_ seconds: Double) -> String {
        (seconds < 9.95 ? fixed(seconds) : String(Int64(min(seconds, 1e15).rounded()))) + " s"
    }

    /// A number of things a second, one decimal below ten: "1.6/s", "240/s".
    package static func perSecond(_ count: Double) -> String {
        (count < 9.95 ? fixed(count) : String(Int64(min(count, 1e18).rounded()))) + "/s"
    }

    /// A share from 0 to 1 as a percentage, one decimal below ten: "0%", "2.5%", "38%". Only none is "0%" and only all
    /// is "100%".
    package static func percentage(_ share: Double) -> String {
        if share <= 0 { return "0%" }
        if share >= 1 { return "100%" }
        if share < 0.0005 { return "<0.1%" }
        return (share < 0.0995 ? fixed(share * 100) : String(min(99, Int64((share * 100).rounded())))) + "%"
    }

    private static func scaled(_ value: Double) -> String {
        var value = value
        var unit = 0
        // Rounded first, so that 1023.96 KiB becomes 1.0 MiB rather than 1024 KiB.
        while value.rounded() >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        let number = unit > 0 && value < 9.95 ? fixed(value) : String(Int64(value.rounded()))
        return number + " " + units[unit]
    }

    private static func fixed(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
