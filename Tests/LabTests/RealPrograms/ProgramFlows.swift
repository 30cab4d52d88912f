import TestSupport
import Testing

/// The flows of one answer.
struct ProgramFlows {
    let coverage: JSONValue
    let items: [JSONValue]

    init(_ result: CommandResult) throws {
        let document = try JSONValue(parsing: result.output)
        coverage = try #require(document["coverage"])
        items = try #require(document["items"]?.array)
    }

    /// The flows whose fields have these values.
    func items(_ wanted: [String: JSONValue]) -> [JSONValue] {
        items.filter { item in wanted.allSatisfy { item[$0.key] == $0.value } }
    }

    /// The one flow whose fields have these values.
    func only(_ wanted: [String: JSONValue]) throws -> JSONValue {
        let found = items(wanted)
        return try #require(found.count == 1 ? found.first : nil, "\(found.count) flows have \(wanted)")
    }
}

extension JSONValue {
    /// Fields of a flow, "-" for what is absent.
    func fields(_ names: String...) -> [String] {
        names.map { name in
            self[name].map { $0.string ?? $0.integer.map(String.init) ?? "\($0)" } ?? "-"
        }
    }

    /// A field that must be there and a whole number.
    func number(_ name: String) throws -> Int { try #require(self[name]?.integer, "\(name)") }
}

extension JSONValue {
    /// A number as the plugin writes it.
    static func integer(_ value: Int) -> JSONValue { .number(String(value)) }
}
