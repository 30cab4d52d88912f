import TestSupport
import Testing

/// What refuses the creation of a pod, and what the user is told.
struct CreationRefusal: Sendable, CustomTestStringConvertible {
    let name: String
    /// Members of a document of the fake API server's `deny`.
    let denial: String
    /// What follows `error: cannot create collectors' pods in the namespace default: `, in lines. `POD` is the name that
    /// the server made up.
    let told: [String]

    var testDescription: String { name }
}

@Suite("A cluster that refuses the collectors")
struct CreationRefusalTests {
    private static let exemption =
        "Ask those who run the cluster for an exemption, or choose a namespace that has one with --collector-namespace."

    static let refusals = [
        CreationRefusal(
            name: "a quota",
            denial: #""message": "exceeded quota: few, requested: pods=1, used: pods=10, limited: pods=10""#,
            told: [
                "Error from server (Forbidden): pods \"POD\" is forbidden: exceeded quota: few, requested: pods=1, used: pods=10, limited: pods=10",
                "Raise the quota, or choose another namespace with --collector-namespace.",
            ]),
        CreationRefusal(
            name: "a quota that wants every pod to say what it takes",
            denial: #""message": "failed quota: cpu: must specify limits.memory,requests.cpu""#,
            told: [
                "Error from server (Forbidden): pods \"POD\" is forbidden: failed quota: cpu: must specify limits.memory,requests.cpu",
                "Collectors ask for no resources: choose a namespace without such a quota with --collector-namespace, or give this one a LimitRange with defaults.",
            ]),
        CreationRefusal(
            name: "a webhook, whose escapes do not reach the terminal",
            denial:
                #""code": 403, "reason": "Forbidden", "message": "admission webhook \"policy.example.com\" denied the request: no \u001b[31mhostNetwork""#,
            told: [
                "Error from server (Forbidden): admission webhook \"policy.example.com\" denied the request: no ^[[31mhostNetwork",
                exemption,
            ]),
        CreationRefusal(
            name: "a ValidatingAdmissionPolicy",
            denial:
                #""message": "ValidatingAdmissionPolicy 'no-host' with binding 'all' denied request: hostNetwork is not allowed""#,
            told: [
                "Error from server (Forbidden): pods \"POD\" is forbidden: ValidatingAdmissionPolicy 'no-host' with binding 'all' denied request: hostNetwork is not allowed",
                exemption,
            ]),
        CreationRefusal(
            name: "a LimitRange",
            denial: #""message": "[maximum cpu usage per Container is 1, but limit is 2]""#,
            told: [
                "Error from server (Forbidden): pods \"POD\" is forbidden: [maximum cpu usage per Container is 1, but limit is 2]",
                "Choose another namespace with --collector-namespace.",
            ]),
        CreationRefusal(
            name: "GKE Autopilot",
            denial:
                #""code": 400, "message": "admission webhook \"warden-validating.common-webhooks.networking.gke.io\" denied the request: GKE Warden rejected the request because it violates one or more constraints.\nViolations details: {\"[denied by autogke-disallow-hostnamespaces]\":[\"enabling hostNetwork is not allowed in Autopilot.\"]}""#,
            told: [
                "Error from server (BadRequest): admission webhook \"warden-validating.common-webhooks.networking.gke.io\" denied the request: GKE Warden rejected the request because it violates one or more constraints.",
                "Violations details: {\"[denied by autogke-disallow-hostnamespaces]\":[\"enabling hostNetwork is not allowed in Autopilot.\"]}",
                "Read connection tables that were recorded elsewhere with --from, or use a Standard cluster.",
            ]),
        CreationRefusal(
            name: "OpenShift's security context constraints",
            denial:
                #""message": "unable to validate against any security context constraint: [provider \"anyuid\": Forbidden: not usable by user or serviceaccount]""#,
            told: [
                "Error from server (Forbidden): pods \"POD\" is forbidden: unable to validate against any security context constraint: [provider \"anyuid\": Forbidden: not usable by user or serviceaccount]",
                "Let the service account use the constraints that pods on the host's network need:",
                "    oc adm policy add-scc-to-user privileged -z default -n default",
            ]),
    ]

