import CollectorClient
import CollectorProtocol
import Synchronization

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

    /// What many nodes do one after the other: a thousand at one moment would only wait for each other, with all that
    /// came of them in memory.
    package struct Turns: Sendable {
        let asking: Places
        let reading: Places

        /// - Parameters:
        ///   - asking: of how many nodes at a time it is asked what they have.
        ///   - reading: of how many at a time the listing is read that is their result.
        package init(asking: Int, reading: Int) {
            self.asking = Places(asking)
            self.reading = Places(reading)
        }
    }

    private let session: TextSession
    private let state = Mutex(State())

    private struct State {
        var reader = FrameStreamReader()
        var isReadable = true
        var isClosed = false
        /// The session; it begins when something is first awaited of it.
        var work: Task<Void, Never>?
    }

    /// - Parameters:
    ///   - node: what HELLO says of the node.
    ///   - programs: runs programs there.
    ///   - release: the release that HELLO names, this program's own.
    ///   - patience: how long the programs are waited for.
    ///   - turns: shared by the nodes of one run; nil where each does what it does at once.
    ///   - clock: the client's CLOCK_REALTIME in nanoseconds.
    package init(
        _ node: Node,
        programs: any NodePrograms,
        release: String,
        patience: Patience = Patience(),
        turns: Turns? = nil,
        clock: @escaping @Sendable () -> Int64
    ) {
        session = TextSession(
            node, programs: programs, release: release, patience: patience, turns: turns, clock: clock)
    }

    package func send(_ bytes: [UInt8]) async throws {
        state.withLock { state in
            guard state.isReadable else { return }
            do {
                try state.reader.read(bytes.span) { session.take(.message($0)) }
            } catch {
                state.isReadable = false
                session.take(.unreadable("\(error)"))
            }
        }
    }

    package func receive() async throws -> [UInt8]? {
        state.withLock { state in
            guard !state.isClosed, state.work == nil else { return }
            state.work = Task { [session] in await session.run() }
        }
        return await session.output.take()
    }

    /// Ends the connections of all programs that run; what waits for them goes on, and nothing more is received.
    package func close() async {
        let work = state.withLock { state in
            state.isClosed = true
            return state.work
        }
        await session.close()
        // A program that is being started has no connection yet that could be closed.
        work?.cancel()
    }
}
