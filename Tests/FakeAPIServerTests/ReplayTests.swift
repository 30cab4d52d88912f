import TestSupport
import Testing

/// The stand-in is held against what a real 1.36.2 API server answered: its own tests in Python send every recorded
/// exchange again.
@Suite struct ReplayTests {
    @Test(
        "The fake API server answers as recorded",
        arguments: ["http", "exec", "protobuf", "lifecycle", "list", "fault"]
    )
    func answersAsRecorded(_ part: String) async throws {
        let folder = Repository.path("Tests/FakeAPIServer/replay")
        let result = try await run(
            "python3",
            ["-m", "unittest", "discover", "-s", folder, "-p", "\(part)_test.py"],
            timeout: .seconds(180)
        )
        #expect(result.succeeded, "\(result.errorText)")
        #expect(!result.errorText.contains("Ran 0 tests"))
    }
}
