import Drops
import Testing

@Suite("The interface of a pod")
struct PodInterfacesTests {
    @Test("is named after the namespace and the pod as Calico does")
    func vector() {
        #expect(PodInterfaces.interface(ofNamespace: "default", name: "frontend-6d97c79c7b-x2x9z") == "cali7d397dc44dc")
    }

    @Test(
        "has the digits that sha1sum prints",
        arguments: [
            // printf NAMESPACE.NAME | sha1sum; the lengths reach over one block of the digest and around its end.
            (52, "cali9dd1b507584"), (53, "calibeb71c51153"), (61, "cali6d11d8cf0da"), (62, "calid6c5a5cce29"),
            (117, "cali3ad21afec3a"), (118, "calibc0d11f4538"),
        ])
    func digests(length: Int, interface: String) {
        let name = String(repeating: "a", count: length)
        #expect(PodInterfaces.interface(ofNamespace: "n", name: name) == interface)
    }
}
