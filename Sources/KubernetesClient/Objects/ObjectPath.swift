import HTTPTransport

/// Paths of the API's objects.
package enum ObjectPath {
    package static let nodes = "/api/v1/nodes"
    package static let namespaces = "/api/v1/namespaces"

    package static func namespace(_ name: String) -> String { "\(namespaces)/\(URLText.segment(name))" }

    /// Pods of a namespace; all where it is nil.
    package static func pods(in namespace: String?) -> String { core(namespace, "pods") }

    package static func pod(_ name: String, in namespace: String) -> String {
        "\(pods(in: namespace))/\(URLText.segment(name))"
    }

    package static func events(in namespace: String) -> String { core(namespace, "events") }

    package static func jobs(in namespace: String?) -> String { group("batch/v1", namespace, "jobs") }

    package static func job(_ name: String, in namespace: String) -> String {
        "\(jobs(in: namespace))/\(URLText.segment(name))"
    }

    /// A resource of the core group.
    package static func core(_ namespace: String?, _ resource: String) -> String {
        namespace.map { "/api/v1/namespaces/\(URLText.segment($0))/\(resource)" } ?? "/api/v1/\(resource)"
    }

    /// A resource of another group, named with its version.
    package static func group(_ group: String, _ namespace: String?, _ resource: String) -> String {
        namespace.map { "/apis/\(group)/namespaces/\(URLText.segment($0))/\(resource)" } ?? "/apis/\(group)/\(resource)"
    }
}
