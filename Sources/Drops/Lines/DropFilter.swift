/// Which places that drop are wanted. Different criteria must all hold.
package struct DropFilter: Sendable {
    /// Whether a namespace is wanted: that of what the rule was written for, or of an end of a connection that it
    /// explains; nil for all places.
    package var namespace: (@Sendable (String) -> Bool)?
    package var writer: @Sendable (Attribution.Writer) -> Bool = { _ in true }
    /// "DROP" or "REJECT".
    package var act: @Sendable (String) -> Bool = { _ in true }

    package init() {}

    /// Whether a line is wanted.
    package func accepts(_ line: DropLine) -> Bool {
        guard writer(line.point.attribution.writer), act(line.point.act) else { return false }
        guard let namespace else { return true }
        if let own = line.point.attribution.subject?.namespace, namespace(own) { return true }
        return line.explains.contains { $0.namespaces.contains(where: namespace) }
    }
}
