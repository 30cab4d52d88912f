import TestSupport
import Testing

@Suite("What the collector is linked with")
struct LinkageTests {
    /// Whether a text stands anywhere in a file.
    private func stands(_ text: String, in path: String) async throws -> Bool {
        let result = try await run("grep", ["--text", "--quiet", "--fixed-strings", "-e", text, path])
        #expect(result.status == .exited(0) || result.status == .exited(1), "\(result.errorText)")
        return result.succeeded
    }

    @Test("is no Foundation: neither a needed library nor a symbol names it")
    func noFoundation() async throws {
        let collector = try BuiltExecutable.netvizCollector()
        // Mangled names of both modules begin so.
        for name in ["libFoundation", "_Foundation", "$s10Foundation", "$s20FoundationEssentials"] {
            #expect(try await !stands(name, in: collector), "\(name)")
        }
        // What is looked for is found where it is: the tests' own library needs Foundation.
        let tests = CommandLine.arguments.first { $0.contains(".xctest") }
        #expect(try await stands("libFoundation", in: try #require(tests)))
        #expect(try await stands("libnetfilter_conntrack.so", in: collector))
    }
}
