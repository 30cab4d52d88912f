import CollectorCore
import CollectorProtocol
import Conntrack
import Glibc
import NetModel

/// The node that this process runs on.
final class LinuxNode: NodeAccess {
    private let watchesInput: Bool
    private var events: Subscription?
    private var accounting: AccountingProcess?
    private let table = ConntrackTable()

    /// A box, since a subscription cannot be copied.
    private final class Subscription {
        var events: ConntrackEvents

        init(buffer: Int) throws(ConntrackError) { events = try ConntrackEvents(bufferSize: buffer) }
    }

    /// - Parameter watchesInput: whether `wait` ends when the client says something.
    init(watchesInput: Bool) {
        self.watchesInput = watchesInput
    }

    func clock() -> ClockReading { Clocks.read() }

    func facts() -> NodeFacts { NodeFactsReader.read() }

    // MARK: Conntrack

    func openEvents(buffer: Int) throws(SamplingStop) {
        do throws(ConntrackError) {
            events = try Subscription(buffer: buffer)
        } catch {
            throw .failed(KernelRefusal.notice(error))
        }
    }

    func receiveEvents(_ body: (ConntrackEntry) -> Void) throws(SamplingStop) -> EventReceipt {
        guard let events else { return EventReceipt(events: 0, overran: false, undecodable: 0, isDrained: true) }
        let now = Timestamp(nanoseconds: Clocks.read().wall)
        do throws(ConntrackError) {
            let reception = try events.events.receive { entry in
                var entry = entry
                if entry.eventTime == nil { entry.eventTime = now }
                body(entry)
            }
            return EventReceipt(
                events: reception.events,
                overran: reception.overruns > 0,
                undecodable: reception.undecodable,
                isDrained: reception.isDrained
            )
        } catch {
            throw .failed(KernelRefusal.notice(error))
        }
    }

    func closeEvents() { events = nil }

    func dump(
        _ body: (ConntrackEntry) -> Void,
        between: () throws(SamplingStop) -> Void
    ) throws(SamplingStop) -> DumpReceipt {
        var stop: SamplingStop?
        let summary: DumpSummary
        do throws(ConntrackError) {
            summary = try table.dump(
                entry: body,
                between: {
                    do throws(SamplingStop) {
                        try between()
                        return true
                    } catch {
                        stop = error
                        return false
                    }
                }
            )
        } catch {
            throw .failed(KernelRefusal.notice(error))
        }
        if let stop { throw stop }
        return DumpReceipt(wasInterrupted: summary.wasInterrupted, undecodable: summary.undecodable)
    }

    func statistics() -> ConntrackStatistics? { try? table.statistics() }

    // MARK: The rest

    func readRules(
        _ moment: RulesPiece.Moment,
        piece: (RulesPiece) throws(SamplingStop) -> Void,
        notice: (Notice) -> Void,
        between: () throws(SamplingStop) -> Void
    ) throws(SamplingStop) {
        try RulesReader().read(moment, piece: piece, notice: notice, between: between)
    }

    func enableAccounting() -> Notice? {
        guard accounting == nil else { return nil }
        switch AccountingProcess.start() {
        case .success(let process):
            accounting = process
            return nil
        case .failure(let problem):
            return Notice(topic: .accounting, text: "accounting is not switched on: \(problem.text)")
        }
    }

    /// Switches accounting back, and waits until it is.
    func restore() {
        accounting?.end()
        accounting = nil
    }

    func wait(until moment: Int64) {
        let now = Clocks.monotonic
        guard now < moment else { return }
        let remaining = moment - now
        var wanted = [
            pollfd(fd: events?.events.fileDescriptor ?? -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: watchesInput ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
        ]
        _ = unsafe poll(&wanted, 2, Int32(min(remaining / 1_000_000 + 1, 60_000)))
    }
}
