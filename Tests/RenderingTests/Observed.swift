import FlowGraph
import Inventory
import NetModel
import Rendering
import Testing

/// A few connections as nodes reported them, from which a report is made.
struct Observed {
    private var table = ConnectionTable()

    /// A connection that a node saw, its addresses given as text.
    mutating func seen(_ node: String, _ entry: ConntrackEntry) {
        table.add(entry, observer: table.register(Observer(name: node, isNode: true)))
    }

    /// A connection that the collector on a node watched for five seconds.
    mutating func watched(_ node: String, _ entry: ConntrackEntry, _ window: WindowObservation) {
        let observer = table.register(Observer(name: node, isNode: true))
        if let fiveSeconds { table.setWindow(fiveSeconds, of: observer) }
        table.add([entry], windows: [window], observer: observer)
    }

    /// What `flows` prints of it in a format.
    func printed(
        _ format: OutputFormat,
        by grouping: Grouping = .connection,
        in inventory: Inventory = .empty,
        coverage: Coverage = Coverage(sources: [], inventoryNodes: []),
        top: Int? = nil,
        showsHeaders: Bool = true
    ) async throws -> String {
        let flows = FlowSet(
            ResolvedConnections(table, inventory: inventory),
            by: grouping,
            filter: FlowFilter(),
            includesAll: true
        )
        let report = FlowReport(flows: flows, coverage: coverage, order: .standard, top: top)
        let output = Output()
        try await report.write(format, showsHeaders: showsHeaders, parts: 2) { bytes in
            for index in bytes.indices { output.bytes.append(bytes[index]) }
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    /// What `metrics` prints of it in a format.
    func printedMetrics(
        _ format: MetricFormat,
        in inventory: Inventory = .empty,
        coverage: Coverage = Coverage(sources: [], inventoryNodes: []),
        top: Int? = nil,
        showsHeaders: Bool = true
    ) async throws -> String {
        let metrics = await MetricSet.sum(
            ResolvedConnections(table, inventory: inventory),
            by: .workload,
            coverage: coverage,
            filter: FlowFilter(),
            includesAll: true,
            parts: 2
        )
        let report = MetricReport(metrics: metrics, coverage: coverage, order: .standard, top: top)
        let output = Output()
        try await report.write(format, showsHeaders: showsHeaders, parts: 2) { bytes in
            for index in bytes.indices { output.bytes.append(bytes[index]) }
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    /// Gathers what is written.
    private final class Output {
        var bytes: [UInt8] = []
    }
}

/// Five seconds from 2027-01-15T08:00:00Z on.
let fiveSeconds = ObservationWindow(begin: Timestamp(seconds: 1_800_000_000), nanoseconds: 5_000_000_000)

/// A tuple whose addresses are text; a malformed one is a failure of the test.
func tuple(
    _ source: String,
    _ sourcePort: UInt16,
    _ destination: String,
    _ destinationPort: UInt16,
    _ transport: TransportProtocol = .tcp
) throws -> Tuple {
    Tuple(
        source: try #require(IPAddress(source)),
        sourcePort: sourcePort,
        destination: try #require(IPAddress(destination)),
        destinationPort: destinationPort,
        transport: transport
    )
}

/// The inventory of objects as kubectl prints them.
func inventory(_ objects: String...) -> Inventory {
    var reader = InventoryReader()
    reader.read("objects", bytes: Array("{\"kind\":\"List\",\"items\":[\(objects.joined(separator: ","))]}".utf8))
    #expect(reader.problems.isEmpty)
    return Inventory(reader.objects)
}
