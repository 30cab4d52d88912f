/// The limits of the format; a reader refuses what is beyond them before it takes memory for it.
package enum StreamLimits {
    /// The longest payload of a frame in bytes.
    package static let payload = 1 << 20
    /// The most entries that a block holds.
    package static let blockEntries = 4096
    /// The most kinds of entries that a block holds: an entry names its kind in one byte.
    package static let blockKinds = 256
    /// The longest text of a message in bytes of UTF-8; a writer cuts what is longer.
    package static let text = 4096
    /// The most texts in a list; a writer leaves out the rest.
    package static let texts = 128
    /// The longest text of rules in a frame; a writer cuts what is longer in pieces.
    package static let rulesText = 1 << 18
    /// The bytes of a frame that are not its payload: length, kind and checksum.
    package static let frameOverhead = 9
}
