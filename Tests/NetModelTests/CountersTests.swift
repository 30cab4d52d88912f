import NetModel
import Testing

@Suite("Counters")
struct CountersTests {
    @Test("add up")
    func sum() {
        #expect(
            Counters(packets: 1, bytes: 60) + Counters(packets: 2, bytes: 1500) == Counters(packets: 3, bytes: 1560))
        #expect(Counters.zero + Counters.zero == Counters(packets: 0, bytes: 0))
    }

    @Test("stay at the largest number rather than begin again, each for itself")
    func saturation() {
        let full = Counters(packets: 5, bytes: .max)
        #expect(full + Counters(packets: 1, bytes: 1) == Counters(packets: 6, bytes: .max))
        #expect(
            Counters(packets: .max, bytes: 1) + Counters(packets: .max, bytes: 1) == Counters(packets: .max, bytes: 2))
    }

    @Test("of two observers are the larger of each number")
    func maximum() {
        let one = Counters(packets: 3, bytes: 100)
        #expect(one.maximum(Counters(packets: 2, bytes: 200)) == Counters(packets: 3, bytes: 200))
    }
}
