import TerminalText

extension ExecRefusal: CustomStringConvertible {
    /// What went wrong, with the names of what it is about. It may have several lines.
    package var description: String {
        let pod = shown("\(request.namespace)/\(request.pod)")
        return switch kind {
        case .missingCreate:
            "Error from server (Forbidden): pods \"\(shown(request.pod))\" is forbidden: the role lacks the verb create on pods/exec, which API servers ask for since 1.35"
        case .unknownProtocol: "the server does not know the sub-protocols of exec that were offered"
        case .upgradeLost:
            "the server saw no request for an upgrade: something before it does not let WebSocket connections through"
        case .podNotFound: "there is no pod \(pod)"
        case .nodeNotFound(let name): "the node \(shown(name)) of the pod \(pod) does not exist"
        case .podNotScheduled: "the pod \(pod) has no node yet"
        case .containerNotFound(let name): "the container \(shown(name)) of the pod \(pod) is not there or does not run"
        case .containerNotNamed: "the pod \(pod) has several containers: \(serverText)"
        case .commandNotFound:
            "the container of the pod \(pod) cannot run \(shown(request.command.first ?? "")): \(serverText)"
        case .nodeUnreachable:
            "the API server cannot reach the kubelet of the node \(shown(request.node ?? "of the pod \(pod)")): \(serverText)"
        case .page(let title):
            "a page for people came instead of the API server's answer (HTTP status \(failure.code))"
                + (title.isEmpty ? "" : ": '\(shown(title))'")
        case .unauthorized, .missingRole, .forbidden, .throttled: "\(failure)"
        case .other:
            failure.origin == .server || failure.code < 400 ? "\(failure)" : "Error from server: \(serverText)"
        }
    }

    /// What helps, in one line or several; nil where nobody knows.
    package var remedy: String? {
        switch kind {
        case .missingRole(let refusal): refusal.remedy
        case .missingCreate: AccessRule.exec(in: request.namespace).remedy
        case .upgradeLost:
            "Let the proxy or load balancer before the API server pass 'Connection: Upgrade' on, or reach the API server without it."
        case .nodeUnreachable:
            "Let the control plane reach the node's port 10250 (firewall, security group, konnectivity agent); kubectl logs and exec fail on this node too."
        case .containerNotFound, .podNotFound, .nodeNotFound:
            "See what became of the pod: kubectl get pod -n \(shown(request.namespace)) \(shown(request.pod))"
        case .unauthorized, .page, .throttled, .forbidden, .other: failure.explanation?.remedy
        case .podNotScheduled:
            "See why: kubectl describe pod -n \(shown(request.namespace)) \(shown(request.pod))"
        case .unknownProtocol, .containerNotNamed, .commandNotFound: nil
        }
    }

    private var serverText: String {
        let text = failure.origin == .server ? failure.status.message : failure.status.causes.first?.message ?? ""
        return shown(text)
    }

    private func shown(_ text: String) -> String { PrintableText.escaped(text) }
}
