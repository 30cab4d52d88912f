import CollectorProtocol
import NetModel

/// A bundle of two collectors and a file of text, with every kind of frame.
///
/// Tests/Fixtures/bundles/version-1.bundle is what this wrote when version 1 of the format was new, and stays as it is:
/// files of that version are read for ever. another-window.bundle is the same of another `seconds`.
enum SampleBundle {
    /// When the collectors of the sample began, in seconds since 1970.
    static let seconds: Int64 = 1_795_000_000

    static func bytes(seconds: Int64 = seconds) -> [UInt8] {
        bundle(identity: UInt8(truncatingIfNeeded: seconds)) { writer in
            let first = writer.begin(BundleSource(number: 0, name: "node-a", isNode: true, mode: .collector))
            let second = writer.begin(BundleSource(number: 0, name: "node-b", isNode: true, mode: .collector))
            let sessions = [firstSession(seconds: seconds), secondSession(seconds: seconds + 3)]
            // Up to the clocks, and what comes after them.
            let lengths = sessions.map { frameLengths($0).prefix(3).reduce(0, +) }
            let beginnings = zip(sessions, lengths).map { Array($0.prefix($1)) }
            let rests = zip(sessions, lengths).map { Array($0.dropFirst($1)) }
            writer.write(frames: beginnings[0], of: first)
            writer.write(frames: beginnings[1], of: second)
            writer.write(document: inventory)
            writer.write(BundleOffset(nanoseconds: 3_000_000_000, uncertainty: 200_000), of: second)
            writer.write(BundleOffset(nanoseconds: -150_000, uncertainty: 120_000), of: first)
            let text = writer.begin(BundleSource(number: 0, name: "node-c", isNode: true, mode: .text))
            writer.write(frames: EntryFrames.frames(of: textEntries).span, of: text)
            writer.write(BundleWarning(.tables, "warning: c.txt: line 3, column 1: \"?\" is not a conntrack entry"))
            writer.write(frames: rests[0], of: first)
            writer.end(text, BundleSourceEnd(malformedLines: 1, entries: UInt64(textEntries.count)))
            writer.write(frames: rests[1], of: second)
            let failure = "its collector ended before its work was done"
            writer.end(second, BundleSourceEnd(failure: failure, noticesLeftOut: 2, entries: 1))
            let rules = writer.begin(BundleSource(number: 0, name: "node-c", isNode: true, mode: .rules))
            writer.write(BundleRulesText(form: .iptablesSave, text: Array(save.utf8), isLast: true), of: rules)
            writer.end(rules, BundleSourceEnd(entries: 0))
            writer.end(first, BundleSourceEnd(entries: UInt64(windowEntries(seconds: seconds).count)))
            writer.write(BundleWarning(.inventory, "note: objects.json: 1 object of kind Secret not used"))
        }
    }

    /// A bundle with what `body` writes.
    static func bundle(identity: UInt8 = 7, _ body: (inout BundleWriter) -> Void) -> [UInt8] {
        let head = BundleHead(
            release: "v0.1.0",
            recordedAt: seconds * 1_000_000_000,
            identity: [UInt8](repeating: identity, count: 16)
        )
        var writer = BundleWriter(head)
        body(&writer)
        writer.finish()
        var bytes: [UInt8] = []
        writer.drain { written in
            for index in written.indices { bytes.append(written[index]) }
        }
        return bytes
    }

    // MARK: Collectors

    /// A session's stream: HELLO, two clocks, and what `body` writes.
    private static func session(
        _ name: String,
        seconds: Int64,
        _ body: (inout FrameStreamWriter) -> Void
    ) -> [UInt8] {
        stream { writer in
            var facts = NodeFacts(
                hostName: name, kernelRelease: "6.1.0-18-amd64", hasConntrack: true, mayAdministrate: true)
            facts.accounting = name == "node-a"
            facts.timestamps = true
            facts.eventsMode = 2
            facts.tableCount = 4
            facts.tableMaximum = 262_144
            if name == "node-b" { facts.bypassSigns = ["interface cilium_host"] }
            let clock = ClockReading(wall: seconds * 1_000_000_000, monotonic: 77_000_000_000)
            writer.write(Hello(release: "v0.1.0", clock: clock, facts: facts))
            for number: Int64 in 1...2 {
                writer.write(ClockReading(wall: clock.wall + number * 1_000_000, monotonic: clock.monotonic + number))
            }
            body(&writer)
        }
    }

