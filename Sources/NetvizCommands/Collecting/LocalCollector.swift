import CollectorClient
import Glibc
import Rendering
import Subprocess
import TerminalText

/// The collector that lies beside this program, as a process.
enum LocalCollector {
    private static let name = "netviz-collector"

    /// Runs it for as long as `body` runs, then ends its input and waits for it, though not for long.
    ///
    /// - Throws: when there is none, or it cannot be started.
    static func run(_ body: @Sendable (any CollectorPipe) async -> Void) async throws(NetvizError) {
        let path = try self.path()
        do {
            _ = try await Subprocess.run(
                .path(Self.literal(path)),
                arguments: ["session"],
                platformOptions: platformOptions,
                input: .inputWriter,
                output: .sequence,
                error: .discarded
            ) { execution in
                let writer = execution.standardInputWriter
                let pipe = ProcessPipe(writer, execution.standardOutput) {
                    try? await writer.finish()
                    await execution.teardown(using: teardown)
                }
                await body(pipe)
                await pipe.close()
            }
        } catch {
            throw NetvizError(.usage, "\(PrintableText.escaped(path)) cannot be run: \(error)")
        }
    }

    /// Its input's end makes it restore what it changed; a signal is the last resort. The first, number 0, is sent to
    /// nobody (kill(2)) and gives it the time to come to its end.
    private static let teardown: [TeardownStep] = [
        .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: .seconds(3)),
        .gracefulShutDown(allowedDurationToNextStep: .seconds(2)),
    ]

    private static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.teardownSequence = teardown
        return options
    }

    /// In the folder of this program's own file, whatever link it was started through.
    private static func path() throws(NetvizError) -> String {
        guard let own = unsafe realpath("/proc/self/exe", nil) else {
            throw NetvizError(.usage, "this program's own folder is not known: \(systemMessage(errno))")
        }
        defer { unsafe free(own) }
        let text = unsafe String(cString: own)
        let folder = text.lastIndex(of: "/").map { String(text[...$0]) } ?? ""
        let path = folder + name
        guard unsafe access(path, X_OK) == 0 else {
            throw NetvizError(
                .usage,
                "--local needs \(name) beside this program, and \(PrintableText.escaped(path)) cannot be run: \(systemMessage(errno))",
                remedy: "Install both with 'make install'."
            )
        }
        return path
    }

    /// A value of a type known to us only by its string literals: swift-subprocess takes paths as `FilePath` of
    /// swift-system, a package this one does not depend on by itself.
    private static func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
    where Value.StringLiteralType == String {
        Value(stringLiteral: text)
    }

    /// The process's standard input and output.
    private final class ProcessPipe: CollectorPipe {
        private let writer: StandardInputWriter
        private let output: OutputReader
        private let end: @Sendable () async -> Void

        /// - Parameter end: ends the process, and returns when it has ended.
        init(
            _ writer: StandardInputWriter,
            _ output: SubprocessOutputSequence,
            end: @escaping @Sendable () async -> Void
        ) {
            self.writer = writer
            self.output = OutputReader(output)
            self.end = end
        }

        func send(_ bytes: [UInt8]) async throws {
            _ = try await writer.write(bytes)
        }

        func receive() async throws -> [UInt8]? {
            try await output.next()
        }

        func close() async {
            await end()
        }
    }

    /// Keeps the place in the output between two calls.
    private actor OutputReader {
        private var iterator: SubprocessOutputSequence.AsyncIterator

        init(_ output: SubprocessOutputSequence) { iterator = output.makeAsyncIterator() }

        func next() async throws -> [UInt8]? {
            var reading = iterator
            defer { iterator = reading }
            guard let buffer = try await reading.next(isolation: self) else { return nil }
            return unsafe buffer.withUnsafeBytes { unsafe Array($0) }
        }
    }
}
