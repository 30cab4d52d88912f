import TestSupport
import Testing

@Suite("A damaged bundle, given to a command", .serialized)
struct DamagedBundleFlowTests {
    /// A bundle of the recorded cluster.
    private func bundle() async throws -> [UInt8] {
        try await withTemporaryDirectory { directory in
            let input = RecordedCluster.tables() + RecordedCluster.inventory
            _ = try await netviz(["flows"] + input + ["--record", "a"], in: directory)
            return try readFile(directory + "/a")
        }
    }

    private func flows(of bytes: [UInt8], _ flags: String...) async throws -> CommandResult {
        try await withTemporaryDirectory { directory in
            try writeFile(bytes, to: directory + "/a")
            return try await netviz(["flows", "--from", "a"] + flags, in: directory)
        }
    }

    @Test("is used as far as it is good, and then told with the place and the reason; exit code 2")
    func cuts() async throws {
        let whole = try await bundle()
        var mostFlows = 0
        for cut in [
            1, 8, 9, 997, whole.count / 3, whole.count / 2, whole.count - 300, whole.count - 30, whole.count - 1,
        ] {
            let result = try await flows(of: Array(whole[..<cut]), "-o", "json", "--group-by", "connection")
            #expect(result.status == .exited(2), "cut at \(cut): \(result.errorText)")
            let message = try #require(result.errorLines.last { $0.hasPrefix("error: a: byte ") })
            let pattern =
                /error: a: byte (\d+): the file ends (?:after \d+ bytes? of a frame|before the recording does)/
            let match = try #require(try pattern.wholeMatch(in: message), "\(message)")
            let offset = try #require(Int(match.1))
            #expect(offset <= cut)
            let list = try JSONValue(parsing: result.output)
            mostFlows = max(mostFlows, list["items"]?.array?.count ?? 0)
        }
        #expect(mostFlows == 257)
    }

    @Test("tells which nodes are incomplete")
    func incomplete() async throws {
        let whole = try await bundle()
        let result = try await flows(of: Array(whole[..<(whole.count - 30)]), "-o", "json")
        let list = try JSONValue(parsing: result.output)
        // The end of the second table is in the last bytes.
        #expect(list["coverage"]?["nodes_covered"]?.integer ?? 0 <= 1)
        #expect(
            list["coverage"]?["nodes_skipped"]
                == [["node": "tbn2", "reason": "its recording is cut off or damaged; what came before that is shown"]])
    }

    @Test("by a changed byte is told too")
    func changed() async throws {
        var bytes = try await bundle()
        bytes[bytes.count / 2] ^= 0x10
        let result = try await flows(of: bytes)
        #expect(result.status == .exited(2))
        #expect(result.errorText.contains(/error: a: byte \d+: the checksum of the frame is wrong\n/))
        #expect(result.errorLines.last == "What came before that was used.")
    }

    @Test("in which nothing is left is told with both reasons; the file's decides the exit code")
    func nothingLeft() async throws {
        let result = try await flows(of: Array(try await bundle()[..<8]), "-o", "json")
        #expect(result.status == .exited(2))
        #expect(
            result.errorLines == [
                "error: nothing was observed on any node", "error: a: byte 8: the file ends before the recording does",
                "What came before that was used.",
            ])
    }

    @Test("of a newer version is refused as a whole, with what to do")
    func newer() async throws {
        // BUNDLE with version 2 and its checksum.
        let bytes: [UInt8] = [
            0x89, 0x6E, 0x65, 0x74, 0x76, 0x69, 0x7A, 0x0A, 2, 0, 0, 0, 64, 8, 2, 0xF6, 0xBF, 0x0C, 0xA9,
        ]
        let result = try await flows(of: bytes)
        #expect(result.status == .exited(2))
        #expect(result.outputText == "")
        #expect(
            result.errorLines == [
                "error: cannot read a: it is of version 2 of the format, newer than 1, the newest that is understood",
                "Update kubectl-netviz to read it.",
            ], "\(result.errorText)")
    }
}
