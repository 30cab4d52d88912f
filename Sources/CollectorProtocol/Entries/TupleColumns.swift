/// The addresses and ports of one direction.
struct TupleColumns: Sendable {
    var source = AddressColumn()
    var destination = AddressColumn()
    var sourcePort = PortColumn()
    var destinationPort = PortColumn()

    mutating func removeAll() {
        source.removeAll()
        destination.removeAll()
        sourcePort.removeAll()
        destinationPort.removeAll()
    }

    /// Appends four fields, the first of which is `field`.
    func append(_ field: UInt8, isIPv4: Bool, to payload: inout [UInt8]) {
        source.append(field, isIPv4: isIPv4, to: &payload)
        destination.append(field + 1, isIPv4: isIPv4, to: &payload)
        sourcePort.append(field + 2, to: &payload)
        destinationPort.append(field + 3, to: &payload)
    }
}
