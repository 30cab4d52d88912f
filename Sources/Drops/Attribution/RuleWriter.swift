import FirewallRules

/// A program that maintains rules of packet filters and can be told by the names that it gives.
protocol RuleWriter: SendableMetatype {
    /// Whether a chain of this name, in a table of this name, is this program's.
    static func owns(chain: String, table: String?) -> Bool
    /// Whether a rule with this comment is this program's, in whichever chain it stands.
    static func signs(comment: String) -> Bool
    /// What is known of a place that this program wrote.
    static func attribution(of place: DropPlace, pods: PodInterfaces) -> Attribution
}

extension RuleWriter {
    static func signs(comment: String) -> Bool { false }
}

extension Attribution {
    /// The first that owns a chain is taken: names that begin with another's names stand before these.
    private static let writers: [any RuleWriter.Type] = [
        CalicoRules.self, KubeRouterRules.self, KubeletRules.self, KubeProxyRules.self, DockerRules.self,
        FirewalldRules.self, UFWRules.self, CiliumRules.self, AntreaRules.self, OVNKubernetesRules.self,
        AWSVPCRules.self,
    ]

    /// The program whose names a chain's and its table's are; nil for none.
    static func writer(ofChain chain: String, table: String?) -> (any RuleWriter.Type)? {
        writers.first { $0.owns(chain: chain, table: table) }
    }

    /// Who wrote the place, and why packets end there. Where the writer's own marks do not tell why, an unusual state of
    /// the connection does, else what the comment says.
    ///
    /// - Parameter owner: the chain's writer, by `writer(ofChain:table:)`.
    init(of place: DropPlace, owner: (any RuleWriter.Type)?, pods: PodInterfaces) {
        let comments = place.comments
        let writer = owner ?? Self.writers.first { writer in comments.contains { writer.signs(comment: $0) } }
        self = writer?.attribution(of: place, pods: pods) ?? Attribution(writer: .unknown)
        guard reason == nil else { return }
        if place.isOfInvalidState {
            reason = "invalid connection state"
        } else if let comment = comments.last, self.writer != .calico, !comment.isEmpty, subject == nil {
            reason = comment
        }
    }
}
