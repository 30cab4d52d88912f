import TestSupport
import Testing

@Suite("The JSON tree of tests")
struct JSONTree {
    @Test("holds every kind of value")
    func kinds() throws {
        let value = try JSONValue(parsing: #" {"a":[1,-2.5e+3,true,false,null,"x"],"b":{}, "":"" } "#)
        #expect(value == ["a": [1, .number("-2.5e+3"), true, false, nil, "x"], "b": [:], "": ""])
        #expect(value["a"]?[0]?.integer == 1)
        #expect(value["a"]?[1]?.double == -2500)
        #expect(value["a"]?[2]?.bool == true)
        #expect(value["a"]?[5]?.string == "x")
        #expect(value["a"]?[6] == nil)
        #expect(value["c"] == nil)
        #expect(value["b"]?.object == [:])
    }

    @Test("keeps numbers as they were written")
    func numbers() throws {
        #expect(try JSONValue(parsing: "18446744073709551615") == .number("18446744073709551615"))
        #expect(try JSONValue(parsing: "1.0") != 1)
    }

    @Test("reads escapes and pairs of surrogates")
    func escapes() throws {
        #expect(try JSONValue(parsing: #""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#) == "\"\\/\u{8}\u{C}\n\r\té😀")
    }

    @Test(
        "refuses what is not JSON, at the right offset",
        arguments: [
            ("", 0), ("[1,]", 3), ("{\"a\":1,}", 7), ("[1 2]", 3), ("01", 1), ("1.", 2), ("-", 1), ("+1", 0),
            ("nul", 0),
            ("NaN", 0), ("{a:1}", 1), ("{\"a\" 1}", 5), ("[1] 2", 4), ("\"a", 0), ("\"\u{1}\"", 1), (#""\x""#, 3),
            (#""\u12g4""#, 5), (#""\ud800""#, 7), (#""\ude00\ud83d""#, 7), (#""\ud83dx""#, 7), ("'a'", 0),
            ("// x\n1", 0),
            (#"{"a":1,"a":2}"#, 7), ("\u{FEFF}1", 0),
        ]
    )
    func refused(text: String, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
        #expect(error?.offset == offset)
    }

    @Test("refuses bytes that are not UTF-8")
    func notUTF8() {
        #expect(throws: JSONError.self) { try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22]) }
    }

    @Test("refuses nesting that would exhaust the stack")
    func depth() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONError.self) { try JSONValue(parsing: deep) }
    }
}
