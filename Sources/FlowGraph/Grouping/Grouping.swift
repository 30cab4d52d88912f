/// By what connections are summed into flows.
package enum Grouping: String, CaseIterable, Sendable {
    case connection, pod, workload, service, namespace, node, zone

    /// Whether flows of this grouping are told apart by server port and by the service dialled. Between namespaces,
    /// nodes and zones the question is how much, not on which port.
    package var keepsPorts: Bool {
        switch self {
        case .connection, .pod, .workload, .service: true
        case .namespace, .node, .zone: false
        }
    }
}
