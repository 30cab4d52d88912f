import CollectorProtocol

/// libFuzzer's entry: any bytes are read as a bundle up to an error, and in pieces of any size they give the same.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzBundle(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    check(bytes)
    // Nobody guesses a checksum: the same bytes again as the payloads of frames that are whole.
    let rest = bytes.starts(with: BundleFormat.magic) ? Array(bytes.dropFirst(BundleFormat.magic.count)) : bytes
    check(BundleFormat.magic + framed(rest))
    check(BundleFormat.magic + framed([0, 2, 8, 1] + rest))
    check(BundleFormat.magic + resummed(rest))
    return 0
}

private func check(_ bytes: [UInt8]) {
    let whole = Reading(bytes, pieceLength: max(bytes.count, 1))
    let pieces = Reading(bytes, pieceLength: 1 + bytes.count % 61)
    precondition(whole.messages == pieces.messages, "what is read depends on how the file arrives")
    precondition(whole.failure == pieces.failure, "what is refused depends on how the file arrives")
    precondition(whole.hasEnded || whole.failure != nil, "a bundle without its end is not told")
    precondition((whole.failure?.offset ?? 0) <= UInt64(bytes.count), "the error is behind the file's end")
}

/// All that a reader gives for one file.
private struct Reading {
    var messages: [BundleMessage] = []
    var failure: BundleError?
    var hasEnded = false

    init(_ bytes: [UInt8], pieceLength: Int) {
        var next = 0
        var pieces = BundlePieces(pieceSize: pieceLength)
        var reader = BundleReader()
        while let piece = try? pieces.next(from: { buffer in
            let end = min(next + min(pieceLength, buffer.freeCapacity), bytes.count)
            for index in next..<end { buffer.append(bytes[index]) }
            next = end
        }) {
            reader.read(DecodedBundlePiece(piece)) { messages.append($0.message) }
        }
        reader.finish()
        failure = reader.failure
        hasEnded = reader.hasEnded
    }
}

/// Frames whose kinds and lengths `bytes` tells, each two bytes before its payload.
private func framed(_ bytes: [UInt8]) -> [UInt8] {
    var frames: [UInt8] = []
    var rest = bytes[...]
    while let kind = rest.popFirst(), let length = rest.popFirst() {
        let kinds: [UInt8] = [64, 65, 66, 67, 68, 69, 70, 71, 72, 1, 3, 5, 6, 7, 8, 10]
        let payload = rest.prefix(Int(length))
        rest = rest.dropFirst(payload.count)
        frames += frame([kinds[Int(kind) % kinds.count]] + payload)
    }
    return frames
}

/// The frames that `bytes` are, as far as their lengths fit, under checksums that are right.
private func resummed(_ bytes: [UInt8]) -> [UInt8] {
    var frames: [UInt8] = []
    var rest = bytes[...]
    while rest.count >= StreamFormat.frameOverhead {
        let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= rest.count - StreamFormat.frameOverhead else { break }
        frames += frame(Array(rest.dropFirst(4).prefix(length + 1)))
        rest = rest.dropFirst(length + StreamFormat.frameOverhead)
    }
    return frames + rest
}

/// A frame of a kind and its payload.
private func frame(_ body: [UInt8]) -> [UInt8] {
    var checksum = CRC32()
    checksum.update(body.span)
    return littleEndian(UInt32(body.count - 1)) + body + littleEndian(checksum.value)
}

private func littleEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
}
