import CNetworkNamespace
import Conntrack
import Testing

@Suite("What the kernel refuses")
struct ErrorTests {
    /// The message of the error that `body` throws in a thread without CAP_NET_ADMIN.
    private func refusal(_ body: () throws(ConntrackError) -> Void) throws -> String {
        try inNewNamespace {
            let failure = network_namespace_administrate(0)
            #expect(failure == 0)
            defer {
                let restored = network_namespace_administrate(1)
                precondition(restored == 0, "later tests would lack CAP_NET_ADMIN")
            }
            do throws(ConntrackError) {
                try body()
                return "not refused"
            } catch {
                #expect(error.code == .permissionDenied)
                #expect(error.errorNumber == 1)
                return error.description
            }
        }
    }

    @Test("without CAP_NET_ADMIN is said so, for each request")
    func permission() throws {
        let rest = "not permitted; CAP_NET_ADMIN is needed in the network namespace"
        let table = ConntrackTable()
        #expect(
            try refusal { () throws(ConntrackError) in _ = try table.dump(entry: { _ in }) }
                == "cannot read the conntrack table: \(rest)"
        )
        #expect(
            try refusal { () throws(ConntrackError) in _ = try table.statistics() }
                == "cannot read the conntrack statistics: \(rest)"
        )
        #expect(
            try refusal { () throws(ConntrackError) in _ = try table.size() }
                == "cannot read the size of the conntrack table: \(rest)"
        )
        #expect(
            try refusal { () throws(ConntrackError) in _ = try ConntrackEvents(bufferSize: 1000) }
                == "cannot subscribe to conntrack events: \(rest)"
        )
    }

    @Test(
        "is told by its error number",
        arguments: [
            (-22, "cannot read the conntrack table: the kernel has no ctnetlink; load the module nf_conntrack_netlink"),
            (-95, "cannot read the conntrack table: the kernel has no ctnetlink; load the module nf_conntrack_netlink"),
            (-16, "cannot read the conntrack table: Device or resource busy"),
            (22, "cannot read the conntrack table: the kernel's answer is malformed"),
            (Int32.min, "cannot read the conntrack table: the kernel's answer is malformed"),
        ]
    )
    func numbers(number: Int32, message: String) {
        #expect(DecodedDump([Message.error(number)]).error?.description == message)
        #expect(DecodedDump([Message.done(number)]).error?.description == message)
    }

    @Test("after some entries leaves these")
    func midway() {
        let decoded = DecodedDump([Message.entry(), Message.done(-12)])
        #expect(decoded.entries.count == 1)
        #expect(decoded.summary.entries == 1)
        #expect(!decoded.summary.isComplete)
        #expect(decoded.error == ConntrackError(.system, .dumpTable, errorNumber: 12))
    }

    @Test("is not the end of a dump that ends well, with the error number 0 or without any")
    func end() {
        for done in [Message.done(0), Message.header(type: 3, payload: [])] {
            let decoded = DecodedDump([Message.entry(), done])
            #expect(decoded.error == nil)
            #expect(decoded.summary.isComplete)
        }
    }

    @Test("is not a table that changes under the dump, which is told")
    func interrupted() {
        // NLM_F_MULTI and NLM_F_DUMP_INTR
        let decoded = DecodedDump([Message.entry(flags: 0x12), Message.done(0)])
        #expect(decoded.entries.count == 1)
        #expect(decoded.summary.wasInterrupted)
        #expect(!DecodedDump([Message.entry(flags: 0x02), Message.done(0)]).summary.wasInterrupted)
    }
}
