import ArgumentParser
import Rendering

/// What a command can print, and its words for it.
protocol OutputChoices {
    associatedtype Format: CaseIterable & RawRepresentable<String>
    /// By what can be sorted.
    associatedtype Key: CaseIterable & RawRepresentable<String>
    /// By what can be summed.
    associatedtype Group: RawRepresentable<String>
    static var standardFormat: Format { get }
    static var standardKey: Key { get }
    static var standardGroup: Group { get }
    static var groups: [Group] { get }

    static var formatHelp: String { get }
    static var groupingHelp: String { get }
    static var keyHelp: String { get }
    static var topHelp: String { get }
    static var allHelp: String { get }
}

/// How an answer is summed, sorted and printed.
struct OutputOptions<Choices: OutputChoices>: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        parsing: .unconditional,
        help: ArgumentHelp("\(Choices.formatHelp)", valueName: "format")
    )
    var output: String = Choices.standardFormat.rawValue

    @Option(
        name: .customLong("group-by"),
        parsing: .unconditional,
        help: ArgumentHelp("\(Choices.groupingHelp)", valueName: "what")
    )
    var groupBy: String = Choices.standardGroup.rawValue

    @Option(
        name: .customLong("sort-by"),
        parsing: .unconditional,
        help: ArgumentHelp("\(Choices.keyHelp)", valueName: "what")
    )
    var sortBy: String = Choices.standardKey.rawValue

    @Option(
        name: .customLong("top"),
        parsing: .unconditional,
        help: ArgumentHelp("\(Choices.topHelp)", valueName: "count")
    )
    var top: String?

    @Flag(name: .customLong("no-headers"), help: "Print no header line.")
    var noHeaders = false

    @Flag(name: .customLong("all"), help: ArgumentHelp("\(Choices.allHelp)"))
    var all = false
}

extension OutputOptions {
    func format() throws(NetvizError) -> Choices.Format {
        try ParsedValues.format(output, of: Choices.Format.self)
    }

    func grouping() throws(NetvizError) -> Choices.Group {
        try ParsedValues.group(groupBy, of: Choices.groups)
    }

    func order() throws(NetvizError) -> (key: Choices.Key, isReversed: Bool) {
        try ParsedValues.order(sortBy, of: Choices.Key.self)
    }

    /// How many are listed at the most; nil for all.
    func listedAtMost() throws(NetvizError) -> Int? {
        guard let top else { return nil }
        return try ParsedValues.top(top)
    }
}
