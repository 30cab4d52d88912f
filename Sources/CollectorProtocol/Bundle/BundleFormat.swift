/// The format of a bundle: one file that holds what the nodes of a run told, exactly enough to write another reader.
/// Bundles are kept for years, so what is here never changes its meaning; the end of this text says what may be added.
///
/// ## The file
/// Eight bytes, 0x89 0x6E 0x65 0x74 0x76 0x69 0x7A 0x0A ("netviz" between a byte that begins no text and a newline),
/// and then frames, framed as those of a stream (`StreamFormat`: length, kind, payload, CRC-32), with the same limits
/// and with fields of the same form. A bundle is written as the run goes on, in the order in which what it holds was
/// taken, so that reading it takes the same in the same order; one that is cut off is of use up to where it is cut.
///
/// ## Frames
/// Frames of the kinds 1 to 10 are those of a collector's stream (`StreamFormat`), as they were received. They belong
/// to the source that the last SOURCE or TURN before them names, and so do OFFSET, RULES TEXT and SOURCE END. The
/// others are a bundle's own:
///
///     64 BUNDLE       first, and nowhere else: 1 version u!   2 release t   3 recorded at s   4 identity x
///     65 SOURCE       a source begins: 1 number u!, which counts the sources from 0   2 name t   3 is node b
///                     4 mode u!: 1 collector, 2 text, 3 rules   5 own clock b
///     66 TURN         what follows is of another source: 1 number u!
///     67 OFFSET       1 nanoseconds s   2 uncertainty s
///     68 RULES TEXT   1 form u!: 1 iptables-save, 2 iptables -L, 3 nft -j, 4 conntrack -S   2 is last b   3 text x
///     69 SOURCE END   nothing of the source follows: 1 failure t?   2 notices left out u   3 malformed lines u
///                     4 entries u
///     70 INVENTORY    1 is last b   2 text x   3 is end b
///     71 WARNING      1 about u!: 1 the tables, 2 the inventory   2 line t, of at most 65,536 bytes
///     72 BUNDLE END   last: 1 frames u   2 checksum u
///
/// BUNDLE's identity is 16 random bytes: two files with the same one hold the same run. `recorded at` is the recorder's
/// CLOCK_REALTIME, in nanoseconds since 1970, and `release` its own, "v1.2.3".
///
/// A source of the mode collector is a session with a collector: HELLO, CLOCK, ENTRIES, RULES, NOTICE and END or
/// FAILURE, every frame of it up to the last that was taken, so that END's totals can be checked. OFFSET says how far
/// that node's clock was ahead of the recorder's, which dates in the frames are to be shifted by, and by how much that
/// can be wrong; it comes before the first entries, and of several the last counts. With `own clock` the collector ran
/// on the recorder's machine: its dates are the recorder's, and OFFSET tells no more than how exact such a measurement
/// is.
///
/// A source of the mode text is a file of conntrack's text: ENTRIES frames of its entries in their order. A block of
/// address family 6 may hold entries of both families there, so that the order is kept. A source of the mode rules is a
/// file of a packet filter's rules, and holds RULES TEXT alone: its text, cut anywhere.
///
/// `is node` tells that the name is that of a node; otherwise it is that of a file.
///
/// SOURCE END's failure says in words why the source did not come to its end; it has none where it did. `notices left
/// out` counts the notices beside those that were kept, `malformed lines` the lines of text that could not be read, and
/// `entries` the entries of all ENTRIES frames of the source, which a reader checks.
///
/// INVENTORY is a piece of a JSON document, a `v1` List of Kubernetes objects with the fields that are used and no
/// others, of at most 64 MiB; `is last` ends the document, and another may follow unless `is end` says that none does.
/// WARNING is a line that the user was told, which what the bundle holds does not say by itself.
///
/// BUNDLE END's `frames` counts all frames before it; `checksum` is the CRC-32 of their checksums, four bytes each,
/// lowest first, in their order. Nothing follows it.
///
/// ## What may be added
/// Without a new version: fields, which older readers pass over, and what `StreamFormat` allows. With a new version in
/// BUNDLE, which older readers refuse: kinds of frames, modes, forms, and any new meaning. Every later version of this
/// program reads version 1.
package enum BundleFormat {
    /// What a bundle begins with.
    package static let magic: [UInt8] = [0x89, 0x6E, 0x65, 0x74, 0x76, 0x69, 0x7A, 0x0A]
    /// The version that is written, and the newest that is read.
    package static let currentVersion: UInt32 = 1
    /// The most sources of a bundle.
    package static let mostSources = 65_534
    /// The longest line of a WARNING in bytes of UTF-8; a writer cuts what is longer.
    package static let longestLine = 1 << 16
    /// The longest piece of a document of the inventory in bytes; a writer cuts what is longer.
    package static let longestInventoryPiece = 1 << 18
    /// The longest document of the inventory in bytes.
    package static let longestInventoryDocument = 1 << 26
    /// The bytes of BUNDLE's identity.
    package static let identityLength = 16
}
