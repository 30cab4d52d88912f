import Inventory
import JSONText
import NetModel
import TestSupport

/// Reads the given JSON texts as if each were a file.
func readTexts(_ texts: String...) -> InventoryReader {
    var reader = InventoryReader()
    for text in texts { reader.read("test.json", bytes: Array(text.utf8)) }
    return reader
}

/// The inventory of the given JSON texts.
func inventory(_ texts: String...) -> Inventory {
    var reader = InventoryReader()
    for text in texts { reader.read("test.json", bytes: Array(text.utf8)) }
    return Inventory(reader.objects)
}

/// The bytes of a file below Tests.
func testFile(_ path: String) throws -> [UInt8] {
    try readFile(Repository.path("Tests/\(path)"))
}

/// The inventory of the recorded two-node cluster.
func twoNodeCluster() throws -> InventoryReader {
    var reader = InventoryReader()
    for name in ["nodes", "pods", "services", "endpoints", "replicasets", "deployments", "namespaces"] {
        reader.read("\(name).json", bytes: try testFile("Fixtures/two-node-cluster/\(name).json"))
    }
    return reader
}

struct NotAnAddress: Error {
    let text: String
}

func address(_ text: String) throws -> IPAddress {
    guard let address = IPAddress(text) else { throw NotAnAddress(text: text) }
    return address
}

func seconds(_ count: Int64) -> Timestamp { Timestamp(seconds: count) }

/// Minutes after 2026-11-23T03:00:00Z.
func minutes(_ range: ClosedRange<Int64>) -> ClosedRange<Timestamp> {
    let start: Int64 = 1_795_402_800
    return Timestamp(seconds: start + range.lowerBound * 60)...Timestamp(seconds: start + range.upperBound * 60)
}

extension Inventory {
    /// The end of a client, whose port says nothing.
    func client(_ text: String, during: ClosedRange<Timestamp>? = nil) throws -> Identity {
        identity(of: try address(text), port: nil, transport: .tcp, during: during)
    }

    func server(_ text: String, _ port: UInt16, _ transport: TransportProtocol = .tcp) throws -> Identity {
        identity(of: try address(text), port: port, transport: transport, during: nil)
    }
}
