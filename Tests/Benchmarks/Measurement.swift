/// One figure of a benchmark, next to its limit.
struct Measurement {
    let benchmark: String
    /// `wall` or `cpu` in seconds, `peak` in MB, or what has no unit.
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
        case .processorTimesFloor(let times):
            self.limit = times
            limitIsRatio = true
            quantity = "cpu"
            unit = "s"
            runs = processorRuns
            floorRuns = floors.map(\.processorSeconds)
            return
        case .wallTimesFloorAndSeconds(let times, let seconds):
            self.limit = times * median(floors.map(\.wallSeconds)) + seconds
            limitIsRatio = false
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

    /// A figure that is not a cost of the process: it has no floor.
    ///
    /// - Parameters:
    ///   - quantity: what it is, "bytes an entry".
    ///   - runs: the figure of each run.
    init(benchmark: String, quantity: String, runs: [Double], limit: Double, costs: [ProcessCost]) {
        self.benchmark = benchmark
        self.quantity = quantity
        self.runs = runs
        self.limit = limit
        unit = ""
        floorRuns = []
        limitIsRatio = false
        processorRuns = costs.map(\.processorSeconds)
    }

    /// Wall time, as a multiple of what a server used of the processor meanwhile: what is more is the client's.
    init(benchmark: String, costs: [ProcessCost], serverProcessorSeconds: [Double], limit: Double) {
        self.benchmark = benchmark
        self.limit = limit
        quantity = "wall, server's cpu"
        unit = "s"
        runs = costs.map(\.wallSeconds)
        floorRuns = serverProcessorSeconds
        limitIsRatio = true
        processorRuns = costs.map(\.processorSeconds)
    }

    var figure: Double { median(runs) }
    var floor: Double { median(floorRuns) }
    var processorSeconds: Double { median(processorRuns) }
    var ratio: Double { floorRuns.isEmpty ? 0 : figure / floor }
    var passed: Bool { (limitIsRatio ? ratio : figure) <= limit }
}

/// The middle of an odd number of values; 0 of none.
func median(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[values.count / 2]
}
