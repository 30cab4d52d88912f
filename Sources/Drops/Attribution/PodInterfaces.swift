/// Which pod's interface Calico calls how: "cali" and the first 11 hexadecimal digits of the SHA-1 of
/// "NAMESPACE.POD" (felix's workload endpoint names). Interfaces that other plugins of the cluster's network made are not
/// found here.
package struct PodInterfaces: Sendable {
    package init() {}

    /// The interfaces of the pods of these names.
    package init(_ pods: some Sequence<(namespace: String, name: String)>) {
    }
}
