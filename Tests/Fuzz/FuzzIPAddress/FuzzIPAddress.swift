import NetModel

/// libFuzzer's entry: any bytes are an address or are not; an address, written and read again, is itself.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzIPAddress(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    guard let address = IPAddress(bytes.span) else { return 0 }
    precondition(IPAddress(address.description) == address, "an address reads back as another")
    return 0
}
