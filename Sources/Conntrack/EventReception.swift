/// What one call for events gave.
package struct EventReception: Hashable, Sendable {
    /// Events that were delivered.
    package var events = 0
    /// Messages that could not be decoded.
    package var undecodable = 0
    /// How often the kernel said that events did not fit the buffer (ENOBUFS); how many were lost it does not say.
    package var overruns = 0
    /// Whether nothing waited any more; false when the limit was reached first.
    package var isDrained = false

    package init() {}
}
