import JSONText
import Testing
import YAMLText

/// Collects what a writer gives to its sink.
final class Collected {
    var bytes: [UInt8] = []
    var pieces = 0

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func take(_ span: Span<UInt8>) {
        for index in span.indices { bytes.append(span[index]) }
        pieces += 1
    }
}

func json(
    _ style: JSONWriter.Style = .pretty,
    _ body: (inout JSONWriter) throws -> Void
) throws -> String {
    let collected = Collected()
    var writer = JSONWriter(style: style) { collected.take($0) }
    try body(&writer)
    try writer.endDocument()
    return collected.text
}

func yaml(_ body: (inout YAMLWriter) throws -> Void) throws -> String {
    let collected = Collected()
    var writer = try YAMLWriter { collected.take($0) }
    try body(&writer)
    try writer.endDocument()
    return collected.text
}

func writeSample(_ writer: inout some DocumentWriter & ~Copyable) throws(DocumentWriterError) {
    try writer.beginObject()
    try writer.key("name")
    try writer.string("shop/backend")
    try writer.key("ports")
    try writer.beginArray()
    try writer.integer(80)
    try writer.beginObject()
    try writer.key("big")
    try writer.integer(UInt64.max)
    try writer.key("small")
    try writer.integer(Int64.min)
    try writer.endObject()
    try writer.endArray()
    try writer.key("rate")
    try writer.double(0.1)
    try writer.key("ok")
    try writer.boolean(true)
    try writer.key("nothing")
    try writer.null()
    try writer.key("empty")
    try writer.beginArray()
    try writer.endArray()
    try writer.key("none")
    try writer.beginObject()
    try writer.endObject()
    try writer.endObject()
}

@Suite("Writing JSON")
struct JSONWriterTests {
    @Test("Pretty JSON is indented as kubectl indents it")
    func pretty() throws {
        #expect(
            try json { writer in try writeSample(&writer) } == """
                {
                    "name": "shop/backend",
                    "ports": [
                        80,
                        {
                            "big": 18446744073709551615,
                            "small": -9223372036854775808
                        }
                    ],
                    "rate": 0.1,
                    "ok": true,
                    "nothing": null,
                    "empty": [],
                    "none": {}
                }

                """
        )
    }

    @Test("Compact JSON is one line")
    func compact() throws {
        #expect(
            try json(.compact) { writer in try writeSample(&writer) }
                == #"{"name":"shop/backend","ports":[80,{"big":18446744073709551615,"small":-9223372036854775808}],"#
                + #""rate":0.1,"ok":true,"nothing":null,"empty":[],"none":{}}"# + "\n"
        )
    }

    @Test("Control characters never reach a terminal")
    func controls() throws {
        let text = "\u{1b}[31m\u{7f}\u{9b}\u{85}\u{2028}\u{2029}\u{0}\n\t\r\"\\é😀"
        let written = try json(.compact) { writer in
            try writer.string(text)
        }
        #expect(
            written
                == #""\u001b[31m\u007f\u009b\u0085\u2028\u2029\u0000\n\t\r\"\\é😀""# + "\n"
        )
        #expect(try JSONTree.all(written) == [.string(text)])
    }

    @Test(
        "Doubles come back as they were",
        arguments: [0, -0.0, 1, 0.1, 1e16, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123_456.789]
    )
    func doubles(_ value: Double) throws {
        let written = try json(.compact) { writer in
            try writer.double(value)
        }
        #expect(try JSONTree.all(written) == [.number(value)])
    }

    @Test("NaN and infinities are refused", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(_ value: Double) {
        #expect(throws: DocumentWriterError.self) {
            try json { writer in try writer.double(value) }
        }
        #expect(throws: DocumentWriterError.self) {
            try yaml { writer in try writer.double(value) }
        }
    }

    @Test("A large document goes to the sink in pieces")
    func pieces() throws {
        let collected = Collected()
        var writer = JSONWriter(style: .compact) { collected.take($0) }
        try writer.beginArray()
        for number in 0..<100_000 { try writer.integer(number) }
        try writer.endArray()
        try writer.endDocument()
        #expect(collected.pieces > 5)
        #expect(collected.text.hasSuffix(",99999]\n"))
    }

    @Test("A misplaced call is refused")
    func misplaced() {
        let calls: [(inout JSONWriter) throws -> Void] = [
            { writer in try writer.key("a") },
            { writer in try writer.endObject() },
            { writer in
                try writer.beginObject()
                try writer.string("value without a key")
            },
            { writer in
                try writer.beginObject()
                try writer.key("a")
                try writer.endObject()
            },
            { writer in
                try writer.beginArray()
                try writer.endObject()
            },
            { writer in
                try writer.null()
                try writer.null()
            },
            { writer in try writer.beginArray() },
        ]
        for call in calls { #expect(throws: DocumentWriterError.self) { try json(.compact, call) } }
    }

    @Test("An error of the sink comes out as it is")
    func sinkError() throws {
        struct Closed: Error {}
        func write(_ writer: inout some DocumentWriter & ~Copyable) -> (any Error)? {
            do throws(DocumentWriterError) {
                try writer.null()
                try writer.endDocument()
            } catch {
                if case .sink(let inner) = error { return inner }
            }
            return nil
        }
        var json = JSONWriter(style: .compact) { _ in throw Closed() }
        let jsonError = write(&json)
        #expect(jsonError is Closed)
        var yaml = try YAMLWriter { _ in throw Closed() }
        let yamlError = write(&yaml)
        #expect(yamlError is Closed)
    }
}

