import Conntrack
import NetModel
import Testing

@Suite("The table's own numbers")
struct StatisticsTests {
    @Test("are those of `conntrack -S`, over all processors")
    func statistics() throws {
        let (statistics, text) = try inNewNamespace {
            try track()
            try talk("udp4", "tcp", "invalid", "invalid", "invalid")
            return (try ConntrackTable().statistics(), try shell("conntrack -S"))
        }
        func printed(_ name: String) -> UInt64 {
            String(decoding: text, as: UTF8.self).split { $0 == " " || $0 == "\n" || $0 == "\t" }
                .filter { $0.hasPrefix("\(name)=") }
                .compactMap { UInt64($0.dropFirst(name.count + 1)) }
                .reduce(0, +)
        }
        #expect(statistics.invalid >= 3)
        #expect(statistics.found == printed("found"))
        #expect(statistics.invalid == printed("invalid"))
        #expect(statistics.insertFailed == printed("insert_failed"))
        #expect(statistics.drop == printed("drop"))
        #expect(statistics.earlyDrop == printed("early_drop"))
        #expect(statistics.icmpError == printed("error"))
        #expect(statistics.searchRestart == printed("search_restart"))
        #expect(statistics.clashResolve == printed("clash_resolve"))
        #expect(statistics.chainTooLong == printed("chaintoolong"))
    }

    @Test("are how many entries there are and may be")
    func size() throws {
        let (size, maximum) = try inNewNamespace {
            let library = try LibraryHandle()
            for port in 1...UInt16(7) { try library.create(17, sourcePort: port, destinationPort: 1) }
            return (try ConntrackTable().size(), try shell("cat /proc/sys/net/netfilter/nf_conntrack_max"))
        }
        #expect(size.count == 7)
        #expect(size.maximum == UInt32(String(decoding: maximum, as: UTF8.self).dropLast()))
    }
}
