import Glibc

/// What this machine says of itself.
enum ThisMachine {
    /// `uname -n`.
    static var name: String {
        var names = utsname()
        guard unsafe uname(&names) == 0 else { return "localhost" }
        return unsafe withUnsafeBytes(of: names.nodename) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// CLOCK_REALTIME in nanoseconds since 1970.
    static var clock: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
