import ArgumentParser

/// Whether what is read is kept in a file.
struct RecordingOptions: ParsableArguments {
    @Option(
        name: .customLong("record"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Keep all that is read in a bundle, which --from shows again later; it is written as the run goes on.",
            valueName: "file"
        )
    )
    var record: String?

    /// The file's path, checked as far as its name tells.
    func path() throws(NetvizError) -> String? {
        guard let record else { return nil }
        guard !record.isEmpty else { throw NetvizError(.usage, "--record names no file") }
        guard record != "-" else {
            throw NetvizError(
                .usage,
                "--record takes the name of a file, not '-': standard output is the result's",
                remedy: "A file of that name is given as './-'."
            )
        }
        return record
    }
}
