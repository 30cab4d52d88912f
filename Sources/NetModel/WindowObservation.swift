/// What one observer saw of a connection within a window, beside the entry itself: the window begins with a dump of the
/// table and ends with another, and events are listened to all the while.
@usableFromInline package struct WindowObservation: Hashable, Sendable {
    @usableFromInline package struct Marks: OptionSet, Hashable, Sendable {
        @usableFromInline package let rawValue: UInt8

        @inlinable
        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// In the dump that begins the window.
        @inlinable package static var inFirstDump: Marks { Marks(rawValue: 1 << 0) }
        /// In the dump that ends the window.
        @inlinable package static var inSecondDump: Marks { Marks(rawValue: 1 << 1) }
        /// A NEW event came within the window.
        @inlinable package static var newEvent: Marks { Marks(rawValue: 1 << 2) }
        /// A DESTROY event came within the window.
        @inlinable package static var destroyEvent: Marks { Marks(rawValue: 1 << 3) }
        /// A counter was lower at the end than at the beginning (somebody reset it, `conntrack -z`), so the differences
        /// are not known.
        @inlinable package static var countersWentDown: Marks { Marks(rawValue: 1 << 4) }
        /// The entry's timeout was set anew within the window: a packet passed.
        @inlinable package static var refreshed: Marks { Marks(rawValue: 1 << 5) }
        /// The NEW event was of a connection that was there before: its first packet was no SYN.
        @inlinable package static var pickedUp: Marks { Marks(rawValue: 1 << 6) }

        // Asked of every connection several times. The sets' own operations, and literals of several, are calls through
        // tables from other modules.

        /// Whether a mark is there, or all of several.
        @inlinable @inline(__always)
        package func contains(_ marks: Marks) -> Bool {
            rawValue & marks.rawValue == marks.rawValue
        }

        /// Whether any of two marks is there.
        @inlinable @inline(__always)
        package func containsAny(_ first: Marks, _ second: Marks) -> Bool {
            rawValue & (first.rawValue | second.rawValue) != 0
        }
    }

    @usableFromInline package var marks: Marks
    /// What the original direction carried within the window; nil where it was not measured.
    @usableFromInline package var original: Counters?
    /// What the reply direction carried within the window; nil where it was not measured.
    @usableFromInline package var reply: Counters?
    /// The protocol's state in the first dump; nil for an entry that was not in it, or has no states.
    @usableFromInline package var stateBefore: ConntrackState?

    @inlinable
    package init(
        marks: Marks,
        original: Counters? = nil,
        reply: Counters? = nil,
        stateBefore: ConntrackState? = nil
    ) {
        self.marks = marks
        self.original = original
        self.reply = reply
        self.stateBefore = stateBefore
    }
}
