/// A multiplicative hash for keys of two words.
///
/// The input comes from nodes that may be hostile, so every table draws a seed of its own: nobody can prepare
/// addresses and ports that all fall into one slot.
struct Mixing: Sendable {
    private let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = (first ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        let folded = product.high ^ product.low ^ second
        let last = (folded ^ (seed &<< 1)).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return last.high ^ last.low
    }
}
