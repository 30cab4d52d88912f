package import NetModel

extension Inventory {
    /// The zone of a node; nil when the node is not known or has none.
    package func zone(ofNode name: String) -> String? {
        hostPositions[name].flatMap { hosts[$0].identity.zone }
    }

    /// Of every address the services ("ns/name") that have it, as their own or as an endpoint's on any port.
    package func servicesByAddress() -> [IPAddress: Set<String>] {
        var result: [IPAddress: Set<String>] = [:]
        for (address, owners) in owners {
            for service in owners.services + owners.listingServices {
                result[address, default: []].insert(serviceNames[service].service)
            }
        }
        for (address, services) in listedServices {
            for service in services { result[address, default: []].insert(serviceNames[service].service) }
        }
        return result
    }
}
