import FuzzSupport
import Inventory
import JSONText
import NetModel

/// libFuzzer's entry: any bytes are read to their end, in pieces of any size with the same result, and whatever was
/// read can be asked for its addresses.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzInventory(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)
    var whole = InventoryReader()
    whole.read("input", bytes: bytes)
    var piecewise = InventoryReader()
    piecewise.read("input", from: pieces(of: bytes, length: 1 + bytes.count % 61))
    precondition(whole.problems == piecewise.problems, "what is reported depends on how the text arrives")
    precondition(whole.objects.count == piecewise.objects.count, "what is kept depends on how the text arrives")

    let inventory = Inventory(whole.objects)
    let addresses =
        inventory.nodes.flatMap(\.addresses) + inventory.pods.flatMap(\.addresses)
        + inventory.services.flatMap { $0.clusterAddresses + $0.externalAddresses }
    for address in addresses { ask(inventory, of: address) }
    return 0
}

/// Asks all there is to ask of an address; an answer that is said to be fixed has to be the same each time.
private func ask(_ inventory: Inventory, of address: IPAddress) {
    let isFixed = inventory.resolution(of: address) == .fixed
    let first = inventory.identity(of: address, port: nil, transport: .tcp, during: nil)
    for port: UInt16 in [53, 80, 8080] {
        for transport in [TransportProtocol.tcp, .udp] {
            for start: Int64 in [0, 1_795_403_895] {
                let window = Timestamp(seconds: start)...Timestamp(seconds: start + 5)
                let identity = inventory.identity(of: address, port: port, transport: transport, during: window)
                precondition(!isFixed || identity == first, "who an address is varies, though it is said to be fixed")
            }
            _ = inventory.isDeclared(address, port: port, transport: transport)
            _ = inventory.service(dialled: address, port: port, transport: transport)
            _ = inventory.service(backedBy: address, port: port, transport: transport)
        }
    }
}
