package import JSONText

/// A source that gives `bytes` in pieces of `length`, as a pipe or a socket may.
package func pieces(of bytes: [UInt8], length: Int) -> ByteSource {
    var next = 0
    return { buffer in
        let end = min(next + min(length, buffer.freeCapacity), bytes.count)
        for index in next..<end { buffer.append(bytes[index]) }
        next = end
    }
}
