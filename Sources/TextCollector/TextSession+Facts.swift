import CollectorProtocol
import ConntrackText
import NetModel

extension TextSession {
    /// Finds out which programs there are, and what they and the node's files say.
    func readFacts() async throws(TextStop) {
        async let files = result(of: NodeFiles.command)
        let version = await result(of: ConntrackProgram.version)
        let read = await files
        try checkIsWanted()
        switch version {
        case .success(let run):
            facts.textSource = .conntrack
            self.version = ConntrackProgram.Version(String(decoding: run.output, as: UTF8.self))
        case .failure(.unavailable):
            // Whatever cat could not read, it is there.
            guard case .success = read else { throw .failed(Self.nothingToReadWith) }
            facts.textSource = .procFile
        case .failure(let problem):
            throw .failed(
                Notice(
                    topic: .conntrack,
                    text: "no program can be run on the node: \(problem.text(ConntrackProgram.version))"))
        }
        take(read)
        if facts.tableCount == nil { facts.tableCount = await count() }
    }

    /// Reads again what changes.
    func readFactsAgain() async {
        if hasCat { take(await result(of: NodeFiles.command)) }
        if facts.tableMaximum == nil { facts.tableCount = await count() ?? facts.tableCount }
    }

    private static let nothingToReadWith = Notice(
        topic: .conntrack,
        text:
            "neither conntrack nor cat is in the image, so that the table cannot be read: give an image that has conntrack "
            + "with --collector-image"
    )

    private func take(_ read: Result<ShortRun, ProgramProblem>) {
        guard case .success(let run) = read else { return }
        hasCat = true
        let files = NodeFiles(
            output: String(decoding: run.output, as: UTF8.self),
            errors: String(decoding: run.errors, as: UTF8.self)
        )
        facts.accounting = files.accounting
        facts.timestamps = files.timestamps
        facts.eventsMode = files.eventsMode
        facts.tableCount = files.tableCount
        facts.tableMaximum = files.tableMaximum
        facts.bridgeNetfilter = files.bridgeNetfilter
        facts.bypassSigns = files.bypassSigns
        hasLegacyTables = files.hasLegacyTables
    }

    /// `nf_conntrack_count` as conntrack(8) tells it.
    private func count() async -> UInt32? {
        guard facts.textSource == .conntrack, case .success(let run) = await result(of: ConntrackProgram.count),
            run.code == 0
        else { return nil }
        return UInt32(String(decoding: run.output, as: UTF8.self).prefix { $0 != "\n" })
    }

    /// What the kernel counted of its table; nil where it cannot be read.
    func statistics() async -> ConntrackStatistics? {
        guard facts.textSource == .conntrack, case .success(let run) = await result(of: ConntrackProgram.statistics),
            run.code == 0
        else { return nil }
        return ConntrackStatistics(text: run.output.span)
    }

    private func result(of command: [String]) async -> Result<ShortRun, ProgramProblem> {
        do throws(ProgramProblem) {
            return .success(try await run(command))
        } catch {
            return .failure(error)
        }
    }
}