    private static func firstSession(seconds: Int64) -> [UInt8] {
        session("node-a", seconds: seconds) { writer in
            writer.write(
                RulesPiece(program: .nftListRuleset, moment: .begin, text: Array(rules(hits: 3).utf8), isLast: true))
            writer.write(Notice(topic: .rules, text: "iptables-legacy-save: not found"))
            for (entry, window) in windowEntries(seconds: seconds) { writer.add(entry, window: window) }
            writer.write(
                RulesPiece(program: .nftListRuleset, moment: .end, text: Array(rules(hits: 5).utf8), isLast: true))
            var end = End()
            end.began = seconds * 1_000_000_000 + 300_000_000
            end.ended = end.began + 5_001_000_000
            end.window = 5_000_000_000
            end.losses.events = 12
            end.losses.countersWentDown = 1
            var statistics = ConntrackStatistics()
            statistics.found = 4
            statistics.invalid = 1
            statistics.insertFailed = 2
            statistics.drop = 2
            end.statistics = statistics
            statistics.earlyDrop = 3
            end.statisticsOfWindow = statistics
            end.tableCount = 4
            end.tableMaximum = 262_144
            writer.finish(end)
        }
    }

    /// A rule that dropped so many packets of 60 bytes, as `nft -j list ruleset` prints it.
    private static func rules(hits: Int) -> String {
        """
        {"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}}, \
        {"table": {"family": "inet", "name": "host", "handle": 1}}, {"chain": {"family": "inet", "table": "host", \
        "name": "input", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "accept"}}, {"rule": \
        {"family": "inet", "table": "host", "chain": "input", "handle": 2, "expr": [{"match": {"op": "==", "left": \
        {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 23}}, {"counter": {"packets": \(hits), "bytes": \
        \(hits * 60)}}, {"drop": null}]}}]}

        """
    }

    /// What a rule of kube-proxy rejected, as `iptables-save -c` prints it.
    private static let save = """
        # Generated by iptables-save v1.8.9 (nf_tables) on Mon Nov 23 03:20:18 2026
        *filter
        :FORWARD ACCEPT [0:0]
        :KUBE-SERVICES - [0:0]
        [9:540] -A FORWARD -m conntrack --ctstate NEW -j KUBE-SERVICES
        [7:420] -A KUBE-SERVICES -d 10.96.40.11/32 -p tcp -m comment --comment "shop/payments:http has no endpoints" \
        -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
        COMMIT

        """

    /// It breaks off without END.
    private static func secondSession(seconds: Int64) -> [UInt8] {
        session("node-b", seconds: seconds) { writer in
            writer.write(Notice(topic: .accounting, text: "net.netfilter.nf_conntrack_acct is 0"))
            for (entry, window) in windowEntries(seconds: seconds).prefix(1) { writer.add(entry, window: window) }
            // What is left of entries is written before a failure, which is cut off here.
            writer.writeFailure(Notice(topic: .deadline, text: "not kept"))
        }.dropLastFrame
    }

    // MARK: Entries

    static func windowEntries(seconds: Int64) -> [(ConntrackEntry, WindowObservation)] {
        let began = Timestamp(nanoseconds: (seconds - 60) * 1_000_000_000)
        var service = entry("10.244.1.2", 37254, "10.96.61.76", 80, .tcp)
        service.reply.source = address("10.244.2.3")
        service.reply.sourcePort = 8080
        service.state = .established
        service.status = [.assured, .seenReply]
        service.originalCounters = Counters(packets: 14, bytes: 811)
        service.replyCounters = Counters(packets: 13, bytes: 103_275)
        service.timeout = 86_391
        service.mark = 0
        service.start = began
        var carried = WindowObservation(marks: [.inFirstDump, .inSecondDump, .refreshed])
        carried.original = Counters(packets: 4, bytes: 211)
        carried.reply = Counters(packets: 3, bytes: 3275)
        carried.stateBefore = .established

        var version6 = entry("fd00:244:1::2", 40_000, "fd00:244:2::3", 8080, .tcp)
        version6.state = .timeWait
        version6.status = [.assured, .seenReply]
        version6.originalCounters = Counters(packets: 5, bytes: 500)
        version6.replyCounters = .zero
        version6.timeout = 119
        version6.start = began
        let opened = WindowObservation(
            marks: [.newEvent, .inSecondDump], original: version6.originalCounters, reply: .zero)

        var refused = entry("10.244.1.2", 41_006, "10.244.2.9", 7001, .tcp)
        refused.event = .destroy
        refused.state = .close
        refused.start = began
        refused.stop = Timestamp(nanoseconds: began.nanoseconds + 61_000_000_000)
        refused.zone = 5
        refused.mark = 0x10
        let gone = WindowObservation(marks: [.newEvent, .destroyEvent])

        var echo = entry("10.244.1.2", 77, "10.244.2.3", 8 << 8, .icmp)
        echo.timeout = 29
        return [
            (service, carried), (version6, opened), (refused, gone), (echo, WindowObservation(marks: .inFirstDump)),
        ]
    }

