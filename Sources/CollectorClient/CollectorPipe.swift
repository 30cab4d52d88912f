/// The way to a collector and back: a local process, or an exec through the Kubernetes API.
package protocol CollectorPipe: Sendable {
    /// Sends all of it.
    func send(_ bytes: [UInt8]) async throws
    /// What came next; nil at the end.
    func receive() async throws -> [UInt8]?
}
