import JSONText
import TestSupport
import Testing
import YAMLText

/// YAML means what kubectl takes it for.
@Suite("YAML against kubectl's")
struct KubectlYAMLTests {
    /// Values of one mapping, whose keys are made for them.
    static let values = [
        "yes", "No", "on", "OFF", "y", "N", "true", "True", "tRUE", "null", "~", "NULL", "nULL", "''", "'yes'",
        "\"no\"",
        "1", "-1", "+1", "--1", "+-1", "0x10", "0X1F", "0o17", "017", "08", "09.5", "0b101", "-0b101", "0x", "0b2",
        "1_000",
        "_1", "0x_1", "1__0", "18446744073709551615", "18446744073709551616", "-9223372036854775808",
        "-9223372036854775809", "1.5", "1.", ".5", ".", ".e1", "1e3", "1E-3", "1e", "1e5000", "-.5", "+.5e1", "1.5.2",
        "1_0.5",
        "1:30", "190:20:30", "2001-12-14", "2001-12-14t21:59:43.10-05:00", "Infinity", "nan", "inf", "=", "a: b",
        "!!str 12", "! 12", "!!int '12'", "!!float 3", "!!bool 'yes'", "!!null ''", "!mine x", "!mine 12", "12abc",
        "0.1",
        "1e20", "1e21", "1e-7", "-0.0", "-0", "00", "0", "0777", "[1, [a, {b: c}], {}]", "{? x : y}",
        "{1.0: a, 1.5: b, yes: c}",
        "&a {x: 1, y: 2}", "{<<: *a, x: 3}", "{x: 4, <<: *a}", "{<<: [{q: 1}, {q: 2, r: 3}]}", "{'<<': 1}",
        "{a: 1, a: 2}",
        "|\n    line\n    more\n", ">-\n    fold\n    ed\n", "'it''s'", "\"\\x41\\u00e9\\t\"", "\"a\\\n    b\"",
        "é ☃ 😀", "- x",
    ]

    private func kubectl(_ text: String, in folder: String) async throws -> CommandResult {
        try writeFile(text.utf8, to: "\(folder)/config")
        return try await Judge(folder).kubectl(["--kubeconfig=config", "config", "view", "--raw", "-o", "json"])
    }

    private func read(_ text: String) throws -> JSONValue? {
        var reader = try YAMLReader(Array(text.utf8))
        guard let node = try reader.nextDocument()?["extensions"] else { return nil }
        var text: [UInt8] = []
        var writer = JSONWriter(style: .compact) { bytes in for index in bytes.indices { text.append(bytes[index]) } }
        try node.write(to: &writer)
        try writer.endDocument()
        return try JSONValue(parsing: text)
    }

    /// Numbers as numbers: `1` and `1.0` are the same to JSON.
    private func normal(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case .number(let text):
            .number(Int64(text).map(String.init) ?? UInt64(text).map(String.init) ?? "\(value?.double ?? 0)")
        case .array(let elements): .array(elements.compactMap { normal($0) })
        case .object(let members): .object(members.compactMapValues { normal($0) })
        default: value
        }
    }

    @Test("Each value is what kubectl takes it for, or an error to both")
    func scalars() async throws {
        try await withTemporaryDirectory { folder in
            func text(_ values: [String]) -> String {
                let lines = values.enumerated().map { "    k\($0): \($1)" }
                return "extensions:\n- name: e\n  extension:\n    a: &a {x: 1, y: 2}\n" + lines.joined(separator: "\n")
                    + "\n"
            }
            // An error would hide the other values, so each is tried by itself first.
            var fine: [String] = []
            for value in Self.values where (try? read(text([value]))) != nil { fine.append(value) }
            let judged = try await kubectl(text(fine), in: folder)
            try #require(judged.succeeded, "\(judged.errorText)")
            let wanted = try JSONValue(parsing: judged.output)["extensions"]?[0]?["extension"]?.object ?? [:]
            let found = try read(text(fine))?[0]?["extension"]?.object ?? [:]
            for (index, value) in fine.enumerated() {
                let numbered = (normal(found["k\(index)"]), normal(wanted["k\(index)"]))
                let isSame =
                    numbered.0 == numbered.1 || numbered.0?.double == numbered.1?.double && numbered.0?.double != nil
                #expect(isSame, "\(value): \(String(describing: numbered))")
            }
            #expect(wanted.count == fine.count + 1)
            for value in Set(Self.values).subtracting(fine) {
                let judged = try await kubectl(text([value]), in: folder)
                #expect(!judged.succeeded, "\(value)")
            }
        }
    }

    /// Whole files; those that kubectl does not read must not be read here, and the other way round.
    static let files = [
        "", "# nothing\n", "---\n", "null", "{}", "[]", "x", "1", "a: [", "a: b: c", "\ta: b", "{\n\t\"a\":\n\t\"b\"}",
        "a: *b",
        "a: &a [*a]", "{[1]: 2}", "{~: 1}", "a: .inf", "a: !!int b", "a: {<<: 3}", "a: {<<: [3]}",
        "\u{FEFF}current-context: q", "current-context: \"\u{1}\"", "current-context: a\n---\n[", "kind: Pod",
        "apiVersion: v2",
        "kind: Config\napiVersion: v1", "%YAML 1.1\n---\na: b", "%YAML 3.0\n---\na: b", "clusters: {}",
        "clusters: null",
        "clusters: [null]", "clusters: [{}]", "clusters: [{}, {}]", "clusters: [{name: 1}]", "current-context: no",
        "clusters: [{name: a, cluster: {insecure-skip-tls-verify: 'yes'}}]",
        "clusters: [{name: a, cluster: {certificate-authority-data: QUI}}]",
        "clusters: [{name: a, cluster: {certificate-authority-data: \"QU\\nI=\"}}]",
        "clusters: [{name: a, cluster: {certificate-authority-data: QUI=QUI=}}]",
        "users: [{name: a, user: {exec: {args: [1]}}}]", "users: [{name: a, user: {exec: {args: [null]}}}]",
        "users: [{name: a, user: {auth-provider: {name: x, config: {a: 1}}}}]", "users: [{name: a, user: null}]",
        "users: [{name: a, user: {tokenfile: 1, Token: 2}}]", "users: [{name: a, user: {as-user-extra: {a: b}}}]",
        "contexts: [{name: a, context: {namespace: 7}}]", "unknown: {a: [b]}", "a: 'x", "a: \"\\q\"", "- a\nb: c",
    ]

    @Test("A file is read where kubectl reads it, and only there")
    func acceptance() async throws {
        try await withTemporaryDirectory { folder in
            for text in Self.files {
                let judged = try await kubectl(text, in: folder)
                // What is read and has no server is an error of another kind.
                let error = #expect(throws: KubeconfigProblem.self) {
                    try KubeconfigProblem.of("\(folder)/config", folder)
                }
                #expect(error?.isAboutFile == !judged.succeeded, "\(text): \(judged.errorText)")
            }
        }
    }
}
