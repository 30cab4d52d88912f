package import NetModel

/// The conntrack entries of one frame, in the order in which they were written.
package struct EntryBlock: Hashable, Sendable {
    /// `id` is nil in all of them: the kernel's id tells entries of one node apart only while that node runs.
    package var entries: [ConntrackEntry]
    /// Empty for a snapshot, else what was seen of each entry within the window, at its entry's index.
    package var windows: [WindowObservation]

    package init(entries: [ConntrackEntry], windows: [WindowObservation] = []) {
        self.entries = entries
        self.windows = windows
    }
}
