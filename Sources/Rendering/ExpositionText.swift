import NetModel
import TerminalText

/// Prometheus's text exposition format 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/), as a textfile collector or a Pushgateway takes it:
/// no time stamps, and everything a gauge, since a run knows nothing of the one before.
struct ExpositionText {
    /// One value of a metric and what tells it from the others.
    struct Sample: Sendable {
        var labels: Labels
        var value: Double
    }

    /// The labels of a sample, as the format writes them.
    struct Labels: Sendable {
        fileprivate let text: String

        /// - Parameter labels: names and values; one without a value is left out.
        init(_ labels: KeyValuePairs<String, String?>) {
            let known = labels.compactMap { name, value in value.map { "\(name)=\"\(Self.escaped($0))\"" } }
            text = known.isEmpty ? "" : "{\(known.joined(separator: ","))}"
        }

        /// A backslash, a quote and the end of a line as the format wants them. What a terminal would act on is written
        /// `\u{1b}`; two values stay two.
        private static func escaped(_ value: String) -> String {
            let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }
            if isPlain { return value }
            return PrintableText.unambiguous(value) { $0 != "\n" && !PrintableText.isHarmless($0) }
                .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        }
    }

    private var output: BufferedText

    init(output: BufferedText) {
        self.output = output
    }

    /// Writes a gauge with its help and type; nothing without a sample.
    mutating func gauge(_ name: String, _ help: String, _ samples: some Sequence<Sample>) throws {
        var isFirst = true
        for sample in samples {
            if isFirst { try output.write("# HELP \(name) \(help)\n# TYPE \(name) gauge\n") }
            isFirst = false
            try output.write("\(name)\(sample.labels.text) \(Self.number(sample.value))\n")
        }
    }

    mutating func flush() throws {
        try output.flush()
    }

    private static func number(_ value: Double) -> String {
        // Up to 2^53 a whole number is exact.
        value.rounded() == value && value.magnitude < 0x1p53 ? String(Int64(value)) : value.description
    }
}
