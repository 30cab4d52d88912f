import Glibc

/// A small network of real kernel namespaces in which real programs talk, so that the kernel writes the connection
/// tracking tables that are read.
///
/// Nothing leaves the namespaces: they have no link to the machine's own network.
package struct NetworkLab: Sendable {
    /// The name of the namespace that joins all others.
    package static let router = "router"

    package let topology: LabTopology
    private let namePrefix: String

    fileprivate init(_ topology: LabTopology) {
        self.topology = topology
        namePrefix = LabNamespaces.uniquePrefix()
    }

    /// The network namespace of a host, as ip-netns(8) knows it.
    package func namespace(of host: String) -> String { namePrefix + host }

    /// The arguments for nsenter(1) that run a program on a host.
    ///
    /// `ip netns exec` would also mount another /sys.
    package func entering(_ host: String, _ executable: String, _ arguments: [String]) -> [String] {
        ["--net=\(LabNamespaces.directory)/\(namespace(of: host))", "--", executable] + arguments
    }

    fileprivate func remove() async throws {
        // Last in, first out: the router was made first.
        var failure: (any Error)?
        for host in ([Self.router] + topology.hosts.map(\.name)).reversed() {
            do {
                try await LabNamespaces.remove(namespace(of: host))
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }
}

/// Builds a lab for the time of `body` and takes it down on every way out, also when the task is cancelled.
///
/// What earlier runs left that were killed is removed first.
/// - Throws: `LabError` where the lab cannot be built: network namespaces need root.
package func withNetworkLab<Value>(
    _ topology: LabTopology,
    _ body: (NetworkLab) async throws -> Value
) async throws -> Value {
    guard geteuid() == 0 else { throw LabError.notRoot }
    try await LabNamespaces.removeStale()
    let lab = NetworkLab(topology)
    let value: Value
    do {
        do {
            try await lab.build()
        } catch let error where !(error is CancellationError) {
            throw LabError.cannotBuild(String(describing: error))
        }
        value = try await body(lab)
    } catch {
        // In a task of its own, for this one may be cancelled; what went wrong in the body matters more.
        try? await Task { try await lab.remove() }.value
        throw error
    }
    try await Task { try await lab.remove() }.value
    return value
}

/// Why a lab could not be built or used.
package enum LabError: Error, Hashable, CustomStringConvertible {
    /// The tests do not run as root.
    case notRoot
    /// A command that builds the lab failed.
    case cannotBuild(String)
    /// A server did not begin to listen.
    case notListening(String)

    package var description: String {
        switch self {
        case .notRoot: "the network lab makes network namespaces, which only root may do: run the tests as root"
        case .cannotBuild(let reason): "the network lab cannot be built: \(reason)"
        case .notListening(let what): "\(what): not listening after 30 s"
        }
    }
}
