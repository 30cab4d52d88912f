import CollectorPods
import Synchronization

/// How far a run over a cluster is, told in one line.
final class RunProgress: Sendable {
    private struct State {
        var starting = 0
        var reading = 0
        var done = 0
        var failed = 0
        var bytes = 0
    }

    private let state = Mutex(State())
    private let began = ContinuousClock.now
    private let line: ProgressLine?

    /// - Parameter line: nil where nobody looks.
    init(_ line: ProgressLine?) {
        self.line = line
    }

    func take(_ progress: CollectorProgress) {
        state.withLock { state in
            switch progress {
            case .starting: state.starting += 1
            case .running:
                state.starting -= 1
                state.reading += 1
            case .failed:
                state.starting -= 1
                state.failed += 1
            }
        }
    }

    /// A node said something, in so many bytes.
    func received(_ bytes: Int) {
        state.withLock { $0.bytes += bytes }
    }

    func ended() {
        state.withLock { state in
            state.reading -= 1
            state.done += 1
        }
    }

    /// Since the run began.
    var elapsedMilliseconds: Int64 { Int64((ContinuousClock.now - began) / .milliseconds(1)) }

    /// Shows it five times a second until the task is cancelled.
    func show() async {
        guard let line else { return }
        while !Task.isCancelled {
            line.show(text)
            guard (try? await Task.sleep(for: .milliseconds(200))) != nil else { break }
        }
        line.end()
    }

    private var text: String {
        let (starting, reading, done, failed, bytes) = state.withLock {
            ($0.starting, $0.reading, $0.done, $0.failed, $0.bytes)
        }
        let seconds = (ContinuousClock.now - began).components.seconds
        let failures = failed > 0 ? ", \(failed) failed" : ""
        return
            "nodes: \(starting) starting, \(reading) reading, \(done) done\(failures); \(bytes >> 10) KiB, \(seconds) s"
    }
}
