import CollectorProtocol

extension TextSession {
    /// What a short program said.
    struct ShortRun {
        /// At most `longestShortOutput` bytes.
        var output: [UInt8] = []
        var errors: [UInt8] = []
        var code = 0
    }

    /// The statistics of a thousand processors.
    private static let longestShortOutput = 1 << 18

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - limit: how long it may take; nil for as long as START may.
    ///   - take: called for each piece of its output.
    /// - Returns: its exit code.
    func perform(
        _ command: [String],
        within limit: Duration?,
        take: (ProgramOutput) async throws(TextStop) -> Void
    ) async throws(ProgramProblem) -> Int {
        let (number, program) = try await start(command)
        let alarm = limit.map { limit in
            Task {
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                await self.timeOut(number)
            }
        }
        let result = await output(of: program, take)
        alarm?.cancel()
        await end(number)
        if timedOut.remove(number) != nil, let limit { throw .timedOut(limit) }
        do throws(TextStop) {
            try checkIsWanted()
        } catch {
            throw .stopped(error)
        }
        return try result.get()
    }

    private func output(
        of program: any RunningProgram,
        _ take: (ProgramOutput) async throws(TextStop) -> Void
    ) async -> Result<Int, ProgramProblem> {
        do {
            while let output = try await program.next() {
                if case .ended(let code) = output { return .success(code) }
                try await take(output)
            }
            return .failure(.lost("it ended without an exit code"))
        } catch let stop as TextStop {
            return .failure(.stopped(stop))
        } catch let problem as ProgramUnavailable {
            return .failure(.unavailable(problem))
        } catch {
            return .failure(.lost("\(error)"))
        }
    }

    /// Starts a program that `end` ends.
    func start(_ command: [String]) async throws(ProgramProblem) -> (number: Int, program: any RunningProgram) {
        do {
            try checkIsWanted()
            let program = try await programs.start(command)
            startedPrograms += 1
            let number = startedPrograms
            running[number] = program
            do {
                try checkIsWanted()
            } catch {
                await end(number)
                throw error
            }
            return (number, program)
        } catch let stop as TextStop {
            throw .stopped(stop)
        } catch let problem as ProgramUnavailable {
            throw .unavailable(problem)
        } catch {
            throw .lost("\(error)")
        }
    }

    func end(_ number: Int) async {
        await running.removeValue(forKey: number)?.close()
    }

    private func timeOut(_ number: Int) async {
        guard let program = running[number] else { return }
        timedOut.insert(number)
        await program.close()
    }

    func closePrograms() async {
        let programs = running
        running = [:]
        await withTaskGroup(of: Void.self) { group in
            for program in programs.values { group.addTask { await program.close() } }
        }
    }

    /// Runs a program that says little.
    func run(_ command: [String]) async throws(ProgramProblem) -> ShortRun {
        let begin = ContinuousClock.now
        var run = ShortRun()
        run.code = try await perform(command, within: patience.program) { (output: ProgramOutput) throws(TextStop) in
            switch output {
            case .standardOutput(let bytes): run.output += bytes.prefix(Self.longestShortOutput - run.output.count)
            case .standardError(let bytes): run.errors += bytes.prefix(Self.longestShortOutput - run.errors.count)
            case .ended: break
            }
        }
        let took = ContinuousClock.now - begin
        quickest = min(quickest ?? took, took)
        return run
    }
}
