/// The way to a collector and back: a local process, or an exec through the Kubernetes API.
package protocol CollectorPipe: Sendable {
    /// Sends all of it.
    func send(_ bytes: [UInt8]) async throws
    /// What came next; nil at the end.
    func receive() async throws -> [UInt8]?
    /// Ends the collector, whatever it is doing, and returns when it is gone: first its input ends, and one that does not
    /// mind that is stopped. A `receive` that waits then comes to an end. Once more does nothing.
    func close() async
}
