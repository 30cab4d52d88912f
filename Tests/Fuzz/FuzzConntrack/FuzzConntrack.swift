import Conntrack
import NetModel

/// libFuzzer's entry: any bytes are a datagram of a dump, of events, of statistics; what is counted is what was given.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzConntrack(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe UnsafeBufferPointer(start: start, count: count)
    let bytes = unsafe Array(input)

    var dump = DumpReading()
    var dumped: [ConntrackEntry] = []
    var isEnded = false
    do throws(ConntrackError) {
        isEnded = try unsafe !dump.read(bytes.span.bytes) { dumped.append($0) }
    } catch {
        isEnded = true
    }
    precondition(dump.summary.entries == dumped.count, "entries of a dump are counted wrongly")

    var reading = EventReading()
    var events: [ConntrackEntry] = []
    unsafe reading.read(bytes.span.bytes) { events.append($0) }
    precondition(reading.events == events.count, "events are counted wrongly")
    precondition(reading.events + reading.undecodable <= bytes.count / 16 + 1, "more messages than fit are counted")
    // A header is all that a dump ends with; up to there both see the same entries.
    if !isEnded {
        let news = events.filter { $0.event != .destroy }
        precondition(news.count == dumped.count, "an entry of a dump is none as an event")
        for (event, entry) in zip(news, dumped) {
            var event = event
            event.event = nil
            precondition(event == entry, "an entry says something else as an event")
        }
    }

    var statistics = StatisticsReading()
    _ = try? unsafe statistics.read(bytes.span.bytes)
    _ = try? unsafe SizeReading.size(bytes.span.bytes)
    return 0
}
