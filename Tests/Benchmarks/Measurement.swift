/// One figure of a benchmark, next to its limit.
struct Measurement {
    let benchmark: String
    /// `wall` in seconds or `peak` in MB.
    let quantity: String
    let unit: String
    /// The figure of each run, in the order of the runs; `figure` is their median.
    let runs: [Double]
    let floorRuns: [Double]
    /// User and system time of each run of the command, in seconds: what stays the same when the machine is busy.
    let processorRuns: [Double]
    let limit: Double
    /// Whether the limit is for the ratio of figure and floor rather than for the figure.
    let limitIsRatio: Bool

    init(benchmark: String, limit: Benchmark.Limit, costs: [ProcessCost], floors: [ProcessCost]) {
        self.benchmark = benchmark
        processorRuns = costs.map(\.processorSeconds)
        switch limit {
        case .wallTimesFloor(let times):
            self.limit = times
            limitIsRatio = true
        case .wallSeconds(let seconds):
            self.limit = seconds
            limitIsRatio = false
        case .peakMegabytes(let megabytes):
            self.limit = megabytes
            limitIsRatio = false
            quantity = "peak"
            unit = "MB"
            runs = costs.map { Double($0.peakBytes) / 1e6 }
            floorRuns = floors.map { Double($0.peakBytes) / 1e6 }
            return
        }
        quantity = "wall"
        unit = "s"
        runs = costs.map(\.wallSeconds)
        floorRuns = floors.map(\.wallSeconds)
    }

    var figure: Double { median(runs) }
    var floor: Double { median(floorRuns) }
    var processorSeconds: Double { median(processorRuns) }
    var ratio: Double { figure / floor }
    var passed: Bool { (limitIsRatio ? ratio : figure) <= limit }
}

/// The middle of an odd number of values.
func median(_ values: [Double]) -> Double {
    values.sorted()[values.count / 2]
}
