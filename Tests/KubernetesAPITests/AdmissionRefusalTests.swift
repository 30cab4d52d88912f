import KubernetesAPI
import Testing

@Suite("What admission refuses")
struct AdmissionRefusalTests {
    private func refusal(_ message: String, reason: String = "Forbidden", code: Int = 403, causes: [Status.Cause] = [])
        -> AdmissionRefusal?
    {
        AdmissionRefusal(Status(code: code, reason: reason, message: message, causes: causes), namespace: "netviz")
    }

    @Test("by Pod Security has a level, a version and reasons, and the commands that help")
    func podSecurity() throws {
        let recording = try HTTPRecording("psa/status-403-psa-baseline-privileged.http")
        let failure = APIFailure(recording.response, asked: recording.asked)
        guard case .podSecurity(let violation, "nv-base") = failure.admissionRefusal else {
            Issue.record("no violation of Pod Security: \(failure)")
            return
        }
        #expect(violation.level == "baseline")
        #expect(violation.version == "latest")
        #expect(
            violation.reasons == [
                .init(check: "host namespaces", detail: "hostNetwork=true, hostPID=true"),
                .init(check: "hostPath volumes", detail: #"volume "host""#),
                .init(
                    check: "privileged", detail: #"container "agent" must not set securityContext.privileged=true"#),
            ])
        let remedy = try #require(failure.explanation?.remedy).split(separator: "\n")
        #expect(
            remedy.contains("    kubectl label --overwrite ns nv-base pod-security.kubernetes.io/enforce=privileged"))
    }

    @Test("by Pod Security is also found in warnings")
    func warning() throws {
        let recording = try HTTPRecording("psa/dryrun-warning.http")
        let texts = WarningHeader.texts(recording.values(of: "Warning"))
        #expect(texts.count == 1)
        let violation = try #require(texts.first.flatMap { PodSecurityViolation($0) })
        #expect(violation.reasons.map(\.check) == ["non-default capabilities", "host namespaces"])
        #expect(violation.reasons.last?.detail == "hostNetwork=true")
    }

    @Test("has reasons in whose parentheses and quotes commas and parentheses stand")
    func reasons() throws {
        let violation = try #require(
            PodSecurityViolation(
                #"violates PodSecurity "restricted:v1.30": a (x "q), (" y, z (deep)), b, c != true (d)"#))
        #expect(violation.version == "v1.30")
        #expect(
            violation.reasons == [
                .init(check: "a", detail: #"x "q), (" y, z (deep)"#), .init(check: "b", detail: ""),
                .init(check: "c != true", detail: "d"),
            ])
    }

    @Test(
        "is told apart by its text",
        arguments: [
            (
                #"admission webhook "validation.gatekeeper.sh" denied the request: [host-network] not allowed"#,
                .webhook(name: "validation.gatekeeper.sh", message: "[host-network] not allowed")
            ),
            (#"admission webhook "w" denied the request without explanation"#, .webhook(name: "w", message: "")),
            (#"admission webhook "w" does not support dry run"#, .dryRun(webhook: "w")),
            (
                #"Internal error occurred: failed calling webhook "w": failed to call webhook: timeout"#,
                .webhookFailed(name: "w", message: "failed to call webhook: timeout")
            ),
            (
                "pods \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no hostNetwork",
                .policy(name: "p", binding: "b", message: "no hostNetwork")
            ),
            (
                #"admission webhook "warden-validating.common-webhooks.networking.gke.io" denied the request: GKE Warden rejected the request because it violates one or more constraints"#,
                .gkeAutopilot(
                    message: "GKE Warden rejected the request because it violates one or more constraints")
            ),
            (
                #"pods "x" is forbidden: unable to validate against any security context constraint: [provider "anyuid"]"#,
                .securityContextConstraints(
                    message: #"unable to validate against any security context constraint: [provider "anyuid"]"#,
                    namespace: "netviz")
            ),
            (
                #"pods "x" is forbidden: exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5"#,
                .quota(name: "q", message: "exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5")
            ),
            (
                #"pods "x" is forbidden: failed quota: q: must specify limits.cpu for: c"#,
                .quota(name: "q", message: "failed quota: q: must specify limits.cpu for: c")
            ),
            (
                #"pods "x" is forbidden: insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]"#,
                .priorityClass(
                    message: "insufficient quota to match these scopes: [{PriorityClass In [system-node-critical]}]")
            ),
            (
                #"pods "x" is forbidden: maximum cpu usage per Container is 100m, but limit is 1"#,
                .limitRange(message: "maximum cpu usage per Container is 100m, but limit is 1")
            ),
            (
                #"pods "x" is forbidden: unable to create new content in namespace netviz because it is being terminated"#,
                .namespaceTerminating(namespace: "netviz")
            ),
            (
                #"pods "x" is forbidden: error looking up service account netviz/default: serviceaccount "default" not found"#,
                .serviceAccountMissing(name: "netviz/default")
            ),
        ] as [(String, AdmissionRefusal)])
    func texts(message: String, expected: AdmissionRefusal) {
        let found = refusal(message)
        #expect(found == expected)
        #expect(found?.isTransient == (expected == .serviceAccountMissing(name: "netviz/default")))
        #expect(found?.summary.isEmpty == false)
    }

    @Test("on GKE Autopilot says that nothing can be collected there")
    func autopilot() {
        let summary = refusal("GKE Warden rejected the request: autogke-disallow-hostnamespaces")?.summary
        #expect(summary?.contains("nothing can be collected on its nodes") == true)
    }

    @Test("is not what authorization refuses, nor what is simply missing")
    func other() {
        #expect(refusal(#"pods is forbidden: User "u" cannot list resource "pods" in API group "" "#) == nil)
        #expect(refusal(#"pods "x" not found"#, reason: "NotFound", code: 404) == nil)
        #expect(refusal("", reason: "", code: 500) == nil)
    }

    @Test("prints hostile text safely")
    func hostile() {
        let found = refusal("admission webhook \"w\" denied the request: \u{1B}]0;x\u{7}")
        #expect(found?.summary == "The admission webhook w denied the request: ^[]0;x^G")
    }
}
