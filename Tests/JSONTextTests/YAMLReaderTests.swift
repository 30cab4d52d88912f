import JSONText
import Testing
import YAMLText

@Suite("YAML reading")
struct YAMLReaderTests {
    private func read(_ text: String) throws -> DocumentNode? {
        var reader = try YAMLReader(Array(text.utf8))
        return try reader.nextDocument()
    }

    @Test("Values know their lines, and a repeated key its last value")
    func lines() throws {
        let node = try #require(try read("a: 1\nb:\n- x\n- z: no\na: 2\n"))
        #expect(node["a"] == DocumentNode(.integer(2), line: 5))
        guard case .array(let elements)? = node["b"]?.value else {
            Issue.record("no list")
            return
        }
        #expect(elements.map(\.line) == [3, 4])
        #expect(elements[1]["z"]?.value == .boolean(false))
    }

    @Test("Documents come one after another")
    func documents() throws {
        var reader = try YAMLReader(Array("a\n---\n- b\n...\n---\n".utf8))
        #expect(try reader.nextDocument()?.value == .string("a"))
        #expect(try reader.nextDocument()?.kind == .array)
        #expect(try reader.nextDocument()?.value == .null)
        #expect(try reader.nextDocument() == nil)
        #expect(try reader.nextDocument() == nil)
    }

    @Test("JSON is read as the same values")
    func json() throws {
        let text = #"{"a": [1, 2.5, true, null, "x"], "b": {}}"#
        let json = try DocumentNode(json: Array(text.utf8))
        #expect(json["b"] == DocumentNode(.object([]), line: 1))
        #expect(try read(text)?["a"]?.kind == json["a"]?.kind)
    }

    @Test("Aliases that repeat one another are not expanded without end")
    func laughs() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            text +=
                "a\(level): &a\(level) [" + [String](repeating: "*a\(level - 1)", count: 8).joined(separator: ", ")
                + "]\n"
        }
        #expect(throws: YAMLError.self) { try read(text) }
    }

    @Test("Lists within lists are followed to a limit", arguments: [("[", "]"), ("- ", ""), ("{a: ", "}")])
    func depth(_ open: String, _ close: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth) + "x" + String(repeating: close, count: depth)
        }
        #expect(try read(nested(YAMLReader.maximumDepth)) != nil)
        #expect(throws: YAMLError.self) { try read(nested(YAMLReader.maximumDepth + 1)) }
        #expect(throws: YAMLError.self) { try read(nested(100_000)) }
    }

    @Test("An error says the line and shows nothing of the text")
    func errors() {
        let error = #expect(throws: YAMLError.self) { try read("a: 1\nb: *SECRET\n") }
        #expect(error?.description == "line 2: an alias whose anchor is not known")
        let bytes: [UInt8] = Array("a: b\nc: ".utf8) + [0xFF]
        let unreadable = #expect(throws: YAMLError.self) {
            var reader = try YAMLReader(bytes)
            _ = try reader.nextDocument()
        }
        #expect(unreadable?.line == 2)
    }

    @Test("No bytes make it crash or hang")
    func noise() {
        let alphabet = Array("[]{}:,-?&*!|>'\"%#@ \n\tab01.~<\\\u{1}".utf8) + [0xC3, 0xA9, 0xFF, 0x00]
        var state: UInt64 = 42
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var documents = 0
        for _ in 0..<20_000 {
            let bytes = (0..<random(40)).map { _ in alphabet[random(alphabet.count)] }
            if var reader = try? YAMLReader(bytes) {
                while (try? reader.nextDocument()) != nil { documents += 1 }
            }
        }
        #expect(documents > 1000)
    }
}
