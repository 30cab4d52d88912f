import FuzzSupport
import JSONText

/// libFuzzer's entry: any bytes are JSON or are refused; in pieces of any size they give the same; what is read and
/// written again reads as itself.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzJSONText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    let whole = JSONCopy(JSONReader(bytes))
    let pieces = JSONCopy(JSONReader(source: pieces(of: bytes, length: 1 + bytes.count % 61)))
    precondition(whole == pieces, "what is read depends on how the text arrives")

    if whole.error == nil {
        precondition(skip(JSONReader(bytes)), "a text that can be read cannot be passed over")
        let again = JSONCopy(JSONReader(whole.text))
        precondition(again.error == nil && again.recovered.isEmpty, "what was written cannot be read")
        precondition(again.text == whole.text, "what was written reads as something else")
    }
    return 0
}

/// Whether all texts of the stream can be passed over.
private func skip(_ reader: consuming JSONReader) -> Bool {
    do throws(JSONError) {
        while try reader.nextDocument() { try reader.skipValue() }
        return true
    } catch {
        return false
    }
}
