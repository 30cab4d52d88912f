import Kubeconfig
import Testing

@Suite("Impersonation headers")
struct ImpersonationTests {
    @Test("Groups repeat a header, and an extra key's illegal bytes are percent-encoded")
    func headers() {
        let impersonation = Impersonation(
            user: "jane", uid: "1-2", groups: ["a,b", "c"], extra: ["acme.com/Project %": ["x", "y"], "b": ["z"]])
        #expect(
            impersonation.headers.map { "\($0.name): \($0.value)" } == [
                "Impersonate-User: jane",
                "Impersonate-Uid: 1-2",
                "Impersonate-Group: a,b",
                "Impersonate-Group: c",
                "Impersonate-Extra-acme.com%2FProject%20%25: x",
                "Impersonate-Extra-acme.com%2FProject%20%25: y",
                "Impersonate-Extra-b: z",
            ])
    }
}
