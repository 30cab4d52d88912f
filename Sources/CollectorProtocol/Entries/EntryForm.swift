/// What of an entry is written, and how. The bits are on the wire and never change.
struct EntryForm: OptionSet, Hashable {
    /// How two counters, packets and bytes, are written.
    enum CountersForm: UInt32 {
        /// They are nil.
        case absent = 0
        /// Both are zero, and not written.
        case zero = 1
        /// They follow in the details.
        case given = 2
        /// They are those of the entry in the same direction, and not written; only for those of the window.
        case total = 3
    }

    /// Where the two bits of a `CountersForm` are.
    enum CountersPlace: UInt32 {
        case original = 4
        case reply = 6
        case windowOriginal = 13
        case windowReply = 15
    }

    let rawValue: UInt32

    init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    init(_ counters: CountersForm, at place: CountersPlace) {
        rawValue = counters.rawValue << place.rawValue
    }

    // The parts of the reply tuple that are not those of the original one inverted.
    static let replySource = EntryForm(rawValue: 1 << 0)
    static let replyDestination = EntryForm(rawValue: 1 << 1)
    static let replySourcePort = EntryForm(rawValue: 1 << 2)
    static let replyDestinationPort = EntryForm(rawValue: 1 << 3)
    // What is there.
    static let timeout = EntryForm(rawValue: 1 << 8)
    static let age = EntryForm(rawValue: 1 << 9)
    static let start = EntryForm(rawValue: 1 << 10)
    static let stop = EntryForm(rawValue: 1 << 11)
    static let eventTime = EntryForm(rawValue: 1 << 12)

    /// All bits that have a meaning.
    static let known = EntryForm(rawValue: 1 << 17 - 1)
    /// Those of the window's counters.
    static let window = EntryForm([
        EntryForm(.total, at: .windowOriginal), EntryForm(.total, at: .windowReply),
    ])

    /// Whether `bit`, one alone, is set.
    @inline(__always)
    func has(_ bit: EntryForm) -> Bool {
        rawValue & bit.rawValue != 0
    }

    @inline(__always)
    func counters(at place: CountersPlace) -> CountersForm {
        switch rawValue &>> place.rawValue & 3 {
        case 0: .absent
        case 1: .zero
        case 2: .given
        default: .total
        }
    }
}
