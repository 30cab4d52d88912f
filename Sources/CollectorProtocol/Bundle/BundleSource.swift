/// A source of a bundle begins: a node's collector, or a file that was read.
package struct BundleSource: Hashable, Sendable {
    /// What the source's frames are. The raw values are in files and never change.
    package enum Mode: UInt8, CaseIterable, Sendable {
        /// A session with a collector.
        case collector = 1
        /// conntrack's text.
        case text = 2
        /// The text of a packet filter's rules.
        case rules = 3
    }

    /// The sources are counted from 0, in the order in which they begin.
    package var number: Int
    /// The node's name, or the file's.
    package var name: String
    /// Whether `name` names a node.
    package var isNode: Bool
    package var mode: Mode
    /// Whether the collector ran on the machine that recorded, so that its clock is the recorder's own.
    package var hasOwnClock: Bool

    package init(number: Int, name: String, isNode: Bool, mode: Mode, hasOwnClock: Bool = false) {
        self.number = number
        self.name = name
        self.isNode = isNode
        self.mode = mode
        self.hasOwnClock = hasOwnClock
    }
}

extension BundleSource {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, UInt64(number))
        payload.appendField(2, text: name)
        payload.appendField(3, isNode)
        payload.appendField(4, mode.rawValue)
        payload.appendField(5, hasOwnClock)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        var number: UInt32?
        var name = ""
        var isNode = false
        var mode: Mode?
        var hasOwnClock = false
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: number = try field.unsigned()
            case 2: name = try field.text(bytes)
            case 3: isNode = try field.boolean()
            case 4: mode = try field.choice()
            case 5: hasOwnClock = try field.boolean()
            default: break
            }
        }
        guard let number else { throw .undecodable("SOURCE: its number is missing") }
        guard let mode else { throw .undecodable("SOURCE: its mode is missing") }
        self.init(number: Int(number), name: name, isNode: isNode, mode: mode, hasOwnClock: hasOwnClock)
    }
}

/// How far the clock of a source's node was ahead of the recorder's.
package struct BundleOffset: Hashable, Sendable {
    /// In nanoseconds; negative when the node's clock was behind.
    package var nanoseconds: Int64
    /// By how much it can be wrong, in nanoseconds.
    package var uncertainty: Int64

    package init(nanoseconds: Int64, uncertainty: Int64) {
        self.nanoseconds = nanoseconds
        self.uncertainty = uncertainty
    }
}

extension BundleOffset {
    func append(to payload: inout [UInt8]) {
        payload.appendField(1, signed: nanoseconds)
        payload.appendField(2, signed: uncertainty)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(nanoseconds: 0, uncertainty: 0)
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: nanoseconds = try field.signed()
            case 2: uncertainty = try field.signed()
            default: break
            }
        }
    }
}

/// Nothing of a source follows: what the client knows of it beside its frames.
package struct BundleSourceEnd: Hashable, Sendable {
    /// Why the source did not come to its end, in words; nil where it did.
    package var failure: String?
    /// Notices of the collector beside those that were kept.
    package var noticesLeftOut: UInt64
    /// Lines of text that could not be read.
    package var malformedLines: UInt64
    /// Entries in all ENTRIES frames of the source.
    package var entries: UInt64

    package init(failure: String? = nil, noticesLeftOut: UInt64 = 0, malformedLines: UInt64 = 0, entries: UInt64) {
        self.failure = failure
        self.noticesLeftOut = noticesLeftOut
        self.malformedLines = malformedLines
        self.entries = entries
    }
}

extension BundleSourceEnd {
    func append(to payload: inout [UInt8]) {
        if let failure { payload.appendField(1, text: failure) }
        payload.appendField(2, noticesLeftOut)
        payload.appendField(3, malformedLines)
        payload.appendField(4, entries)
    }

    init(_ fields: FieldReader, _ bytes: Span<UInt8>) throws(FrameError.Reason) {
        self.init(entries: 0)
        var fields = fields
        while let field = try fields.next(bytes) {
            switch field.number {
            case 1: failure = try field.text(bytes)
            case 2: noticesLeftOut = try field.unsigned()
            case 3: malformedLines = try field.unsigned()
            case 4: entries = try field.unsigned()
            default: break
            }
        }
    }
}
