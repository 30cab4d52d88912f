/// What the measurements of a run of netviz-bench say, as a table and as JSON.
enum Report {
    /// One line a measurement, columns padded to one width.
    static func table(_ measurements: [Measurement]) -> String {
        var rows = [["BENCHMARK", "FIGURE", "FLOOR", "RATIO", "LIMIT", "RESULT", "CPU"]]
        for measurement in measurements {
            let places = measurement.unit == "s" ? 4 : 1
            rows.append([
                "\(measurement.benchmark) \(measurement.quantity)",
                "\(decimal(measurement.figure, places: places)) \(measurement.unit)",
                measurement.floorRuns.isEmpty
                    ? "-" : "\(decimal(measurement.floor, places: places)) \(measurement.unit)",
                measurement.floorRuns.isEmpty ? "-" : decimal(measurement.ratio, places: 2),
                measurement.limitIsRatio
                    ? "\(decimal(measurement.limit, places: 2))x"
                    : "\(decimal(measurement.limit, places: measurement.unit == "s" ? 3 : 0)) \(measurement.unit)",
                measurement.passed ? "pass" : "FAIL",
                "\(decimal(measurement.processorSeconds, places: 4)) s",
            ])
        }
        let widths = (0..<7).map { column in rows.map { $0[column].utf8.count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.utf8.count) }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// Every run of every measurement, for comparing two states of the code.
    static func json(_ measurements: [Measurement]) -> String {
        let items = measurements.map { measurement in
            """
              {"benchmark": "\(measurement.benchmark)", "quantity": "\(measurement.quantity)", \
            "unit": "\(measurement.unit)", "figure": \(measurement.figure), "floor": \(measurement.floor), \
            "ratio": \(measurement.ratio), "limit": \(measurement.limit), \
            "limit_is_ratio": \(measurement.limitIsRatio), "passed": \(measurement.passed), \
            "runs": \(measurement.runs), "floor_runs": \(measurement.floorRuns), \
            "processor_runs": \(measurement.processorRuns)}
            """
        }
        return "{\"measurements\": [\n\(items.joined(separator: ",\n"))\n]}\n"
    }

    /// `value` rounded to `places` decimal places; for values from 0 to 10^12.
    private static func decimal(_ value: Double, places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        guard places > 0 else { return String(scaled) }
        let fraction = String(scaled % scale)
        return "\(scaled / scale).\(String(repeating: "0", count: places - fraction.utf8.count))\(fraction)"
    }
}
