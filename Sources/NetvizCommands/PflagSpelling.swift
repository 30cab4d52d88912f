/// Rewrites flags spelled as pflag, kubectl's parser, accepts them: `-ojson`, `-n=shop`, `-Aojson`,
/// `--no-headers=true`.
package enum PflagSpelling {
    /// Flags that are on or off.
    private static let switches: Set<String> = [
        "--no-headers", "--all", "--all-namespaces", "--insecure-skip-tls-verify", "--disable-compression",
    ]
    /// Flags that print something and take no value.
    private static let questions: Set<String> = ["--help", "--version", "--generate-completion-script"]
    private static let shortSwitches: [Character: String] = ["A": "--all-namespaces"]
    /// Short flags that take a value.
    private static let shortOptions: Set<Character> = ["o", "n", "l", "s", "v"]

    /// The same arguments in the one spelling that the parser understands.
    ///
    /// - Throws: when a switch is set to something that is neither true nor false.
    package static func normalized(_ arguments: [String]) throws(NetvizError) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            if argument.hasPrefix("--") {
                try normalize(long: argument, &rest, into: &result)
            } else if argument.hasPrefix("-"), argument.count > 1 {
                try normalize(short: argument, &rest, into: &result)
            } else {
                result.append(argument)
            }
        }
        return result
    }

    private static func normalize(
        long argument: String,
        _ rest: inout ArraySlice<String>,
        into result: inout [String]
    ) throws(NetvizError) {
        let equals = argument.firstIndex(of: "=")
        let name = String(argument[..<(equals ?? argument.endIndex)])
        if switches.contains(name) {
            try turn(name, to: equals.map { argument[argument.index(after: $0)...] }, in: &result)
            return
        }
        result.append(argument)
        // What follows is a value even where it looks like a flag, as in `--sort-by -new`.
        if equals == nil, !questions.contains(name), let value = rest.popFirst() { result.append(value) }
    }

    /// One or more letters behind one dash, of which the last may take a value.
    private static func normalize(
        short argument: String,
        _ rest: inout ArraySlice<String>,
        into result: inout [String]
    ) throws(NetvizError) {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
            let value = letters.hasPrefix("=") ? letters.dropFirst() : letters
            if let name = shortSwitches[letter] {
                let isAssigned = letters.hasPrefix("=")
                try turn(name, to: isAssigned ? value : nil, in: &result)
                if isAssigned { return }
            } else if shortOptions.contains(letter) {
                result.append("-\(letter)")
                if !letters.isEmpty {
                    result.append(String(value))
                } else if let next = rest.popFirst() {
                    result.append(next)
                }
                return
            } else {
                result.append("-\(letter)\(letters)")
                return
            }
        }
    }

    /// Sets a switch; the last setting counts, as in pflag.
    private static func turn(_ name: String, to value: Substring?, in result: inout [String]) throws(NetvizError) {
        let isOn: Bool
        switch value {
        case nil, "1", "t", "T", "true", "TRUE", "True": isOn = true
        case "0", "f", "F", "false", "FALSE", "False": isOn = false
        case let value?:
            throw NetvizError(
                .usage,
                "invalid argument \(ParsedValues.quoted(String(value))) for \"\(name)\": it is true or false"
            )
        }
        result.removeAll { $0 == name }
        if isOn { result.append(name) }
    }
}
