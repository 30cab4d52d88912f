import TestSupport
import Testing

@Suite("A collector of this machine that does not answer")
struct UnresponsiveCollectorTests {
    @Test(
        "is ended after ten seconds, and that is said",
        .timeLimit(.minutes(1)),
        arguments: [
            "exec sleep 1000",
            // What it started has its output too, and outlives it.
            "sleep 20",
            "trap '' TERM; while :; do sleep 1; done",
        ]
    )
    func silent(_ script: String) async throws {
        try await withTemporaryDirectory { folder in
            let result = try await run(
                "sh",
                [
                    "-ec",
                    "cp \"$netviz\" kubectl-netviz; printf '#!/bin/sh\\n%s\\n' \"$script\" > netviz-collector; "
                        + "chmod 755 netviz-collector; exec ./kubectl-netviz flows --local --window 1s",
                ],
                environment: .inherited(
                    changing: ["netviz": try BuiltExecutable.kubectlNetviz(), "script": script]),
                workingDirectory: folder,
                timeout: .seconds(40)
            )
            #expect(result.status == .exited(3))
            #expect(result.outputText == "")
            #expect(result.errorText.contains("its collector said nothing in time"), "\(result.errorText)")
        }
    }
}