    @Test("is quoted, with what helps, and nothing is made", arguments: refusals)
    func refusal(_ refusal: CreationRefusal) async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control("deny", #"[{"resource": "pods", \#(refusal.denial)}]"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(5))
            #expect(result.output.isEmpty)
            let lines = result.errorLines.map { $0.replacing(/"netviz-[a-z0-9]+"/, with: "\"POD\"") }
            #expect(
                lines == ["error: cannot create collectors' pods in the namespace default: " + refusal.told[0]]
                    + refusal.told.dropFirst())
            #expect(try cluster.requests("POST", "/pods").isEmpty)
            #expect(try cluster.requests("POST", "/jobs").isEmpty)
        }
    }

    @Test("by Pod Security is told the very commands that help")
    func podSecurity() async throws {
        let namespace =
            #"{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default", "labels": {"pod-security.kubernetes.io/enforce": "baseline"}}}"#
        try await withSmallCluster(objects: [namespace, SmallCluster.endpointSlice]) { cluster in
            let result = try await cluster.flows()

            #expect(result.status == .exited(5))
            let lines = result.errorLines.map { $0.replacing(/"netviz-[a-z0-9]+"/, with: "\"POD\"") }
            #expect(
                lines == [
                    "error: cannot create collectors' pods in the namespace default: Error from server (Forbidden): pods \"POD\" is forbidden: violates PodSecurity \"baseline:latest\": non-default capabilities (container \"collector\" must not include \"NET_ADMIN\", \"NET_RAW\" in securityContext.capabilities.add), host namespaces (hostNetwork=true)",
                    "Let the namespace take privileged pods:",
                    "    kubectl label --overwrite ns default pod-security.kubernetes.io/enforce=privileged",
                    "or use one that is made for it:", "    kubectl create ns netviz",
                    "    kubectl label --overwrite ns netviz pod-security.kubernetes.io/enforce=privileged",
                    "and --collector-namespace netviz",
                ])
            #expect(try await cluster.leftovers() == [])
        }
    }

    @Test("because the namespace is not there is told how to make it")
    func missingNamespace() async throws {
        try await withSmallCluster { cluster in
            let result = try await cluster.flows(["--collector-namespace", "nix"])

            #expect(result.status == .exited(5))
            #expect(
                result.errorLines == [
                    "error: cannot create collectors' pods in the namespace nix: Error from server (NotFound): namespaces \"nix\" not found",
                    "Make it: kubectl create ns nix",
                ])
        }
    }

    @Test("for want of a service account, which a new namespace gets a moment later, is asked again")
    func lateServiceAccount() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"method": "POST", "path": "/pods$", "query": "^fieldManager", "to": 2}"#,
                RunningCluster.status(
                    403, "Forbidden",
                    "pods \"netviz-x\" is forbidden: error looking up service account default/default: serviceaccount \"default\" not found"
                ))

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
            #expect(try cluster.requests("POST", "/pods").map(\.status) == [403, 403, 201, 201, 201])
        }
    }

    @Test("only the rehearsal, because a webhook cannot answer it, does not hinder a run")
    func noDryRun() async throws {
        try await withSmallCluster { cluster in
            try cluster.server.control(
                "deny",
                #"[{"resource": "pods", "dryRun": "true", "code": 400, "message": "admission webhook \"w\" does not support dry run: it has side effects"}]"#
            )

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.pairs == smallClusterPairs)
        }
    }

    @Test("A warning of the server is told once, without escapes")
    func warnings() async throws {
        try await withSmallCluster { cluster in
            try cluster.fault(
                #"{"path": "^/api/v1/"}"#, #"{"headers": {"Warning": "299 - \"be \\\"warned\\\" \u001b[31m\""}}"#)

            let result = try await cluster.flows()

            #expect(result.status == .exited(0))
            #expect(result.errorLines.first == "Warning: be \"warned\" ^[[31m")
            #expect(result.errorLines.count == 2)
        }
    }
}
