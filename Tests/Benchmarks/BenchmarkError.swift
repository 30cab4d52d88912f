/// Why a benchmark could not be measured; a missed limit is not an error but a row of the report.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
