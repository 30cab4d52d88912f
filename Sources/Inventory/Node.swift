package import NetModel

/// What an inventory keeps of a Node (core/v1).
package struct Node: Hashable, Sendable {
    package let name: String
    /// `topology.kubernetes.io/zone`, or the older `failure-domain.beta.kubernetes.io/zone`.
    package let zone: String?
    /// `status.addresses` of the types InternalIP and ExternalIP.
    package let addresses: [IPAddress]
    package let podCIDRs: [IPPrefix]
    /// `status.daemonEndpoints.kubeletEndpoint.Port`.
    package let kubeletPort: UInt16?

    package init(
        name: String,
        zone: String? = nil,
        addresses: [IPAddress] = [],
        podCIDRs: [IPPrefix] = [],
        kubeletPort: UInt16? = nil
    ) {
        self.name = name
        self.zone = zone
        self.addresses = addresses
        self.podCIDRs = podCIDRs
        self.kubeletPort = kubeletPort
    }
}
