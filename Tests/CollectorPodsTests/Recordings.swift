import JSONText
import TestSupport
import Testing

/// The events of a recorded watch.
func recordedEvents(_ name: String) throws -> [JSONTree] {
    let bytes = try readFile(Repository.path("Tests/Fixtures/api-1.36/watch/\(name).jsonl"))
    return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONTree(Array($0)) }
}
