import CollectorCore
import CollectorProtocol
import Glibc

/// The command line of netviz-collector.
package enum CollectorCommandLine {
    /// The release that HELLO names.
    package static let release = "0.1.0"
    static let keepAccounting = "keep-accounting"

    private static let usage = """
        netviz-collector reads this node's connection tracking table for kubectl netviz.

        Usage:
          netviz-collector session                    speak with a client on standard input and output
          netviz-collector snapshot [flags]           write one dump as frames to standard output
          netviz-collector window --seconds N [flags] write what happened within N seconds as frames
          netviz-collector wait                       do nothing until SIGTERM, as the first process of a pod
          netviz-collector version

        Flags:
          --enable-accounting    switch nf_conntrack_acct and nf_conntrack_timestamp on for the run
          --no-rules             leave the packet filters' rules out
          --event-buffer BYTES   the buffer for events that wait (default 33554432)
          --deadline SECONDS     end after so many seconds in any case (default 300 more than the window)
        """

    private struct UsageProblem: Error {
        let text: String
    }

    /// Runs a command.
    ///
    /// - Parameter commandLine: the program's name and its arguments; Swift reads them from /proc/self/cmdline, and they are
    ///   empty where that is not there.
    /// - Returns: the exit code: 0 done, 1 failed, 2 a wrong command line.
    package static func run(commandLine: [String]) -> Int32 {
        guard !commandLine.isEmpty else {
            tell("error: /proc is not mounted, so the command line cannot be read")
            return 2
        }
        return run(Array(commandLine.dropFirst()))
    }

    /// Runs a command.
    ///
    /// - Parameter arguments: without the program's name.
    /// - Returns: the exit code: 0 done, 1 failed, 2 a wrong command line.
    private static func run(_ arguments: [String]) -> Int32 {
        // A client that is gone shows in the result of a write.
        signal(SIGPIPE, SIG_IGN)
        do throws(UsageProblem) {
            switch arguments.first {
            case "session": return try session(Array(arguments.dropFirst()))
            case "snapshot", "window": return filter(try start(arguments))
            case "wait": return FirstProcess.wait()
            case keepAccounting: return AccountingKeeper.run()
            case "version", "--version":
                print("netviz-collector \(release)")
                return 0
            case "help", "--help", "-h":
                print(usage)
                return 0
            case nil: throw UsageProblem(text: "a command is missing")
            case .some(let other): throw UsageProblem(text: "unknown command \"\(other)\"")
            }
        } catch {
            tell("error: \(error.text)\nSee 'netviz-collector help'.")
            return 2
        }
    }

    // MARK: Commands

    private static func session(_ arguments: [String]) throws(UsageProblem) -> Int32 {
        guard arguments.isEmpty else { throw UsageProblem(text: "session takes no arguments") }
        return sample(watchesInput: true) { (sampler: Sampler) throws(SamplingStop) in
            var session = CollectorSession(sampler: sampler, release: release)
            try session.run(now: { Clocks.monotonic })
        }
    }

    private static func filter(_ start: Start) -> Int32 {
        sample(watchesInput: false) { (sampler: Sampler) throws(SamplingStop) in
            sampler.waitAtMost(start.deadline)
            try sampler.greet(release: release)
            try sampler.run(start)
        }
    }

    private static func sample(watchesInput: Bool, _ body: (Sampler) throws(SamplingStop) -> Void) -> Int32 {
        let node = LinuxNode(watchesInput: watchesInput)
        defer { node.restore() }
        let client = StandardClient(watchesInput: watchesInput)
        let sampler = Sampler(node: node, client: client, watchesInput: watchesInput)
        do throws(SamplingStop) {
            try body(sampler)
            return 0
        } catch {
            return conclude(error, sampler, client)
        }
    }

    /// Tells the client why there is no END, where it still listens.
    private static func conclude(_ stop: SamplingStop, _ sampler: Sampler, _ client: StandardClient) -> Int32 {
        let notice: Notice
        switch stop {
        case .clientGone: return 0
        case .failed(let failed): notice = failed
        case .deadline: notice = Notice(topic: .deadline, text: "the collector's deadline passed")
        }
        tell("error: \(notice.text)")
        client.deadline = Clocks.monotonic + 1_000_000_000
        try? sampler.fail(notice)
        return 1
    }

    // MARK: Flags

    private static func start(_ arguments: [String]) throws(UsageProblem) -> Start {
        var start = Start(deadline: 0)
        var deadline: Int64?
        var seconds: Int64?
        var rest = arguments.dropFirst()
        while let flag = rest.popFirst() {
            let parts = flag.split(separator: "=", maxSplits: 1).map(String.init)
            func value() throws(UsageProblem) -> String {
                if parts.count == 2 { return parts[1] }
                guard let next = rest.popFirst() else { throw UsageProblem(text: "\(flag) wants a value") }
                return next
            }
            switch parts.first ?? "" {
            case "--seconds": seconds = try nanoseconds(try value(), "--seconds")
            case "--deadline": deadline = try nanoseconds(try value(), "--deadline")
            case "--event-buffer":
                let text = try value()
                guard let bytes = UInt32(text), bytes > 0, bytes <= 1 << 30 else {
                    throw UsageProblem(text: "--event-buffer \"\(text)\" is not a number of bytes up to 1073741824")
                }
                start.eventBuffer = bytes
            case "--enable-accounting": start.enablesAccounting = true
            case "--no-rules": start.wantsRules = false
            default: throw UsageProblem(text: "unknown flag \"\(flag)\"")
            }
        }
        if arguments.first == "window" {
            guard let seconds else { throw UsageProblem(text: "window wants --seconds") }
            start.window = seconds
        } else if seconds != nil {
            throw UsageProblem(text: "snapshot takes no --seconds: it has no window")
        }
        start.deadline = deadline ?? start.window + 300 * 1_000_000_000
        return start
    }

    /// Seconds with up to three decimals, more than none and at most a day.
    private static func nanoseconds(_ text: String, _ flag: String) throws(UsageProblem) -> Int64 {
        guard let seconds = Double(text), seconds >= 0.001, seconds <= 86400 else {
            throw UsageProblem(text: "\(flag) \"\(text)\" is not a number of seconds from 0.001 to 86400")
        }
        return Int64((seconds * 1000).rounded()) * 1_000_000
    }

    private static func tell(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
