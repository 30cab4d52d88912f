import CollectorCore
import CollectorProtocol
import CollectorSystem
import Glibc
import TestSupport
import Testing

@Suite("Rules of programs that fail, hang or tell little of themselves")
struct RulesProgramTests {
    /// Runs `body` with a folder that holds a program which is this shell script, and no other.
    private func withProgram<Value>(
        _ script: String,
        named name: String = "iptables-nft-save",
        _ body: (String) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { folder in
            let program = "\(folder)/\(name)"
            try writeFile(Array("#!/bin/sh\n\(script)\n".utf8), to: program)
            guard unsafe chmod(program, 0o700) == 0 else { throw ProcessError("chmod failed") }
            return try await body(folder)
        }
    }

    /// What a reader tells that looks into one folder alone.
    private func read(
        _ folder: String,
        timeout: Int64,
        between: () throws(SamplingStop) -> Void = {}
    ) throws(SamplingStop) -> (text: String, hasLast: Bool, notices: [Notice]) {
        var text: [UInt8] = []
        var hasLast = false
        var notices: [Notice] = []
        try RulesReader(timeout: timeout, folders: [folder]).read(
            .begin,
            piece: { (piece: RulesPiece) throws(SamplingStop) in
                text += piece.text
                hasLast = piece.isLast
            },
            notice: { notices.append($0) },
            between: between
        )
        return (String(decoding: text, as: UTF8.self), hasLast, notices)
    }

