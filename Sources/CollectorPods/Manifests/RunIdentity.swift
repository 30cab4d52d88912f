/// One run of the command on a cluster: what its objects there are called, and how they are told from those of other
/// runs that are under way at the same time.
package struct RunIdentity: Hashable, Sendable {
    /// Ten characters that no other run has, of those that an object's name may hold.
    package let id: String

    /// - Parameter random: gives numbers that nobody foresees.
    package init(using random: inout some RandomNumberGenerator) {
        id = Self.characters(using: &random)
    }

    private static func characters(using random: inout some RandomNumberGenerator) -> String {
        // No vowels and nothing that looks like another, as Kubernetes generates names: no words come of it.
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        return String((0..<10).map { _ in alphabet.randomElement(using: &random) ?? "x" })
    }

    /// - Parameter id: as it stands in an object's label.
    package init(id: String) {
        self.id = id
    }

    /// The name of the Job that owns all pods of the run.
    package var anchorName: String { "netviz-\(id)" }

    /// A name for a pod that no other pod has.
    ///
    /// - Parameter random: gives numbers that nobody foresees.
    package static func podName(using random: inout some RandomNumberGenerator) -> String {
        "netviz-\(characters(using: &random))"
    }

    // MARK: Labels

    /// The label whose value is the run's `id`; whatever has it was made by this program.
    package static let runLabel = "netviz.dev/run"
    /// The annotation with the name of the node that a pod looks at; a node's name may be too long for a label.
    package static let nodeAnnotation = "netviz.dev/node"
    /// The annotation with the moment at which the pod's run is over at the latest, RFC 3339.
    package static let expiryAnnotation = "netviz.dev/expires"

    /// The labels of every object of the run.
    package var labels: [(String, String)] {
        [
            ("app.kubernetes.io/name", "netviz-collector"),
            ("app.kubernetes.io/managed-by", "kubectl-netviz"),
            (Self.runLabel, id),
        ]
    }

    /// Selects the objects of this run.
    package var selector: String { "\(Self.runLabel)=\(id)" }
    /// Selects the objects of all runs.
    package static let anySelector = runLabel
}
