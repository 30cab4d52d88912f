import CollectorProtocol
import Synchronization

/// What was read of bundles, so that what several of them hold counts once.
final class RecordedRuns: Sendable {
    private struct Run: Hashable {
        let identity: [UInt8]
        /// What its source is called, where the user said it.
        let node: String?
    }

    private struct Session {
        let hello: Hello
        let file: String
    }

    private struct Known {
        var runs: Set<Run> = []
        var sessions: [String: Session] = [:]
        /// By the names of files that were recorded the bundle that holds them.
        var files: [String: String] = [:]
    }

    private let known = Mutex(Known())

    /// Whether a bundle of the same run was read before.
    ///
    /// - Parameter node: what its source is called, where the user said it.
    func isRepeated(_ head: BundleHead, as node: String?) -> Bool {
        guard !head.identity.isEmpty else { return false }
        return known.withLock { !$0.runs.insert(Run(identity: head.identity, node: node)).inserted }
    }

    /// Whether a session with a node's collector was read before, from another bundle or another place in this one.
    ///
    /// - Throws: when there was another session with that node: rates over two windows cannot be told as one.
    func isRepeated(_ hello: Hello, of node: String, in file: String) throws(NetvizError) -> Bool {
        let session = known.withLock { known in
            if let session = known.sessions[node] { return Session?.some(session) }
            known.sessions[node] = Session(hello: hello, file: file)
            return nil
        }
        guard let session else { return false }
        guard session.hello != hello else { return true }
        throw NetvizError(
            .usage,
            "node \(ParsedValues.quoted(node)) was recorded twice, in \(session.file) and in \(file): what was seen at two times cannot be told as one",
            remedy: "Give one of them."
        )
    }

    /// What a file that was recorded is called: its name, with the bundle's where another bundle has one of that name.
    func name(of name: String, in bundle: String) -> String {
        known.withLock { known in
            if let other = known.files[name], other != bundle { return "\(bundle): \(name)" }
            known.files[name] = bundle
            return name
        }
    }
}
