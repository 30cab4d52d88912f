import KubernetesAPI
import Testing

@Suite("Warning headers")
struct WarningHeaderTests {
    @Test(
        "have texts in quotes, several in a value, each told once",
        arguments: [
            ([#"299 - "deprecated""#], ["deprecated"]),
            (
                [#"299 - "a, \"b\" \\ c", 299 host:1 "d" "Wed, 21 Oct 2026 07:28:00 GMT",299 - "a""#],
                [#"a, "b" \ c"#, "d", "a"]
            ),
            ([#"299 - "x""#, #"299 - "y""#, #"299 - "x""#], ["x", "y"]), ([#"199 - "misc""#], ["misc"]),
            ([#"299 - "whole" rest"#], ["whole"]), ([#"299 - "unfinished"#], []), ([#"29 - "x""#], []), ([""], []),
            ([#"299 - "a", garbage"#], ["a"]), ([#"299 - """#], [""]), ([], []),
        ] as [([String], [String])])
    func texts(values: [String], expected: [String]) {
        #expect(WarningHeader.texts(values) == expected)
    }

    @Test("of a real server are read")
    func recorded() throws {
        let recording = try HTTPRecording("psa/label-namespace-warning.http")
        #expect(
            WarningHeader.texts(recording.values(of: "Warning")) == [
                #"existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest""#,
                "least: non-default capabilities, host namespaces",
            ])
    }

    @Test("are bounded")
    func bounded() {
        let value = (0..<5000).map { "299 - \"\($0)\"" }.joined(separator: ",")
        #expect(WarningHeader.texts([value]).count == 100)
    }
}
