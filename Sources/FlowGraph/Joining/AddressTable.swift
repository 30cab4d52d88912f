package import NetModel

/// The addresses of all connections, each held once and known by a small number.
///
/// A connection names four addresses; as 4-byte numbers they take a quarter of the space, compare in one
/// instruction, and what is known about an address is looked up once an address rather than once a connection.
package struct AddressTable: Sendable {
    private var addresses = PairIndex()

    package init() {}

    /// How many different addresses there are; their numbers are `0..<count`.
    package var count: Int { addresses.count }

    /// The address with a number that `number(of:)` gave.
    package subscript(number: UInt32) -> IPAddress {
        let pair = addresses.pairs[Int(number)]
        return IPAddress(high: pair.first, low: pair.second)
    }

    /// The number of an address, a new one when it was not seen before.
    package mutating func number(of address: IPAddress) -> UInt32 {
        UInt32(truncatingIfNeeded: addresses.insert(address.high, address.low))
    }

    /// Replaces `numbers` by those of several addresses, in their order.
    mutating func numbers(of several: [IPAddress], into numbers: inout [UInt32]) {
        addresses.glimpse(several.count, into: &numbers) {
            PairIndex.Pair(first: several[$0].high, second: several[$0].low)
        }
        for position in numbers.indices {
            let address = several[position]
            let glimpsed = addresses.isNumber(numbers[position], of: address.high, address.low)
            numbers[position] = glimpsed ? numbers[position] - 1 : number(of: address)
        }
    }
}
