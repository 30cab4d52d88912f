import CollectorClient
import Inventory
import Kubeconfig

/// What is asked of a cluster, after the flags were checked.
struct ClusterPlan: Sendable {
    var overrides: ConnectionOverrides
    /// Nil takes kube-proxy's.
    var image: String?
    var pullPolicy: String
    var pullSecrets: [String]
    /// Nil for the one that is found.
    var namespace: String?
    var nodeSelector: LabelSelector?
    var isPrivileged: Bool
    var startTimeout: Duration
    /// Nil for one page.
    var chunkSize: Int?
    var fleet: CollectorFleet.Plan

    /// - Parameter wantsRules: whether the command is about rules.
    init(
        _ connection: ConnectionOptions,
        _ flags: CollectorFlags,
        window: Int64,
        wantsRules: Bool
    ) throws(NetvizError) {
        overrides = connection.overrides()
        image = flags.image == "auto" || flags.image.isEmpty ? nil : flags.image
        guard ["Always", "IfNotPresent", "Never"].contains(flags.pullPolicy) else {
            throw NetvizError(
                .usage,
                "invalid argument \(ParsedValues.quoted(flags.pullPolicy)) for \"--image-pull-policy\": it is Always, IfNotPresent or Never"
            )
        }
        pullPolicy = flags.pullPolicy
        pullSecrets = flags.pullSecrets
        namespace = flags.namespace
        isPrivileged = flags.isPrivileged
        if let text = flags.nodeSelector {
            do throws(LabelSelector.ParseError) {
                nodeSelector = try LabelSelector(text)
            } catch {
                throw NetvizError(
                    .usage, "invalid argument \(ParsedValues.quoted(text)) for \"--node-selector\": \(error)")
            }
        }
        guard let timeout = DurationText.nanoseconds(flags.startTimeout), timeout > 0, timeout <= Self.longestTimeout
        else {
            throw NetvizError(
                .usage,
                "invalid argument \(ParsedValues.quoted(flags.startTimeout)) for \"--start-timeout\": it is a duration like 60s or 2m, up to 1h"
            )
        }
        startTimeout = .nanoseconds(timeout)
        guard flags.chunkSize >= 0 else {
            throw NetvizError(.usage, "invalid argument \"\(flags.chunkSize)\" for \"--chunk-size\": it is 0 or more")
        }
        chunkSize = flags.chunkSize == 0 ? nil : flags.chunkSize
        fleet = CollectorFleet.Plan(
            window: window,
            wantsRules: wantsRules || flags.wantsRules,
            startTimeout: .seconds(30),
            slack: .seconds(120)
        )
    }

    private static let longestTimeout: Int64 = 3_600_000_000_000
}
