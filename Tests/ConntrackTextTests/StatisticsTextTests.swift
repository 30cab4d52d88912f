import ConntrackText
import NetModel
import Testing

@Suite("The statistics that 'conntrack -S' prints")
struct StatisticsTextTests {
    private func read(_ text: String) -> ConntrackStatistics? {
        ConntrackStatistics(text: Array(text.utf8).span)
    }

    @Test("are summed over the processors")
    func sum() {
        let text = """
            cpu=0   \tfound=1 invalid=2 insert=0 insert_failed=3 drop=4 early_drop=5 error=6 search_restart=7 \
            clash_resolve=8 chaintoolong=9 \ncpu=1   \tfound=10 invalid=20 insert=0 insert_failed=30 drop=40 \
            early_drop=50 error=60 search_restart=70 clash_resolve=80 chaintoolong=90 \n
            """
        var expected = ConntrackStatistics()
        expected.found = 11
        expected.invalid = 22
        expected.insertFailed = 33
        expected.drop = 44
        expected.earlyDrop = 55
        expected.icmpError = 66
        expected.searchRestart = 77
        expected.clashResolve = 88
        expected.chainTooLong = 99
        #expect(read(text) == expected)
    }

    @Test("may hold words of other kernels, and lack some")
    func otherKernels() {
        #expect(read("cpu=0 searched=7 found=2 new=9 drop=1\n")?.drop == 1)
        #expect(read("cpu=0 found=0")?.earlyDrop == 0)
    }

    @Test("stay at the largest number rather than wrap round")
    func overflow() {
        #expect(read("cpu=0 drop=18446744073709551615\ncpu=1 drop=2\n")?.drop == .max)
    }

    @Test(
        "are refused when a line is something else",
        arguments: [
            "", "\n", "cpu=0 found=1\ntcp 6 src=10.0.0.1", "cpu=0 drop=-1", "cpu=0 drop=18446744073709551616",
            "cpu=0 drop", "cpu=", "ipv4 2 tcp 6 117 cpu=0", "found=1",
        ]
    )
    func refused(_ text: String) {
        #expect(read(text) == nil)
    }
}
