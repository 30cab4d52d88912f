import NetModel
import Testing

@Suite("A timestamp")
struct TimestampTests {
    @Test("of seconds beyond its range is the last that can be told")
    func range() {
        #expect(Timestamp(seconds: 0).nanoseconds == 0)
        #expect(Timestamp(seconds: 9_223_372_036).nanoseconds == 9_223_372_036_000_000_000)
        #expect(Timestamp(seconds: 9_223_372_037).nanoseconds == .max)
        #expect(Timestamp(seconds: .max).nanoseconds == .max)
        #expect(Timestamp(seconds: -9_223_372_036).nanoseconds == -9_223_372_036_000_000_000)
        #expect(Timestamp(seconds: -9_223_372_037).nanoseconds == .min)
        #expect(Timestamp(seconds: .min).nanoseconds == .min)
    }

    @Test("is earlier or later by its nanoseconds")
    func order() {
        #expect(Timestamp(nanoseconds: -1) < Timestamp(nanoseconds: 0))
        #expect(Timestamp(seconds: 1) < Timestamp(nanoseconds: 1_000_000_001))
        #expect(!(Timestamp(seconds: 1) < Timestamp(nanoseconds: 1_000_000_000)))
    }
}
