import Hashing

/// Which pod's interface Calico calls how: "cali" and the first 11 hexadecimal digits of the SHA-1 of
/// "NAMESPACE.POD" (felix's names of workload endpoints). Interfaces that other plugins of the cluster's network made
/// are not found here.
package struct PodInterfaces: Sendable {
    private struct Pod: Sendable {
        let namespace: String
        let name: String
    }

    private var pods: [String: Pod] = [:]

    package init() {}

    /// The interfaces of the pods of these names.
    package init(_ pods: some Sequence<(namespace: String, name: String)>) {
        for pod in pods {
            self.pods[Self.interface(ofNamespace: pod.namespace, name: pod.name)] = Pod(
                namespace: pod.namespace, name: pod.name)
        }
    }

    /// The name that Calico gives a pod's interface on its node.
    package static func interface(ofNamespace namespace: String, name: String) -> String {
        let digest = SHA1.digest("\(namespace).\(name)".utf8)
        var text = "cali"
        for byte in digest.prefix(6) {
            for digit in [byte >> 4, byte & 15] where text.utf8.count < 15 { text += String(digit, radix: 16) }
        }
        return text
    }

    /// The pod behind an interface; the interface itself where no pod is known to have it.
    func subject(of interface: some StringProtocol) -> Attribution.Subject {
        guard let pod = pods[String(interface)] else {
            return Attribution.Subject(kind: "Interface", name: String(interface))
        }
        return Attribution.Subject(kind: "Pod", namespace: pod.namespace, name: pod.name)
    }
}
