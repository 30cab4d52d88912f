/// What a list of drops does not show, in words.
package enum DropText {
    /// Nil when everything is listed.
    package static func omitted(_ report: DropReport) -> String? {
        var parts: [String] = []
        if report.beyondTop > 0 { parts.append("\(CoverageText.counted(report.beyondTop, "line")) beyond --top") }
        if report.hitless > 0 {
            let places = report.hitless == 1 ? "1 place that" : "\(report.hitless) places that"
            parts.append("\(places) dropped nothing (--all lists them)")
        }
        return parts.isEmpty ? nil : "not listed: " + parts.joined(separator: "; ")
    }
}
