/// The forms in which flows are printed.
package enum OutputFormat: String, CaseIterable, Sendable {
    case table, wide, json, yaml, ndjson, csv

    /// Whether the coverage is part of the output; otherwise it belongs on standard error.
    package var holdsCoverage: Bool {
        switch self {
        case .json, .yaml, .ndjson: true
        case .table, .wide, .csv: false
        }
    }
}
