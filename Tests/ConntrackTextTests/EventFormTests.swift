import ConntrackText
import NetModel
import Testing

/// The forms of `conntrack -E`. The lines are its own output.
@Suite("A line of events")
struct EventFormTests {
    @Test("says what happened, and without -o timestamp not when")
    func kinds() throws {
        let new = try entry(
            "    [NEW] tcp      6 120 SYN_SENT src=fd00:99::1 dst=fd00:99::2 sport=33118 dport=8081 [UNREPLIED] src=fd00:99::2 dst=fd00:99::1 sport=8081 dport=33118"
        )
        #expect(new.event == .new)
        #expect(new.state == .synSent)
        #expect(new.status == [])
        #expect(new.timeout == 120)
        #expect(new.eventTime == nil)
        let update = try entry(
            " [UPDATE] udp      17 30 src=10.99.0.1 dst=10.99.0.2 sport=56212 dport=5353 src=10.99.0.2 dst=10.99.0.1 sport=5353 dport=56212"
        )
        #expect(update.event == .update)
        #expect(update.status == [.seenReply])
        #expect(update.mark == nil)
        let destroy = try entry(
            "[DESTROY] tcp      6 117 TIME_WAIT src=10.99.0.1 dst=10.99.0.2 sport=54094 dport=8080 packets=6 bytes=323 src=10.99.0.2 dst=10.99.0.1 sport=8080 dport=54094 packets=4 bytes=219 [ASSURED] delta-time=2 [USERSPACE] portid=2550279263 progname=conntrack"
        )
        #expect(destroy.event == .destroy)
        #expect(destroy.originalCounters == Counters(packets: 6, bytes: 323))
        #expect(destroy.replyCounters == Counters(packets: 4, bytes: 219))
        #expect(destroy.ageSeconds == 2)
    }

    @Test("of older kernels, where a destroyed entry has no timeout and no state")
    func destroyWithoutTimeout() throws {
        let entry = try entry(
            "[DESTROY] tcp      6 src=10.0.0.1 dst=10.0.0.2 sport=5 dport=6 src=10.0.0.2 dst=10.0.0.1 sport=6 dport=5 [ASSURED]"
        )
        #expect(entry.timeout == nil)
        #expect(entry.state == nil)
        #expect(entry.status == [.seenReply, .assured])
    }

    @Test("with -o timestamp,id,extended,ktimestamp has time and id")
    func allOptions() throws {
        let entry = try entry(
            "[1795435440.321575]\t[DESTROY] ipv4     2 icmp     1 29 src=10.99.0.1 dst=10.99.0.2 type=8 code=0 id=7211 "
                + "packets=1 bytes=84 src=10.99.0.2 dst=10.99.0.1 type=0 code=0 id=7211 packets=1 bytes=84 "
                + "delta-time=0 [start=Mon Nov 23 12:04:00 2026] [stop=Mon Nov 23 12:04:00 2026] id=1100363681 "
                + "[USERSPACE] portid=4125241268"
        )
        #expect(entry.event == .destroy)
        #expect(entry.eventTime == Timestamp(nanoseconds: 1_795_435_440_321_575_000))
        #expect(entry.id == 1_100_363_681)
        #expect(entry.start == nil)
        #expect(entry.stop == nil)
    }

    @Test("has microseconds that are padded with zeros before, or in older versions with blanks after")
    func paddedTimes() throws {
        let rest =
            "    [NEW] udp      17 30 src=10.0.0.1 dst=10.0.0.2 sport=5 dport=6 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=6 dport=5"
        #expect(try entry("[1795435440.000042]\t\(rest)").eventTime?.nanoseconds == 1_795_435_440_000_042_000)
        #expect(try entry("[1795435440.42    ]\t\(rest)").eventTime?.nanoseconds == 1_795_435_440_000_042_000)
    }
}
