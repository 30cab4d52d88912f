import Inventory
import JSONText
import Rendering

/// Objects of the cluster from files.
enum InventoryFiles {
    /// Reads all files into one inventory. What cannot be used is told, the rest is used.
    ///
    /// - Throws: when a file cannot be read, or holds nothing that is of use.
    @concurrent
    static func read(_ paths: [String], in context: CommandContext) async throws -> Inventory {
        guard !paths.isEmpty else { return .empty }
        var reader = InventoryReader()
        for path in paths {
            let source = try context.open(path)
            reader.read(path == "-" ? "standard input" : path, from: source)
        }
        for problem in reader.problems where problem.severity != .error {
            context.tell("\(problem.severity.rawValue): \(PrintableText.escaped(problem.description))")
        }
        if let problem = reader.problems.first(where: { $0.severity == .error }) {
            throw NetvizError(.input, PrintableText.escaped(problem.description))
        }
        return Inventory(reader.objects)
    }
}