@Suite("Writing YAML")
struct YAMLWriterTests {
    @Test("YAML is written in block style, as kubectl writes it")
    func block() throws {
        #expect(
            try yaml { writer in try writeSample(&writer) } == """
                name: shop/backend
                ports:
                - 80
                - big: 18446744073709551615
                  small: -9223372036854775808
                rate: 0.1
                ok: true
                nothing: null
                empty: []
                none: {}

                """
        )
    }

    @Test(
        "A string that would be read as another type is quoted",
        arguments: [
            "", "~", "null", "NULL", "true", "False", "yes", "No", "on", "OFF", "y", "n", "1", "-1", "+1", "0x1F",
            "0o17", "0b11", "1_000", "1.5", "1e3", "1.", ".5", ".inf", "-.INF", ".nan", "1:30", "2026-11-23",
            "2026-11-23T03:18:15Z", "1:2:3:4:5:6:7:8", "=", "<<", "012",
        ]
    )
    func quoted(_ text: String) throws {
        let written = try yaml { writer in
            try writer.beginArray()
            try writer.string(text)
            try writer.endArray()
        }
        #expect(written == "- \"\(text)\"\n")
    }

    @Test(
        "An ordinary string stands without quotes",
        arguments: ["shop/backend", "10.244.1.3", "10.0.0.0/8", "fd00::1", "TCP", "yesterday", "tbn1", "é", "a b"]
    )
    func plain(_ text: String) throws {
        let written = try yaml { writer in
            try writer.beginArray()
            try writer.string(text)
            try writer.endArray()
        }
        #expect(written == "- \(text)\n")
    }

    @Test(
        "Strings that YAML's syntax would break are quoted",
        arguments: [
            ("a: b", "- 'a: b'\n"), ("- a", "- '- a'\n"), ("#a", "- '#a'\n"), ("{a", "- '{a'\n"), (" a", "- ' a'\n"),
            ("'", "- ''''\n"), ("::1", "- ::1\n"), ("a\nb", "- \"a\\nb\"\n"), ("*a", "- '*a'\n"),
        ])
    func syntax(_ text: String, _ expected: String) throws {
        let written = try yaml { writer in
            try writer.beginArray()
            try writer.string(text)
            try writer.endArray()
        }
        #expect(written == expected)
    }

    @Test("Control characters never reach a terminal")
    func controls() throws {
        let written = try yaml { writer in
            try writer.beginObject()
            try writer.key("\u{1b}k")
            try writer.string("\u{1b}[31m\u{7f}\u{9b}\u{85}\u{2028}\u{0}\té")
            try writer.endObject()
        }
        #expect(written == #""\ek": "\e[31m\x7F\x9B\N\L\0\té""# + "\n")
    }

    @Test("A number with an exponent has a point, without which YAML 1.1 takes it for a string")
    func exponent() throws {
        let written = try yaml { writer in
            try writer.beginArray()
            try writer.double(1e16)
            try writer.double(.leastNonzeroMagnitude)
            try writer.double(2.5)
            try writer.endArray()
        }
        #expect(written == "- 1.0e+16\n- 5.0e-324\n- 2.5\n")
    }

    @Test("Long lines are not folded, and further documents are separated")
    func documents() throws {
        let long = String(repeating: "word ", count: 50) + "end"
        let collected = Collected()
        var writer = try YAMLWriter { collected.take($0) }
        for text in [long, "b"] {
            try writer.beginArray()
            try writer.string(text)
            try writer.endArray()
            try writer.endDocument()
        }
        #expect(collected.text == "- \(long)\n---\n- b\n")
    }

    @Test("A writer that is dropped half-way leaves nothing behind")
    func dropped() throws {
        for _ in 0..<100 {
            var writer = try YAMLWriter { _ in }
            try writer.beginObject()
            try writer.key("a")
        }
    }
}
