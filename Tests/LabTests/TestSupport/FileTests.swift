import TestSupport
import Testing

@Suite("Files of tests")
struct FilesOfTests {
    @Test("a temporary folder is private, and gone after the body")
    func temporaryDirectory() async throws {
        let path = try await withTemporaryDirectory { directory in
            #expect(try await run("stat", ["-c", "%a", directory]).outputText == "700\n")
            try makeDirectory(directory + "/inner")
            try writeFile("x".utf8, to: directory + "/inner/file")
            #expect(try directoryContents(directory) == ["inner"])
            return directory
        }
        #expect(!fileExists(path))
    }

    @Test("a temporary folder is gone when the body throws, and what it links to stays")
    func temporaryDirectoryThrows() async throws {
        try await withTemporaryDirectory { outer in
            try writeFile("kept".utf8, to: outer + "/kept")
            var path = ""
            await #expect(throws: Failure.self) {
                try await withTemporaryDirectory { directory in
                    path = directory
                    _ = try await run("ln", ["-s", outer, directory + "/link"])
                    throw Failure()
                }
            }
            #expect(path != "" && !fileExists(path))
            #expect(try readText(outer + "/kept") == "kept")
        }
    }

    @Test("a file keeps every byte")
    func bytes() async throws {
        try await withTemporaryDirectory { directory in
            let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
            try writeFile(bytes, to: directory + "/file")
            #expect(try readFile(directory + "/file") == bytes)
            try writeFile([], to: directory + "/file")
            #expect(try readFile(directory + "/file") == [])
        }
    }

    @Test("an error names the file and the reason")
    func missing() throws {
        let error = #expect(throws: FileError.self) { try readFile("/nonexistent/file") }
        #expect(error?.description == "cannot read /nonexistent/file: No such file or directory")
    }

    @Test("the repository is the folder with Package.swift, and its build has the plugin")
    func places() async throws {
        #expect(fileExists(Repository.path("Package.swift")))
        #expect(try BuiltExecutable.kubectlNetviz().hasSuffix("/kubectl-netviz"))
        #expect(throws: BuiltExecutable.NotBuilt.self) { try BuiltExecutable.named("no-such-program") }
    }
}

@Suite("Golden files")
struct GoldenFiles {
    @Test("an equal text is no problem")
    func equal() async throws {
        try await withTemporaryDirectory { directory in
            try writeFile("one\n".utf8, to: directory + "/golden")
            #expect(goldenProblem("one\n", at: directory + "/golden", updating: false) == nil)
        }
    }

    @Test("another text is shown by its lines, and the file stays")
    func different() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/golden"
            try writeFile("one\ntwo\n".utf8, to: path)
            let problem = try #require(goldenProblem("one\n2\n", at: path, updating: false))
            #expect(problem.contains("\n one\n-two\n+2\n"))
            #expect(try readText(path) == "one\ntwo\n")
        }
    }

    @Test("a rewritten file is a problem once")
    func updated() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/golden"
            #expect(goldenProblem("new\n", at: path, updating: true)?.contains("was rewritten") == true)
            let rewritten = try readText(path)
            #expect(rewritten == "new\n")
            #expect(goldenProblem("new\n", at: path, updating: true) == nil)
        }
    }

    @Test("a missing file is a problem")
    func missing() {
        #expect(goldenProblem("x", at: "/nonexistent/golden", updating: false)?.contains("does not exist") == true)
    }

    @Test("texts that differ only in Unicode normalisation differ")
    func normalisation() async throws {
        try await withTemporaryDirectory { directory in
            try writeFile("\u{E9}".utf8, to: directory + "/golden")
            #expect(goldenProblem("e\u{301}", at: directory + "/golden", updating: false) != nil)
        }
    }

    @Test("a difference shows three lines around and leaves the rest out")
    func context() {
        let old = (1...20).map(String.init)
        var new = old
        new[9] = "ten"
        let shown = lineDifference(expected: old.joined(separator: "\n"), actual: new.joined(separator: "\n"))
        #expect(shown == "…\n 7\n 8\n 9\n-10\n+ten\n 11\n 12\n 13\n…")
        #expect(lineDifference(expected: "a\n", actual: "a\n") == "")
        #expect(lineDifference(expected: "a\n", actual: "a") == " a\n-")
    }
}
