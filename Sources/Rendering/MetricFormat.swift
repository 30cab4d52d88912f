/// The forms in which metrics are printed.
package enum MetricFormat: String, CaseIterable, Sendable {
    case table, wide, json, yaml, ndjson, csv, prometheus

    /// Whether the coverage is part of the output; otherwise it belongs on standard error. In json and yaml every key
    /// is that of a pair, which leaves no place for it.
    package var holdsCoverage: Bool {
        switch self {
        case .ndjson, .prometheus: true
        case .table, .wide, .json, .yaml, .csv: false
        }
    }
}
