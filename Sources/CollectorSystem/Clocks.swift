import CollectorProtocol
import Glibc

/// The node's clocks.
enum Clocks {
    static func read() -> ClockReading { ClockReading(wall: read(CLOCK_REALTIME), monotonic: monotonic) }

    static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
