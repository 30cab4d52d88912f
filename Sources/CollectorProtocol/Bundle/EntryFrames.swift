package import NetModel

/// Entries as ENTRIES frames that keep their order, whatever their address families are.
package enum EntryFrames {
    /// The frames of entries that were seen in no window; `id` is not written.
    package static func frames(of entries: [ConntrackEntry]) -> [UInt8] {
        // IPv4 has a form of its own that is smaller; where both come, the other holds both.
        var block = OpenBlock(isIPv4: entries.allSatisfy(\.isIPv4), capacity: StreamFormat.blockEntries)
        var output = FrameOutput()
        for entry in entries { block.add(entry, window: nil, to: &output) }
        block.close(to: &output)
        return output.bytes
    }
}
