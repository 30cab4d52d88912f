import CollectorProtocol
import Synchronization

/// A bundle that is written while a run goes on. When it cannot be written on, the run goes on without it, and
/// `finish` says why.
package final class BundleRecording: Sendable {
    private struct State: ~Copyable {
        var writer: BundleWriter
        var failure: NetvizError?
    }

    private let state: Mutex<State>
    private let file: RecordingFile

    /// - Parameters:
    ///   - file: where it is written.
    ///   - recordedAt: now, CLOCK_REALTIME in nanoseconds since 1970.
    init(to file: RecordingFile, recordedAt: Int64) {
        var random = SystemRandomNumberGenerator()
        let identity = (0..<BundleFormat.identityLength).map { _ in UInt8.random(in: 0...255, using: &random) }
        let head = BundleHead(release: Version.text, recordedAt: recordedAt, identity: identity)
        state = Mutex(State(writer: BundleWriter(head), failure: nil))
        self.file = file
        // What a bundle is stands in it from the first moment.
        write { _ in }
    }

    func begin(_ source: CollectedTables.Source) -> Int {
        write { writer in
            writer.begin(
                BundleSource(
                    number: 0,
                    name: source.name,
                    isNode: source.isNode,
                    mode: source.mode,
                    hasOwnClock: source.hasOwnClock
                )
            )
        }
    }

    func write(_ frames: ArraySlice<UInt8>, of source: Int) {
        write { $0.write(frames: frames.span, of: source) }
    }

    func write(_ offset: BundleOffset, of source: Int) {
        write { $0.write(offset, of: source) }
    }

    func write(_ rules: BundleRulesText, of source: Int) {
        write { $0.write(rules, of: source) }
    }

    func end(_ source: Int, _ end: BundleSourceEnd) {
        write { $0.end(source, end) }
    }

    func write(_ piece: BundleInventoryPiece) {
        write { $0.write(piece) }
    }

    func write(_ warning: BundleWarning) {
        write { $0.write(warning) }
    }

    /// Writes the end, and closes the file.
    ///
    /// - Returns: why the file does not hold the run, or not all of it; nil where it does.
    func finish() -> NetvizError? {
        write { $0.finish() }
        return state.withLock { state in
            do throws(NetvizError) {
                try file.close()
            } catch {
                state.failure = state.failure ?? error
            }
            return state.failure
        }
    }

    @discardableResult
    private func write<Result>(_ body: (inout BundleWriter) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state.writer)
            var failure = state.failure
            state.writer.drain { (bytes: Span<UInt8>) throws(Never) in
                guard failure == nil else { return }
                do throws(NetvizError) {
                    try file.write(bytes)
                } catch {
                    failure = error
                }
            }
            state.failure = failure
            return result
        }
    }
}
