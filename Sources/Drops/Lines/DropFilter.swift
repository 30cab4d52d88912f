/// Which places that drop are wanted. Different criteria must all hold.
package struct DropFilter: Sendable {
    /// Whether a namespace is wanted: that of what the rule was written for, or of an end of a connection that it
    /// explains; nil for all places.
    package var namespace: (@Sendable (String) -> Bool)?
    package var writer: @Sendable (Attribution.Writer) -> Bool = { _ in true }
    /// "DROP" or "REJECT".
    package var act: @Sendable (String) -> Bool = { _ in true }

    package init() {}

    /// The lines that are wanted, in their order.
    package func accepted(_ lines: [DropLine]) -> [DropLine] {
        // There are few writers and acts, and many lines.
        let writers = Set(Attribution.Writer.allCases.filter(writer))
        let acts = (drop: act("DROP"), reject: act("REJECT"))
        return lines.filter { line in
            writers.contains(line.point.attribution.writer)
                && (line.point.act == "REJECT" ? acts.reject : acts.drop) && isOfNamespace(line)
        }
    }

    private func isOfNamespace(_ line: DropLine) -> Bool {
        guard let namespace else { return true }
        if let own = line.point.attribution.subject?.namespace, namespace(own) { return true }
        return line.explains.contains { $0.namespaces.contains(where: namespace) }
    }
}
