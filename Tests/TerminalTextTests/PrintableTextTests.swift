import TerminalText
import Testing

@Suite("Text from the cluster on a terminal")
struct PrintableTextTests {
    @Test("stays as it is when it is harmless", arguments: ["", "shop/frontend-1", "a b~", "größe", "名前", "é", "👍"])
    func harmless(_ text: String) {
        #expect(PrintableText.escaped(text) == text)
    }

    @Test(
        "shows control characters as cat -v does, and what moves or hides text by its number",
        arguments: [
            ("\u{1B}[31mred", "^[[31mred"), ("a\nb", "a^Jb"), ("a\tb", "a^Ib"), ("a\rb", "a^Mb"), ("\0", "^@"),
            ("\u{1F}", "^_"),
            ("\u{7F}", "^?"), ("\u{9B}2J", "\\u{9b}2J"), ("a\r\nb", "a^M^Jb"), ("\u{202E}txt", "\\u{202e}txt"),
            ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("a\u{200B}b", "a\\u{200b}b"),
            ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
            ("\u{FEFF}a", "\\u{feff}a"), ("\u{E000}", "\\u{e000}"), ("\u{E0041}", "\\u{e0041}"),
            ("\u{378}", "\\u{378}"),
        ]
    )
    func escaped(_ text: String, _ expected: String) {
        #expect(PrintableText.escaped(text) == expected)
    }

    @Test("no character that a terminal acts on is left, whatever the text")
    func every() {
        for value in UInt32(0)..<0x3000 {
            guard let scalar = UnicodeScalar(value) else { continue }
            let shown = PrintableText.escaped("x" + String(scalar))
            let acting = shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
            if acting { Issue.record("U+\(String(value, radix: 16)) is shown as it is") }
        }
    }

    @Test("of several lines keeps the lines")
    func lines() {
        #expect(PrintableText.escapedLines("a\u{1B}\n\n\tb\n") == "a^[\n\n^Ib\n")
    }
}
