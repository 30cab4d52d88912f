/// A small random number generator whose numbers are the same on every machine and with every compiler
/// (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// `count` of the characters that Kubernetes makes random names of (k8s.io/apimachinery/pkg/util/rand).
    mutating func name(_ count: Int) -> String {
        let characters = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<count).map { _ in characters[below(characters.count)] })
    }

    /// `count` hexadecimal digits.
    mutating func hexadecimal(_ count: Int) -> String {
        let characters = Array("0123456789abcdef")
        return String((0..<count).map { _ in characters[below(characters.count)] })
    }

    mutating func uid() -> String {
        [8, 4, 4, 4, 12].map { hexadecimal($0) }.joined(separator: "-")
    }
}
