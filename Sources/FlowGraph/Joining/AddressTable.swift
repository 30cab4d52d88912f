package import NetModel

/// The addresses of all connections, each held once and known by a small number.
///
/// A connection names four addresses; as 4-byte numbers they take a quarter of the space, compare in one
/// instruction, and what is known about an address is looked up once an address rather than once a connection.
package struct AddressTable: Sendable {
    private var addresses: [IPAddress] = []
    private var numbers = PairMap()

    package init() {}

    /// How many different addresses there are; their numbers are `0..<count`.
    package var count: Int { addresses.count }

    /// The address with a number that `number(of:)` gave.
    package subscript(number: UInt32) -> IPAddress { addresses[Int(number)] }

    /// The number of an address, a new one when it was not seen before.
    package mutating func number(of address: IPAddress) -> UInt32 {
        let number = numbers.value(address.high, address.low, orInsert: UInt32(addresses.count))
        if Int(number) == addresses.count { addresses.append(address) }
        return number
    }
}
