import CollectorCore
import CollectorProtocol
import NetModel

/// What happened within a window, from listings and events that come on ways of their own, so that their order of
/// arrival is not that of the kernel. Times are nanoseconds of the client's clock.
///
/// `WindowTable` wants to hear every event of a phase before the phase is over. What can be known of that is known here:
/// when an event happened, and when the last one came.
struct WindowWatch: Sendable {
    typealias Tell = (ConntrackEntry, WindowObservation?) -> Void

    private enum Stage {
        case before
        /// Events of its time are kept back until it is over: only then is known how an entry that ended meanwhile began.
        case firstListing
        case between
        case secondListing
    }

    private var table = WindowTable(limit: 0)
    private var stage = Stage.before
    private var clock = EventClock()
    /// When the first listing was asked for.
    private(set) var began: Int64 = 0
    /// When the second listing was asked for: what begins after it is outside.
    private(set) var ended: Int64?
    private var keptBack: [ConntrackEntry] = []
    private var keepsBack = true
    private var canTrustEvents = false

    /// Events within the window.
    private(set) var events: UInt64 = 0
    /// Events that came so late that what they told could not be used any more.
    private(set) var lateEvents: UInt64 = 0
    /// Whether any NEW event came, be it before the window.
    private(set) var hasHeardNew = false
    /// When the last event arrived.
    private(set) var lastArrival = Int64.min
    /// When the last event happened.
    private(set) var lastMoment = Int64.min

    /// More events than these are not kept back; it is some megabyte.
    static let mostKeptBack = 4096
    /// When the kernel made an entry's line is not known, only that it was after the listing was asked for and before the
    /// line came: in so many milliseconds at the most, of any line of the first listing.
    private var firstDelay: UInt64 = 0

    /// The first listing is asked for: the window begins.
    ///
    /// - Parameter limit: how many connections are kept at the most.
    mutating func begin(at moment: Int64, limit: Int) {
        began = moment
        table = WindowTable(limit: limit, origin: moment)
        firstDelay = 0
        stage = .firstListing
    }

    /// An entry of the first listing.
    mutating func first(_ entry: ConntrackEntry, asked: Int64, at arrival: Int64) {
        firstDelay = max(firstDelay, Self.delay(asked, arrival))
        table.first(entry, at: arrival)
    }

    /// Delays, in milliseconds, with which timeouts tell in any window in which they tell anything.
    private static let shortDelay: UInt64 = 500

    private var windowMilliseconds: UInt64 { Self.delay(began, ended ?? began) }

    private static func delay(_ asked: Int64, _ arrival: Int64) -> UInt64 {
        UInt64(max(0, arrival.subtractingSaturating(asked))) / 1_000_000
    }

    /// The first listing is over: what was kept back is used, and what still comes of its time at once.
    mutating func endKeepingBack(_ tell: Tell) {
        keepsBack = false
        let events = keptBack
        keptBack = []
        for event in events { use(event, tell) }
    }

    /// All events of the time of the first listing came.
    mutating func endFirstListing() {
        stage = .between
        table.endFirstDump()
    }

    /// The second listing is asked for: what happens from now on is outside the window.
    ///
    /// - Parameter canTrustEvents: whether events tell of every connection that begins.
    mutating func end(at moment: Int64, canTrustEvents: Bool) {
        ended = moment
        self.canTrustEvents = canTrustEvents
    }

    /// All events within the window came, or no more are waited for; before the first entry of the second listing.
    ///
    /// - Parameter heardAll: false where some may be missing.
    mutating func beginSecondListing(heardAll: Bool) {
        guard stage == .between else { return }
        stage = .secondListing
        table.beginSecondDump(heardAll: heardAll && canTrustEvents)
    }

    /// An entry of the second listing.
    mutating func second(_ entry: ConntrackEntry, asked: Int64, at arrival: Int64, _ tell: Tell) {
        // One of them moves the difference up, the other down.
        let uncertainty = max(firstDelay, Self.delay(asked, arrival))
        let tellsIdle = uncertainty <= Self.shortDelay || 2 * (1000 + uncertainty) <= windowMilliseconds
        table.second(entry, at: arrival, uncertainty: uncertainty, tellsIdle: tellsIdle) { tell($0, $1) }
    }

    /// An event; its time becomes that of the client's clock.
    mutating func event(_ entry: ConntrackEntry, at arrival: Int64, _ tell: Tell) {
        lastArrival = arrival
        guard let event = entry.event, event != .update else { return }
        if event == .new { hasHeardNew = true }
        lastMoment = clock.moment(told: entry.eventTime?.nanoseconds, arrival: arrival)
        guard stage != .before, lastMoment >= began else { return }
        events += 1
        var entry = entry
        entry.eventTime = Timestamp(nanoseconds: lastMoment)
        if let ended {
            if lastMoment >= ended {
                // Events come in their order: none within the window follows.
                beginSecondListing(heardAll: true)
            } else if stage == .secondListing, event == .new {
                lateEvents += 1
            }
        }
        if stage == .firstListing, keepsBack {
            keptBack.append(entry)
            if keptBack.count >= Self.mostKeptBack { endKeepingBack(tell) }
        } else {
            use(entry, tell)
        }
    }

    private mutating func use(_ event: ConntrackEntry, _ tell: Tell) {
        table.event(event, at: event.eventTime?.nanoseconds ?? began) { tell($0, $1) }
    }

    /// The window is over: tells what vanished without an event.
    mutating func finish(_ tell: Tell) {
        table.finish { tell($0, $1) }
    }

    /// The window breaks off: tells what was seen, without what became of it.
    mutating func abandon(_ tell: Tell) {
        endKeepingBack(tell)
        table.abandon { tell($0, nil) }
    }

    /// Connections that could not be kept, because as many were kept as may be.
    var untracked: UInt64 { table.untracked }
    /// Connections whose counters went down.
    var countersWentDown: UInt64 { table.countersWentDown }
}
