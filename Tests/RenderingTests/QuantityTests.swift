import Rendering
import Testing

@Suite("A quantity as people read it")
struct QuantityTests {
    @Test(
        "bytes in binary units, one decimal below ten, the next unit from 1024 on",
        arguments: [
            (0, "0 B"), (1, "1 B"), (9, "9 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1075, "1.0 KiB"),
            (1076, "1.1 KiB"),
            (10_188, "9.9 KiB"), (10_189, "10 KiB"), (10_240, "10 KiB"), (1_048_063, "1023 KiB"),
            (1_048_064, "1.0 MiB"),
            (1_048_576, "1.0 MiB"), (14_456_524, "14 MiB"), (1 << 30, "1.0 GiB"), (1 << 40, "1.0 TiB"),
            (1 << 50, "1.0 PiB"),
            (1 << 60, "1.0 EiB"), (.max, "16 EiB"),
        ] as [(UInt64, String)]
    )
    func bytes(_ count: UInt64, _ text: String) {
        #expect(Quantity.bytes(count) == text)
    }

    @Test(
        "a rate is bytes a second",
        arguments: [
            (0, "0 B/s"), (0.4, "0 B/s"), (0.5, "1 B/s"), (1023.4, "1023 B/s"), (1023.5, "1.0 KiB/s"),
            (205063.493, "200 KiB/s"), (1e30, "867361737988 EiB/s"),
        ] as [(Double, String)]
    )
    func rates(_ rate: Double, _ text: String) {
        #expect(Quantity.rate(rate) == text)
    }

    @Test(
        "seconds with one decimal below ten",
        arguments: [
            (0, "0.0 s"), (0.04, "0.0 s"), (5, "5.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (10, "10 s"), (65.5, "66 s"),
            (1e300, "1000000000000000 s"),
        ] as [(Double, String)]
    )
    func seconds(_ seconds: Double, _ text: String) {
        #expect(Quantity.seconds(seconds) == text)
    }

    @Test(
        "things a second, one decimal below ten",
        arguments: [(0, "0.0/s"), (1.64, "1.6/s"), (9.96, "10/s"), (240.4, "240/s"), (1e300, "1000000000000000000/s")]
            as [(Double, String)]
    )
    func perSecond(_ count: Double, _ text: String) {
        #expect(Quantity.perSecond(count) == text)
    }

    @Test(
        "only none is 0% and only all is 100%",
        arguments: [
            (0, "0%"), (0.0001, "<0.1%"), (0.025, "2.5%"), (0.0994, "9.9%"), (0.0996, "10%"), (0.375, "38%"),
            (0.996, "99%"), (1, "100%"),
        ] as [(Double, String)]
    )
    func percentages(_ share: Double, _ text: String) {
        #expect(Quantity.percentage(share) == text)
    }
}
