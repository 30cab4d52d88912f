import TestSupport

/// What `-o json` of flows says.
struct Flows {
    let document: JSONValue
    let items: [JSONValue]

    init(_ result: CommandResult) throws {
        do {
            document = try JSONValue(parsing: result.output)
        } catch {
            throw Unexpected("no JSON: \(error); \(result.status): \(result.errorText)")
        }
        guard document["kind"] == "FlowList", let items = document["items"]?.array else {
            throw Unexpected("no list of flows: \(document["kind"] ?? .null)")
        }
        self.items = items
    }

    /// The flows whose client's port is this.
    func from(port: Int) -> [JSONValue] { items.filter { $0["source_port"]?.integer == port } }

    /// Whether a node was covered, by name.
    var covered: [String: Bool] {
        var covered: [String: Bool] = [:]
        for node in document["coverage"]?["nodes"]?.array ?? [] {
            if let name = node["node"]?.string { covered[name] = node["covered"]?.bool ?? false }
        }
        return covered
    }
}
