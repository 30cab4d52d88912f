// Numbers in a received datagram. Attributes lie on four bytes, so that those of eight may be unaligned.

extension RawSpan {
    /// The number of the receiving machine's byte order at `offset`: netlink's own headers.
    @inline(__always)
    func native<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        // Safe: the load checks the bounds, and any bytes are an integer.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }

    /// The number in network byte order at `offset`: what ctnetlink puts into attributes.
    @inline(__always)
    func network<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        Number(bigEndian: native(at: offset, as: type))
    }
}
