import TerminalText

extension AdmissionRefusal {
    /// What it means, in a line.
    package var summary: String {
        switch self {
        case .podSecurity(let violation, let namespace):
            "Pod Security does not let the pod into the namespace \(shown(namespace)), whose level is "
                + "\(shown(violation.level)) (\(shown(violation.version))): "
                + violation.reasons.map {
                    shown($0.detail.isEmpty ? $0.check : "\($0.check) (\($0.detail))")
                }.joined(separator: ", ") + "."
        case .webhook(let name, let message):
            "The admission webhook \(shown(name)) denied the request" + detail(message)
        case .dryRun(let webhook):
            "Whether the request would be taken cannot be tried: the admission webhook \(shown(webhook)) takes no part in dry runs."
        case .webhookFailed(let name, let message):
            "The admission webhook \(shown(name)) must be asked and did not answer" + detail(message)
        case .policy(let name, let binding, let message):
            "The ValidatingAdmissionPolicy \(shown(name)) (binding \(shown(binding))) denied the request"
                + detail(message)
        case .gkeAutopilot:
            "This is a GKE Autopilot cluster: it lets no pod use its node's network, so that nothing can be collected on its nodes."
        case .securityContextConstraints(let message, _):
            "No SecurityContextConstraints let the pod through" + detail(message)
        case .quota(let name, let message): "The ResourceQuota \(shown(name)) does not let it in" + detail(message)
        case .priorityClass(let message):
            "A quota lets pods of this priority class into other namespaces only" + detail(message)
        case .limitRange(let message): "A LimitRange does not let the pod in" + detail(message)
        case .namespaceTerminating(let namespace): "The namespace \(shown(namespace)) is being deleted."
        case .namespaceMissing(let namespace): "There is no namespace \(shown(namespace))."
        case .serviceAccountMissing(let name): "The service account \(shown(name)) is not there yet."
        }
    }

    /// What helps; nil where only those who run the cluster know.
    package var remedy: String? {
        switch self {
        case .podSecurity(_, let namespace):
            """
            Let the namespace take privileged pods:
                kubectl label --overwrite ns \(shown(namespace)) pod-security.kubernetes.io/enforce=privileged
            or use one that is made for it:
                kubectl create ns netviz
                kubectl label --overwrite ns netviz pod-security.kubernetes.io/enforce=privileged
            and --collector-namespace netviz
            """
        case .webhook, .policy:
            "Ask those who run the cluster for an exemption, or choose a namespace that has one with --collector-namespace."
        case .dryRun: nil
        case .webhookFailed:
            "The webhook's service is broken; see 'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations'."
        case .gkeAutopilot:
            "Read connection tables that were recorded elsewhere with --from, or use a Standard cluster."
        case .securityContextConstraints(_, let namespace):
            """
            Let the service account use the constraints that pods on the host's network need:
                oc adm policy add-scc-to-user privileged -z default -n \(shown(namespace))
            """
        case .quota(_, let message) where message.contains("must specify"):
            "Collectors ask for no resources: choose a namespace without such a quota with --collector-namespace, or give this one a LimitRange with defaults."
        case .quota: "Raise the quota, or choose another namespace with --collector-namespace."
        case .priorityClass: "Use the namespace kube-system (--collector-namespace kube-system)."
        case .limitRange: "Choose another namespace with --collector-namespace."
        case .namespaceTerminating: "Choose another namespace with --collector-namespace."
        case .namespaceMissing(let namespace): "Make it: kubectl create ns \(shown(namespace))"
        case .serviceAccountMissing: "Try again in some seconds."
        }
    }

    /// A name that nobody told is left to whoever reads it.
    private func shown(_ text: String) -> String { text.isEmpty ? "NAMESPACE" : PrintableText.escaped(text) }

    private func detail(_ message: String) -> String { message.isEmpty ? "." : ": \(shown(message))" }
}
