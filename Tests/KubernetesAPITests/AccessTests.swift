import JSONText
import KubernetesAPI
import Testing

@Suite("Access reviews")
struct AccessTests {
    @Test("ask in the words of the recorded ones")
    func bodies() throws {
        let exec = ResourceAttributes(
            verb: "create", resource: "pods", subresource: "exec", namespace: "nv-test")
        let recording = try HTTPRecording("auth/ssar-allowed.http")
        #expect(recording.target == SelfSubjectAccessReview.path)
        #expect(String(decoding: SelfSubjectAccessReview.body(exec).bytes, as: UTF8.self) == recording.requestBody)

        let who = try HTTPRecording("auth/ssr.http")
        #expect(who.target == SelfSubjectReview.path)
        #expect(String(decoding: SelfSubjectReview.body.bytes, as: UTF8.self) == who.requestBody)
    }

    private func answer(_ name: String) throws -> SelfSubjectAccessReview.Answer? {
        SelfSubjectAccessReview.Answer(try JSONTree(HTTPRecording("auth/\(name).http").body))
    }

    @Test("are answered with yes, no, and why")
    func answers() throws {
        let allowed = try #require(try answer("ssar-allowed"))
        #expect(allowed.isAllowed && !allowed.isDenied)
        #expect(allowed.reason.hasPrefix("RBAC: allowed by RoleBinding \"exec-create/nv-test\""))
        let refused = try #require(try answer("ssar-refused"))
        #expect(!refused.isAllowed)
        #expect(refused.reason.isEmpty && refused.evaluationError.isEmpty)
        #expect(try answer("ssar-admin")?.isAllowed == true)
        #expect(try answer("ssar-unknown-resource")?.isAllowed == true)
        #expect(try answer("ssar-anonymous") == nil)
        #expect(try answer("ssr") == nil)
    }

    @Test("tell the user whom the server sees, also an impersonated one")
    func users() throws {
        func user(_ name: String) throws -> SelfSubjectReview.User? {
            SelfSubjectReview.User(try JSONTree(HTTPRecording("auth/\(name).http").body))
        }
        #expect(try user("ssr-cert")?.name == "admin")
        #expect(try user("ssr")?.name == "system:serviceaccount:nv-test:exec-both")
        let alice = try #require(try user("impersonate"))
        #expect(alice.name == "alice")
        #expect(alice.uid == "42")
        #expect(alice.groups == ["dev", "ops", "system:authenticated"])
        #expect(try user("ssar-allowed") == nil)
    }

    @Test("and the version are recorded as they are read")
    func version() throws {
        let document = try JSONTree(HTTPRecording("auth/version.http").body)
        #expect(ServerVersion(document) == ServerVersion(major: 1, minor: 36, gitVersion: "v1.36.2"))
    }
}
