import CollectorClient

/// A node without netviz-collector, read by the programs of an image that has conntrack(8) and iptables: it speaks the
/// collector's protocol in the collector's place, with frames made of what the programs print.
///
/// Times in its frames are the client's: CLOCK, the window, and of each event when it happened by the client's clock.
package final class TextCollector: CollectorPipe {
    /// What is known of the node beside what its programs say.
    package struct Node: Hashable, Sendable {
        /// `metadata.name`, or the label `kubernetes.io/hostname`, of the Node object.
        package var hostName: String
        /// `status.nodeInfo.kernelVersion` of the Node object; empty where that is not known.
        package var kernelRelease: String

        package init(hostName: String, kernelRelease: String) {
            self.hostName = hostName
            self.kernelRelease = kernelRelease
        }
    }

    /// - Parameters:
    ///   - node: what HELLO says of the node.
    ///   - programs: runs programs there.
    ///   - release: the release that HELLO names, this program's own.
    ///   - clock: the client's CLOCK_REALTIME in nanoseconds.
    package init(
        _ node: Node,
        programs: any NodePrograms,
        release: String,
        clock: @escaping @Sendable () -> Int64
    ) {
    }

    package func send(_ bytes: [UInt8]) async throws {}

    package func receive() async throws -> [UInt8]? { nil }

    package func close() async {}
}
