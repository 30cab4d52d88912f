import TestSupport
import Testing

@Suite("Flags of reading this machine")
struct LocalFlagTests {
    @Test(
        "that do not fit together, or say nothing that can be done, are refused",
        arguments: [
            (["--local", "--from", "-"], "--local and --from cannot be given together"),
            (["--from", "-", "--window", "5s"], "--window cannot be given with --from"),
            (["--from", "-", "--enable-accounting"], "--enable-accounting cannot be given with --from"),
            (["--local", "--window", "5"], "invalid argument \"5\" for \"--window\""),
            (["--local", "--window", "-5s"], "invalid argument \"-5s\" for \"--window\""),
            (["--local", "--window", "1ns"], "invalid argument \"1ns\" for \"--window\""),
            (["--local", "--window", "25h"], "invalid argument \"25h\" for \"--window\""),
            (["--local", "--window", "5x"], "it is a duration like 500ms, 5s or 1m30s, up to 24h, or 0"),
            (["--local", "--window", "."], "invalid argument \".\" for \"--window\""),
            (["--local", "--window", ""], "invalid argument \"\" for \"--window\""),
        ]
    )
    func refused(_ flags: [String], _ message: String) async throws {
        let result = try await netviz(["flows"] + flags)
        #expect(result.status == .exited(2))
        #expect(result.output == [])
        #expect(result.errorText.contains(message), "\(result.errorText)")
    }
}
