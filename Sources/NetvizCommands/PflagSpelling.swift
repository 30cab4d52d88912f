/// Rewrites flags spelled as pflag, kubectl's parser, accepts them: `-ojson`, `-n=shop`, `--no-headers=true`.
enum PflagSpelling {
    /// Flags that are on or off.
    private static let switches: [String: String] = [
        "--no-headers": "--no-headers", "--all": "--all", "--all-namespaces": "--all-namespaces",
        "-A": "--all-namespaces",
    ]
    /// Short flags that take a value.
    private static let shortOptions: Set<Character> = ["o", "n", "l"]

    /// The same arguments in the one spelling that the parser understands.
    ///
    /// - Throws: when a switch is set to something that is neither true nor false.
    static func normalized(_ arguments: [String]) throws(NetvizError) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            if let value = try switchValue(argument) {
                // The last one counts, as in pflag.
                result.removeAll { $0 == value.name }
                if value.isOn { result.append(value.name) }
            } else if let (flag, value) = shortOption(argument) {
                result += [flag, value]
            } else {
                result.append(argument)
            }
        }
        return result
    }

    private static func switchValue(_ argument: String) throws(NetvizError) -> (name: String, isOn: Bool)? {
        if let name = switches[argument] { return (name, true) }
        guard let equals = argument.firstIndex(of: "="), let name = switches[String(argument[..<equals])] else {
            return nil
        }
        let value = argument[argument.index(after: equals)...]
        switch value {
        case "1", "t", "T", "true", "TRUE", "True": return (name, true)
        case "0", "f", "F", "false", "FALSE", "False": return (name, false)
        default: throw NetvizError(.usage, "invalid argument \"\(value)\" for \"\(name)\": it is true or false")
        }
    }

    private static func shortOption(_ argument: String) -> (flag: String, value: String)? {
        guard argument.hasPrefix("-"), !argument.hasPrefix("--"), argument.count > 2 else { return nil }
        let letter = argument[argument.index(after: argument.startIndex)]
        guard shortOptions.contains(letter) else { return nil }
        let value = argument.dropFirst(2)
        return ("-\(letter)", String(value.hasPrefix("=") ? value.dropFirst() : value))
    }
}
