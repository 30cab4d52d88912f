/// Files that were recorded, each read as what it holds.
enum RecordedInputs {
    /// Reads all files into one table.
    ///
    /// - Returns: why bundles could not be read to their ends.
    /// - Throws: when a file cannot be used at all.
    static func read(
        _ arguments: [ObserverArgument],
        into tables: CollectedTables,
        inventory: InventoryDocuments,
        in context: CommandContext
    ) async throws -> [NetvizError] {
        let runs = RecordedRuns()
        var failures: [NetvizError] = []
        for argument in arguments {
            let file = try RecordedFile(context.open(argument.path), name: argument.fileName)
            switch file.form {
            case .conntrackText:
                inventory.isComplete(argument.fileName)
                try await ConntrackTextFile.read(argument, from: file.source, into: tables)
            case .rules(let form):
                inventory.isComplete(argument.fileName)
                try await RulesTextFile.read(argument, form, from: file.source, into: tables)
            case .bundle:
                let failure = try await BundleReplay.read(
                    argument,
                    from: file.source,
                    after: runs,
                    into: tables,
                    inventory: inventory
                )
                if let failure { failures.append(failure) }
            }
        }
        return failures
    }
}
