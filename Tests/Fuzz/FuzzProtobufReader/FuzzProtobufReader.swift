import ProtobufReader

/// libFuzzer's entry: any bytes are fields or an error; fields lie one after another within the bytes, and a header tells
/// of each what the reader tells.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzProtobufReader(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    read(ProtobufFields(0..<bytes.count), of: bytes, depth: 0)
    return 0
}

private func read(_ message: ProtobufFields, of bytes: [UInt8], depth: Int) {
    var fields = message
    var end = message.position
    do throws(ProtobufError) {
        while let field = try fields.next(in: bytes.span) {
            precondition(field.offset == end, "bytes between two fields")
            let header = try ProtobufHeader(bytes.span.extracting(end..<bytes.count))
            precondition(header?.number == field.number && header?.wireType == field.wireType, "another header")
            precondition((header?.length ?? 0) + (header?.valueLength ?? 0) == fields.position - end, "another length")
            end = fields.position
            precondition(field.range.upperBound == end && end <= message.end, "a value outside its message")
            _ = try? field.string(in: bytes.span)
            if field.wireType == .bytes, depth < 8 { read(try field.message(of: fields), of: bytes, depth: depth + 1) }
        }
        precondition(end == message.end, "bytes after the last field")
    } catch {
        precondition(error.offset >= message.position && error.offset <= message.end, "an error outside the message")
    }
}
