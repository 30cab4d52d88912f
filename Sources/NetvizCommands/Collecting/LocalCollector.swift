import CollectorClient
import Glibc
import Rendering
import Subprocess

/// The collector that lies beside this program, as a process.
enum LocalCollector {
    private static let name = "netviz-collector"

    /// Runs it for as long as `body` runs, then ends its input and waits for it.
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
                await body(ProcessPipe(execution.standardInputWriter, execution.standardOutput))
                try? await execution.standardInputWriter.finish()
            }
        } catch {
            throw NetvizError(.usage, "\(PrintableText.escaped(path)) cannot be run: \(error)")
        }
    }

    /// Its input's end makes it restore what it changed; a signal is the last resort.
    private static var platformOptions: PlatformOptions {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(5))]
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

        init(_ writer: StandardInputWriter, _ output: SubprocessOutputSequence) {
            self.writer = writer
            self.output = OutputReader(output)
        }

        func send(_ bytes: [UInt8]) async throws {
            _ = try await writer.write(bytes)
        }

        func receive() async throws -> [UInt8]? {
            try await output.next()
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
