/// Finds a program as Go's `exec.LookPath` does.
enum ExecutableLookup {
    /// The path of a command's file; nil where there is none that may be executed. A name without a slash is looked up in
    /// the absolute folders of `PATH`: one in the working directory is never meant.
    static func path(of command: String, with configuration: ConfigurationAccess) -> String? {
        guard !command.isEmpty else { return nil }
        if command.contains("/") { return configuration.kind(command) == .executable ? command : nil }
        for folder in (configuration.environment["PATH"] ?? "").split(separator: ":")
        where PathText.isAbsolute(String(folder)) {
            let path = PathText.clean("\(folder)/\(command)")
            if configuration.kind(path) == .executable { return path }
        }
        return nil
    }
}