    @Test("are used as far as a program printed them that failed, and its words are told")
    func failing() async throws {
        try await withProgram(
            "echo '*filter'; echo 'iptables-save: match extension not found' >&2; echo second >&2; exit 1"
        ) { folder in
            let (text, hasLast, notices) = try read(folder, timeout: 10_000_000_000)
            #expect(text == "*filter\n")
            #expect(hasLast)
            #expect(
                notices == [
                    Notice(
                        topic: .rules,
                        text:
                            "'\(folder)/iptables-nft-save -c' failed with status 1: iptables-save: match extension not found; "
                            + "what it printed is used")
                ])
        }
    }

    @Test("of a failing program do not fail the window: a notice tells it at both moments")
    func failingInAWindow() async throws {
        try await withProgram("echo '*filter'; echo 'match extension not found' >&2; exit 1") { folder in
            try await SingleHost.with { host in
                let path = "PATH=\(folder):/usr/sbin:/usr/bin:/sbin:/bin"
                let collector = try host.collector("window", "--seconds", "0.5", wrapper: ["env", path])
                let messages = try await collector.messages()
                let text =
                    "'\(folder)/iptables-nft-save -c' failed with status 1: match extension not found; what it printed is used"
                #expect(
                    messages.compactMap(\.notice).filter { $0.topic == .rules }
                        == Array(repeating: Notice(topic: .rules, text: text), count: 2))
                let rules = RulesTexts(messages)
                #expect(rules[.begin, .iptablesNFTSave] == "*filter\n")
                #expect(rules[.end, .nftListRuleset]?.hasPrefix("{\"nftables\"") == true)
                #expect(messages.last?.isEnd == true)
                #expect(try await collector.ending() == .exited(0))
            }
        }
    }

    @Test(
        "are given up where a program hangs, before, amid or after its output",
        arguments: [
            "exec sleep 60", "echo '*filter'; exec sleep 60", "echo '*filter'; exec sleep 60 >&- 2>&-",
        ])
    func hanging(_ script: String) async throws {
        try await withProgram(script) { folder in
            let began = ContinuousClock.now
            let (text, hasLast, notices) = try read(folder, timeout: 500_000_000)
            #expect(ContinuousClock.now - began < .seconds(3))
            #expect(text == (script.hasPrefix("echo") ? "*filter\n" : ""))
            #expect(hasLast)
            #expect(
                notices.map(\.text) == [
                    "'\(folder)/iptables-nft-save -c' took longer than 0.5 s and was stopped; what it printed is used"
                ])
        }
    }

    @Test("are told as they are, where a signal ended the program, or it cannot be run")
    func signalled() async throws {
        try await withProgram("kill -SEGV $$") { folder in
            let notices = try read(folder, timeout: 10_000_000_000).notices
            #expect(
                notices.map(\.text) == [
                    "'\(folder)/iptables-nft-save -c' was ended by signal 11; what it printed is used"
                ])
            try writeFile(Array("#!/nowhere/sh\n".utf8), to: "\(folder)/iptables-nft-save")
            #expect(
                try read(folder, timeout: 10_000_000_000).notices.map(\.text) == [
                    "'\(folder)/iptables-nft-save -c' could not be started: No such file or directory"
                ])
        }
    }

    @Test("are awaited in full when it is the client that takes long to read them")
    func slowClient() async throws {
        try await withProgram("head -c 200000 /dev/zero") { folder in
            var bytes = 0
            try RulesReader(timeout: 600_000_000, folders: [folder]).read(
                .begin,
                piece: { (piece: RulesPiece) throws(SamplingStop) in
                    bytes += piece.text.count
                    usleep(200_000)
                },
                notice: { Issue.record("\($0.text)") },
                between: { () throws(SamplingStop) in }
            )
            #expect(bytes == 200_000)
        }
    }

    @Test("come from an iptables-save that says it is of nf_tables, where no other name tells")
    func variantByVersion() async throws {
        let script = "[ \"$1\" = -V ] && echo 'iptables-save v1.8.9 (nf_tables)' || echo \"$1 *nat\""
        try await withProgram(script, named: "iptables-save") { folder in
            var pieces: [RulesPiece] = []
            try RulesReader(folders: [folder]).read(
                .end,
                piece: { (piece: RulesPiece) throws(SamplingStop) in pieces.append(piece) },
                notice: { Issue.record("\($0.text)") },
                between: { () throws(SamplingStop) in }
            )
            #expect(
                pieces == [
                    RulesPiece(program: .iptablesNFTSave, moment: .end, text: Array("-c *nat\n".utf8), isLast: false),
                    RulesPiece(program: .iptablesNFTSave, moment: .end, text: [], isLast: true),
                ])
        }
    }

    @Test("are left when the client is gone, though the program says nothing")
    func leftForTheClient() async throws {
        try await withProgram("exec sleep 60") { folder in
            let began = ContinuousClock.now
            var looks = 0
            #expect(throws: SamplingStop.self) {
                _ = try read(folder, timeout: 30_000_000_000) { () throws(SamplingStop) in
                    looks += 1
                    if looks > 3 { throw .clientGone }
                }
            }
            #expect(ContinuousClock.now - began < .seconds(3))
        }
    }

    @Test("of a hanging program do not keep a session whose input ended, or whose deadline passed")
    func sessionOfHangingProgram() async throws {
        try await withProgram("exec sleep 60") { folder in
            try await SingleHost.with { host in
                let path = "PATH=\(folder):/usr/sbin:/usr/bin:/sbin:/bin"
                let collector = try host.collector("session", wrapper: ["env", path])
                #expect(try await collector.next()?.isHello == true)
                collector.send { $0.write(Start(window: 1_000_000_000, deadline: 60_000_000_000)) }
                let impatient = try host.collector("session", wrapper: ["env", path])
                #expect(try await impatient.next()?.isHello == true)
                impatient.send { $0.write(Start(window: 1_000_000_000, deadline: 500_000_000)) }
                #expect(try await impatient.messages().map(\.failure?.topic) == [.deadline])
                #expect(try await impatient.ending(within: .seconds(3)) == .exited(1))
                collector.closeInput()
                #expect(try await collector.ending(within: .seconds(3)) == .exited(0))
                #expect(try await host.leftovers() == "")
            }
        }
    }
}
