/// A command that is measured, what it is measured against, and how much it may cost.
struct Benchmark {
    /// What the figure of a limit is.
    enum Limit {
        /// Wall time, as a multiple of the floor's.
        case wallTimesFloor(Double)
        /// Wall time in seconds, of which the floor's, so many times over, is one part and a constant the other.
        case wallTimesFloorAndSeconds(Double, Double)
        /// User and system time, as a multiple of the floor's.
        case processorTimesFloor(Double)
        /// Wall time in seconds.
        case wallSeconds(Double)
        /// Peak resident memory in MB of 10^6 bytes.
        case peakMegabytes(Double)
    }

    let name: String
    /// The command and its arguments.
    let command: [String]
    /// A command that does the least that any solution must do.
    let floor: [String]
    let limits: [Limit]
    /// How many lines the command must print, without a warning: one that fails fast is not fast.
    let leastLines: Int

    /// How often command and floor are run, in turns.
    static let rounds = 5

    /// Runs command and floor in turns and holds the medians against the limits.
    ///
    /// The command runs once before, unmeasured, which checks its output and brings the input into the page cache.
    func measure(scratch: String) throws(BenchmarkError) -> [Measurement] {
        let output = "\(scratch)/\(name).out"
        let messages = "\(scratch)/\(name).err"
        _ = try run(command, output: output, messages: messages)
        guard try !contents(of: messages).contains("warning:") else {
            throw BenchmarkError("\(name): the command warns, see \(messages)")
        }
        let lines = try contents(of: output).utf8.count { $0 == UInt8(ascii: "\n") }
        guard lines >= leastLines else {
            throw BenchmarkError("\(name): \(lines) lines printed, at least \(leastLines) expected, see \(output)")
        }
        var costs: [ProcessCost] = []
        var floors: [ProcessCost] = []
        for _ in 0..<Self.rounds {
            costs.append(try run(command, output: "/dev/null", messages: messages))
            floors.append(try run(floor, output: "/dev/null", messages: "\(scratch)/\(name)-floor.err"))
        }
        return limits.map { limit in
            Measurement(benchmark: name, limit: limit, costs: costs, floors: floors)
        }
    }
}