    /// IPv4 and IPv6 in turns: their order is kept.
    static let textEntries: [ConntrackEntry] = {
        var first = entry("10.244.3.2", 5002, "203.0.113.9", 53, .udp)
        first.originalCounters = Counters(packets: 1, bytes: 60)
        first.replyCounters = Counters(packets: 1, bytes: 120)
        first.timeout = 20
        first.mark = 0
        var second = entry("fd00:244:3::2", 5003, "2001:db8::9", 443, .tcp)
        second.event = .new
        second.state = .synSent
        second.timeout = 120
        second.eventTime = Timestamp(nanoseconds: seconds * 1_000_000_000)
        var third = entry("10.244.3.2", 5004, "203.0.113.9", 53, .udp)
        third.ageSeconds = 12
        return [first, second, third]
    }()

    private static func entry(
        _ source: String,
        _ sourcePort: UInt16,
        _ destination: String,
        _ destinationPort: UInt16,
        _ transport: TransportProtocol
    ) -> ConntrackEntry {
        let original = Tuple(
            source: address(source),
            sourcePort: sourcePort,
            destination: address(destination),
            destinationPort: destinationPort,
            transport: transport
        )
        return ConntrackEntry(original: original, reply: original.inverted)
    }

    private static func address(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(ipv4: 0) }

    // MARK: Inventory

    static let inventory = """
        {"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-a"},\
        "status":{"addresses":[{"type":"InternalIP","address":"10.99.0.11"}]}},{"apiVersion":"v1","kind":"Node",\
        "metadata":{"name":"node-b"},"status":{"addresses":[{"type":"InternalIP","address":"10.99.0.12"}]}},\
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"frontend","namespace":"shop"},"spec":{"nodeName":"node-a"},\
        "status":{"podIPs":[{"ip":"10.244.1.2"},{"ip":"fd00:244:1::2"}]}},{"apiVersion":"v1","kind":"Pod",\
        "metadata":{"name":"backend","namespace":"shop"},"spec":{"nodeName":"node-b"},"status":{"podIPs":[{"ip":\
        "10.244.2.3"},{"ip":"fd00:244:2::3"}]}},{"apiVersion":"v1","kind":"Service","metadata":{"name":"backend",\
        "namespace":"shop"},"spec":{"clusterIPs":["10.96.61.76"],"ports":[{"name":"http","port":80,"protocol":"TCP"}]}}]}

        """
}

extension BundleWriter {
    /// Writes frames that an array holds.
    mutating func write(frames: [UInt8], of source: Int) {
        write(frames: frames.span, of: source)
    }

    /// Writes a whole inventory.
    mutating func write(document: String) {
        write(BundleInventoryPiece(text: Array(document.utf8), isLast: true, isEnd: true))
    }
}

/// The lengths of whole frames, one after the other.
func frameLengths(_ bytes: [UInt8]) -> [Int] {
    var lengths: [Int] = []
    var position = 0
    while position + 4 <= bytes.count {
        let length = (0..<4).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) } + StreamFormat.frameOverhead
        lengths.append(length)
        position += length
    }
    return lengths
}

extension [UInt8] {
    /// Whole frames without the last.
    fileprivate var dropLastFrame: [UInt8] { Array(dropLast(frameLengths(self).last ?? 0)) }
}
