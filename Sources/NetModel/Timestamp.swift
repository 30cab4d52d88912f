/// A moment in nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted; reaches the year 2262.
@usableFromInline package struct Timestamp: Hashable, Comparable, Sendable {
    @usableFromInline package let nanoseconds: Int64

    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// A moment in whole seconds; beyond the range it is the last that can be told.
    package init(seconds: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        self.nanoseconds = overflow ? (seconds < 0 ? .min : .max) : product
    }

    /// The moment so many nanoseconds earlier; beyond the range it is the first that can be told.
    @inlinable
    package static func - (left: Timestamp, nanoseconds: Int64) -> Timestamp {
        Timestamp(nanoseconds: left.nanoseconds.subtractingSaturating(nanoseconds))
    }

    @inlinable
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
