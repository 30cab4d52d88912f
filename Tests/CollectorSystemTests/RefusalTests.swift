import CollectorProtocol
import CollectorSystem
import Conntrack
import Glibc
import TestSupport
import Testing

@Suite("A node on which the collector cannot see")
struct RefusalTests {
    @Test("tells of an empty table why that may be")
    func emptyTable() async throws {
        try await SingleHost.with { host in
            let collector = try host.collector("snapshot", "--no-rules")
            let messages = try await collector.messages()
            #expect(messages.map(\.word) == ["HELLO", "NOTICE", "END"])
            #expect(
                messages[1].notice
                    == Notice(
                        topic: .emptyTable,
                        text:
                            "the kernel tracks only where a packet filter rule or NAT of this network namespace asks for it"
                    ))
            #expect(messages.last?.end?.entries == 0)
            #expect(messages.last?.end?.tableCount == 0)
        }
    }

    @Test("without CAP_NET_ADMIN names the capability and what to do, and ends with code 1; kubectl netviz with 3")
    func withoutCapability() async throws {
        try await SingleHost.with { host in
            let wrapper = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--"]
            let reason =
                "needs CAP_NET_ADMIN in the network namespace's user namespace: run as root (sudo), or give the container "
                + "that capability"
            for (command, request) in [
                (["snapshot"], "reading the connection tracking table"),
                (["window", "--seconds", "1"], "listening to connection tracking events"),
            ] {
                let collector = try CollectorProcess(of: host.lab, command + ["--no-rules"], wrapper: wrapper)
                let messages = try await collector.messages()
                #expect(messages.map(\.word) == ["HELLO", "FAILURE"])
                if case .hello(let hello)? = messages.first { #expect(!hello.facts.mayAdministrate) }
                let failure = try #require(messages.last?.failure)
                #expect(failure.topic == .permission)
                #expect(failure.text.hasSuffix(reason))
                #expect(try await collector.ending() == .exited(1))
                #expect(collector.errorText() == "error: \(failure.text)\n")
                #expect(failure.text.hasPrefix(request), "\(failure.text)")
            }
            let netviz = try BuiltExecutable.kubectlNetviz()
            let result = try await host.lab.run(
                on: NetworkLab.router,
                wrapper[0],
                Array(wrapper.dropFirst()) + [netviz, "flows", "--local", "--window", "1s"]
            )
            #expect(result.status == .exited(3))
            #expect(result.errorText.contains(reason))
            #expect(result.outputText == "")
        }
    }

    /// Runs what follows where something is laid over a folder of /proc.
    private func hiding(_ folder: String) -> [String] {
        ["unshare", "--mount", "sh", "-c", "mount -t tmpfs none \(folder) && exec \"$@\"", "sh"]
    }

    @Test("without the sysctls asks the kernel itself for the table's size, and accounting is not switched on")
    func withoutSysctls() async throws {
        try await SingleHost.with { host in
            try await host.manyEntries(3)
            let wrapper = hiding("/proc/sys/net")
            let collector = try host.collector("snapshot", "--no-rules", "--enable-accounting", wrapper: wrapper)
            let messages = try await collector.messages()
            #expect(messages.map(\.word) == ["HELLO", "NOTICE", "ENTRIES", "END"])
            guard case .hello(let hello)? = messages.first else { return }
            #expect(hello.facts.hasConntrack)
            #expect(hello.facts.tableCount == 3)
            let maximum = try await host.run("cat", "/proc/sys/net/netfilter/nf_conntrack_max").split(separator: "\n")
            #expect(hello.facts.tableMaximum == UInt32(maximum.joined()))
            #expect(hello.facts.accounting == nil)
            #expect(hello.facts.timestamps == nil)
            #expect(hello.facts.eventsMode == nil)
            #expect(
                messages[1].notice
                    == Notice(
                        topic: .accounting,
                        text:
                            "accounting is not switched on: /proc/sys/net/netfilter/nf_conntrack_acct cannot be read: "
                            + "No such file or directory"
                    ))
            #expect(messages.last?.end?.tableCount == 3)
            #expect(try await host.leftovers() == "")

            let arguments = ["flows", "--local", "--window", "0.5s", "--all", "-o", "csv", "--no-headers"]
            let netviz = wrapper.dropFirst() + [try BuiltExecutable.kubectlNetviz()] + arguments
            let result = try await host.lab.run(on: NetworkLab.router, wrapper[0], Array(netviz))
            #expect(result.status == .exited(0))
            #expect(!result.errorText.contains("no connection tracking"), "\(result.errorText)")
            #expect(result.errorText.contains("1 of 1 node"), "\(result.errorText)")
            #expect(result.outputText.contains("192.0.2.1"))
        }
    }

    @Test("without the sysctls and an answer of the kernel is told as one without connection tracking")
    func withoutSysctlsAndRights() async throws {
        try await SingleHost.with { host in
            let wrapper = hiding("/proc/sys/net") + ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all", "--"]
            let collector = try host.collector("snapshot", "--no-rules", wrapper: wrapper)
            let messages = try await collector.messages()
            #expect(messages.map(\.word) == ["HELLO", "FAILURE"])
            guard case .hello(let hello)? = messages.first else { return }
            #expect(!hello.facts.hasConntrack)
            #expect(hello.facts.tableCount == nil)
            #expect(hello.facts.tableMaximum == nil)
        }
    }

    @Test(
        "without /proc says that the command line cannot be read",
        arguments: [
            ("netviz-collector", ["window", "--seconds", "1"]), ("kubectl-netviz", ["flows", "--local"]),
        ],
        ["umount -l /proc", "mount -t tmpfs none /proc"]
    )
    func withoutProc(_ program: (name: String, arguments: [String]), _ hiding: String) async throws {
        let script = "\(hiding) && exec \"$@\""
        let result = try await run(
            "unshare",
            ["--mount", "sh", "-c", script, "sh", try BuiltExecutable.named(program.name)] + program.arguments
        )
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(result.errorText == "error: /proc is not mounted, so the command line cannot be read\n")
    }

    @Test(
        "is told in words that name what was asked, why it failed, and what helps",
        arguments: [
            (
                ConntrackError(.permissionDenied, .dumpTable, errorNumber: EPERM), Notice.Topic.permission,
                "reading the connection tracking table needs CAP_NET_ADMIN in the network namespace's user namespace: run "
                    + "as root (sudo), or give the container that capability"
            ),
            (
                ConntrackError(.unavailable, .dumpTable, errorNumber: EINVAL), .noConntrack,
                "reading the connection tracking table is not possible: this kernel has no connection tracking over "
                    + "netlink (modules nf_conntrack and nf_conntrack_netlink)"
            ),
            (
                ConntrackError(.unavailable, .openSocket, errorNumber: EPROTONOSUPPORT), .noConntrack,
                "opening a netlink socket is not possible: this kernel has no connection tracking over netlink (modules "
                    + "nf_conntrack and nf_conntrack_netlink)"
            ),
            (
                ConntrackError(.timedOut, .dumpTable), .conntrack,
                "reading the connection tracking table failed: the kernel did not answer in time"
            ),
            (
                ConntrackError(.malformedAnswer, .readStatistics), .conntrack,
                "reading the connection tracking statistics failed: the kernel's answer cannot be read"
            ),
            (
                ConntrackError(.system, .subscribe, errorNumber: ENOMEM), .conntrack,
                "listening to connection tracking events failed: Cannot allocate memory"
            ),
        ]
    )
    func refusals(_ error: ConntrackError, _ topic: Notice.Topic, _ text: String) {
        #expect(KernelRefusal.notice(error) == Notice(topic: topic, text: text))
    }
}
