package import JSONText

/// Reads what `kubectl get … -o json` wrote, file after file, and collects the objects and all that was wrong.
///
/// A file may hold single objects, Lists of several kinds and typed lists, one after another. What can be read of a
/// broken file is used.
package struct InventoryReader: Sendable {
    /// What a file should hold, for messages.
    static let expected =
        "the output of 'kubectl get nodes,pods,services,endpointslices,replicasets,jobs --all-namespaces -o json'"

    package private(set) var objects = InventoryObjects()
    package private(set) var problems: [InventoryProblem] = []

    package init() {}

    /// Reads a file to its end. `name` stands for it in messages.
    package mutating func read(_ name: String, from source: @escaping ByteSource) {
        var file = InventoryFile(name: name)
        file.read(JSONReader(source: source), into: &objects)
        problems += file.problems
    }

    /// Reads the bytes of a file.
    package mutating func read(_ name: String, bytes: [UInt8]) {
        var file = InventoryFile(name: name)
        file.read(JSONReader(bytes), into: &objects)
        problems += file.problems
    }
}
