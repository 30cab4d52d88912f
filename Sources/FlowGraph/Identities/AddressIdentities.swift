import Inventory
import NetModel

/// The identities of all addresses whose owner is the same whoever asks, found once for all connections.
struct AddressIdentities: Sendable {
    /// What is known of an address.
    enum Answer {
        static let unresolved: Int32 = -1
        static let dependsOnPort: Int32 = -2
        static let dependsOnTime: Int32 = -3
    }

    private(set) var identities: [Identity] = []
    /// Of every address the position of its identity, or one of the negative answers.
    private(set) var positions: [Int32] = []
    /// Of addresses in `positions` from when on they are whose they are, in nanoseconds since the epoch.
    private(set) var since: [UInt32: Int64] = [:]

    /// - Parameter numbers: the addresses to look at, by their numbers in `addresses`.
    init(_ numbers: Range<Int>, of addresses: AddressTable, inventory: Inventory) {
        positions.reserveCapacity(numbers.count)
        identities.reserveCapacity(numbers.count)
        for number in numbers {
            let address = addresses[UInt32(number)]
            // A loopback or unspecified address is the node's in whose table it stands.
            guard !address.isLoopback, !address.isUnspecified else {
                positions.append(Answer.unresolved)
                continue
            }
            switch inventory.resolution(of: address) {
            case .byPort: positions.append(Answer.dependsOnPort)
            case .byTime: positions.append(Answer.dependsOnTime)
            case .fixed: append(address, inventory)
            case .since(let moment):
                append(address, inventory)
                since[UInt32(number)] = moment.nanoseconds
            }
        }
    }

    private mutating func append(_ address: IPAddress, _ inventory: Inventory) {
        positions.append(Int32(identities.count))
        identities.append(inventory.identity(of: address, port: nil, transport: .tcp, during: nil))
    }

    /// Appends those of the addresses that follow.
    mutating func append(_ next: AddressIdentities) {
        let offset = Int32(identities.count)
        identities.reserveCapacity(identities.count + next.identities.count)
        identities += next.identities
        positions += next.positions.map { $0 >= 0 ? $0 + offset : $0 }
        since.merge(next.since) { first, _ in first }
    }
}
