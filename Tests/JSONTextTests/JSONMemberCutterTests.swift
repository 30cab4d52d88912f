import JSONText
import Testing

/// What was cut of a stream, each piece as one text.
private struct Cut: Equatable {
    var pieces: [String] = []
    var error: String?
    var isComplete = false
}

private func cut(_ text: String, chunk: Int = 1 << 10, limit: Int = 64) -> Cut {
    var result = Cut()
    var cutter = JSONMemberCutter(names: ["kind", "metadata"], elementsOf: "items", limit: limit)
    let bytes = Array(text.utf8)
    do throws(JSONError) {
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            let piece = bytes.span.extracting(start..<min(start + chunk, bytes.count))
            try cutter.append(piece, failure: { $0 }) { piece, text, offset throws(JSONError) in
                let text = String(decoding: text, as: UTF8.self)
                switch piece {
                case .member(let name): result.pieces.append("\(offset) member \(name) \(text)")
                case .element: result.pieces.append("\(offset) element \(text)")
                case .tooLongElement: result.pieces.append("\(offset) too long\(text)")
                case .end: result.pieces.append("\(offset) end")
                }
            }
        }
        result.isComplete = cutter.missing == nil
    } catch {
        result.error = "\(error)"
    }
    return result
}

@Suite("JSON objects cut into members and elements")
struct JSONMemberCutterTests {
    @Test("Members that are wanted, elements of the array, and where each begins, however the text is cut")
    func pieces() {
        let text = #" {"kind":"A","x":[1,{"kind":2}], "items" : [ {"a":[]},2 , "]"], "metadata":{"n":"}"}}"# + "\n{}"
        let expected = [
            #"9 member 0 "A""#, #"45 element {"a":[]}"#, "54 element 2", #"58 element "]""#,
            #"75 member 1 {"n":"}"}"#, "84 end", "87 end",
        ]
        for chunk in [1, 2, 3, 5, 1000] {
            #expect(cut(text, chunk: chunk) == Cut(pieces: expected, isComplete: true))
        }
    }

    @Test("An array that is empty, missing, null or no array has no elements")
    func emptyArrays() {
        #expect(cut(#"{"items":[]}"#).pieces == ["11 end"])
        #expect(cut(#"{"items":null}"#).pieces == ["13 end"])
        #expect(cut(#"{"items":{"kind":1}}"#).pieces == ["19 end"])
        #expect(cut("{}").pieces == ["1 end"])
    }

    @Test("Text that ends within an object is not complete")
    func incomplete() {
        let text = #"{"kind":"A","items":[{"a":1}]}"#
        for length in 1..<text.utf8.count { #expect(!cut(String(text.prefix(length))).isComplete) }
        #expect(cut("").isComplete)
        #expect(cut(text).isComplete)
    }

    @Test(
        "What is not JSON, or not an object, is an error with its place",
        arguments: [
            ("[1]", "line 1, byte 0: '[' where an object is expected"),
            ("{1:2}", "line 1, byte 1: '1' where a key or '}' is expected"),
            (#"{"a" 1}"#, "line 1, byte 5: '1' where ':' is expected"),
            (#"{"a":1 "b":2}"#, "line 1, byte 7: '\"' where ',' or '}' is expected"),
            (#"{"a":1,}"#, "line 1, byte 7: '}' where a key is expected"),
            (#"{"items":[1 2]}"#, "line 1, byte 12: '2' where ',' or ']' is expected"),
            (#"{"items":[1,]}"#, "line 1, byte 12: ']' where a value is expected"),
            ("{\n\"a\":[1,\n}", "line 3, byte 10: '}' where a value is expected"),
        ])
    func errors(_ text: String, _ expected: String) {
        for chunk in [1, 1000] { #expect(cut(text, chunk: chunk).error == expected) }
    }

    @Test(
        "A long element is passed over, a long member that is wanted is an error, any other may be as long as it likes")
    func limits() {
        let long = String(repeating: "x", count: 100)
        #expect(cut(#"{"items":["\#(long)",1]}"#).pieces == ["10 too long", "113 element 1", "115 end"])
        #expect(cut(#"{"kind":"\#(long)"}"#).error == "line 1, byte 110: longer than 64 bytes")
        #expect(cut(#"{"x":"\#(long)","\#(long)":1}"#).pieces == ["212 end"])
    }
}
