import Inventory
import NetModel

/// libFuzzer's entry: any bytes are a list of any kind in either encoding, or are refused; how they are cut into chunks
/// changes nothing, and an index can be made of what was read. The first byte chooses kind and encoding.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzListDecoder(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    guard let choice = unsafe input.first else { return 0 }
    let bytes = unsafe Array(input.dropFirst())
    let encoding: APIEncoding = choice & 1 == 0 ? .protobuf : .json
    let kinds = ObjectKind.allCases
    let kind = kinds[Int(choice >> 1) % kinds.count]
    let whole = decode(bytes, encoding, kind, chunk: max(bytes.count, 1))
    let pieces = decode(bytes, encoding, kind, chunk: 1 + bytes.count % 61)
    precondition(whole.error == pieces.error, "the error depends on how the body arrives")
    precondition(whole.names == pieces.names, "the objects depend on how the body arrives")
    precondition(whole.problems == pieces.problems, "what is reported depends on how the body arrives")
    _ = Inventory(whole.store.objects(during: Timestamp(seconds: 0)...Timestamp(seconds: 1_795_403_895)))
    return 0
}

private struct Decoded {
    var names: [String] = []
    var error: StreamError?
    var problems: [InventoryProblem] = []
    var store = InventoryStore()
}

private func decode(_ bytes: [UInt8], _ encoding: APIEncoding, _ kind: ObjectKind, chunk: Int) -> Decoded {
    var decoded = Decoded()
    let now = Timestamp(seconds: 1_795_403_895)
    let scope = InventoryStore.Scope(kind)
    var store = InventoryStore()
    var decoder = ListDecoder(encoding, of: kind, details: [.nodeFacts, .nodeImages, .podImages])
    store.beginList(of: scope)
    do throws(StreamError) {
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            try decoder.append(bytes.span.extracting(start..<min(start + chunk, bytes.count))) { item in
                decoded.names.append("\(item.namespace)/\(item.name) \(item.resourceVersion)")
                store.add(item, at: now)
            }
        }
        store.endList(of: scope, try decoder.finish(), at: now)
    } catch {
        decoded.error = error
    }
    decoded.problems = decoder.problems
    decoded.store = store
    return decoded
}
