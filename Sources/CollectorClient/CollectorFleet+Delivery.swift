package import CollectorProtocol

extension CollectorFleet {
    /// What one collector told beside its entries and rules.
    package struct Report: Sendable {
        package var hello: Hello?
        package var clockOffset: ClockOffset?
        /// The first different ones, 32 at the most.
        package var notices: [Notice] = []
        /// How many came beside these.
        package var noticesLeftOut = 0
        /// Nil when it did not come to an end; `failure` says why.
        package var end: End?
        package var failure: Failure?

        package init() {}

        private static let keptNotices = 32
        private static let mostNotices = 10_000

        /// Takes note of a notice; false when there are more of them than a collector has reason for.
        @discardableResult
        package mutating func add(_ notice: Notice) -> Bool {
            if notices.count < Self.keptNotices, !notices.contains(notice) {
                notices.append(notice)
            } else {
                noticesLeftOut += 1
            }
            return notices.count + noticesLeftOut <= Self.mostNotices
        }
    }

    /// Why a collector did not come to an end.
    package enum Failure: Sendable {
        case conversation(ConversationError)
        /// The pipe to it broke.
        case pipe(String)
        /// It said nothing before the start timeout had passed.
        case silent
        /// It was not ready when the others began, or when the start timeout had passed.
        case late
        /// It did not end in time.
        case timedOut
        /// It had more to tell beside its work than a collector that works.
        case tooManyNotices
        /// What was said of it when it was recorded.
        case recorded(String)
    }

    /// What comes of one collector.
    package enum Delivery: Sendable {
        /// A piece of its output was received.
        case received(Reception)
        /// Nothing follows.
        case over(Report)
    }

    /// A piece of a collector's output.
    package struct Reception: Sendable {
        /// The blocks of entries and pieces of rules that became complete with it.
        package var events: [CollectorConversation.Event]
        /// The bytes of all frames that became complete with it, as `CollectorConversation.takeFrames` gives them.
        package var frames: [UInt8]
        /// How far the node's clock is ahead of the client's: the times in `events` are the node's. Nil before it was
        /// measured, which is before the first event.
        package var clockOffset: ClockOffset?

        package init(events: [CollectorConversation.Event], frames: [UInt8] = [], clockOffset: ClockOffset?) {
            self.events = events
            self.frames = frames
            self.clockOffset = clockOffset
        }
    }
}
