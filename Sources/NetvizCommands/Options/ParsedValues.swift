import FlowGraph
import Rendering
import TerminalText

/// Values of flags, read the way kubectl reads them and refused in its words.
enum ParsedValues {
    /// - Parameter formats: those of the command.
    static func format<Format: CaseIterable & RawRepresentable<String>>(
        _ text: String,
        of formats: Format.Type
    ) throws(NetvizError) -> Format {
        if let format = Format(rawValue: text) { return format }
        let allowed = Format.allCases.map(\.rawValue).sorted().joined(separator: ",")
        throw NetvizError(
            .usage,
            "unable to match a printer suitable for the output format \(quoted(text)), allowed formats are: \(allowed)"
        )
    }

    /// - Parameter groups: those that the command knows.
    static func group<Group: RawRepresentable<String>>(
        _ text: String,
        of groups: [Group]
    ) throws(NetvizError) -> Group {
        if let group = groups.first(where: { $0.rawValue == text }) { return group }
        throw unknown(text, flag: "--group-by", allowed: groups.map(\.rawValue))
    }

    /// A key to sort by, and whether '-' before it reverses the order.
    ///
    /// - Parameter keys: those of the command.
    static func order<Key: CaseIterable & RawRepresentable<String>>(
        _ text: String,
        of keys: Key.Type
    ) throws(NetvizError) -> (key: Key, isReversed: Bool) {
        let isReversed = text.hasPrefix("-")
        if let key = Key(rawValue: isReversed ? String(text.dropFirst()) : text) { return (key, isReversed) }
        throw unknown(text, flag: "--sort-by", allowed: Key.allCases.map(\.rawValue))
    }

    static func top(_ text: String) throws(NetvizError) -> Int {
        if let count = Int(text), count > 0 { return count }
        throw NetvizError(.usage, "invalid argument \(quoted(text)) for \"--top\": it is a number from 1 on")
    }

    /// A share from 0 to 1, written as a percentage with or without the sign.
    static func share(_ text: String) throws(NetvizError) -> Double {
        let number = text.hasSuffix("%") ? text.dropLast() : text[...]
        let isPlain = number.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        if isPlain, let percent = Double(number), (0...100).contains(percent) { return percent / 100 }
        throw NetvizError(
            .usage,
            "invalid argument \(quoted(text)) for \"--min-coverage\": it is a percentage from 0% to 100%"
        )
    }

    static func unknown(_ text: String, flag: String, allowed: [String]) -> NetvizError {
        NetvizError(
            .usage,
            "invalid argument \(quoted(text)) for \"\(flag)\": it is one of \(allowed.joined(separator: ", "))"
        )
    }

    static func quoted(_ text: String) -> String {
        "\"" + PrintableText.escaped(text) + "\""
    }
}
