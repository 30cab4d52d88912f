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
    /// Files of which documents were read that may not be the last.
    private var open: [InventoryFile] = []

    package init() {}

    /// Reads a file to its end. `name` stands for it in messages.
    package mutating func read(_ name: String, from source: @escaping ByteSource) {
        var file = InventoryFile(name: name)
        file.read(JSONReader(source: source), into: &objects)
        file.conclude()
        problems += file.problems
    }

    /// Reads the bytes of a file.
    package mutating func read(_ name: String, bytes: [UInt8]) {
        var file = InventoryFile(name: name)
        file.read(JSONReader(bytes), into: &objects)
        file.conclude()
        problems += file.problems
    }

    /// Reads one of several documents of a file; `finish` says that there are no more of any file.
    package mutating func read(_ name: String, document bytes: [UInt8]) {
        let known = open.firstIndex { $0.name == name }
        let position = known ?? open.count
        if known == nil { open.append(InventoryFile(name: name)) }
        open[position].read(JSONReader(bytes), into: &objects)
    }

    /// Concludes the files that were read document by document.
    package mutating func finish() {
        for var file in open {
            file.conclude()
            problems += file.problems
        }
        open = []
    }
}
