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
    ///   - limit: how long it may take; nil for as long as START may, if only it goes on saying something.
    ///   - take: called for each piece of its output.
    /// - Returns: its exit code.
    func perform(
        _ command: [String],
        within limit: Duration?,
        take: (ProgramOutput) async throws(TextStop) -> Void
    ) async throws(ProgramProblem) -> Int {
        let (number, program) = try await start(command)
        let alarm = Task {
            guard let limit else { return await self.timeOut(whenSilent: number) }
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            await self.timeOut(number)
        }
        let result = await output(of: program, number, take)
        alarm.cancel()
        waiting[number] = nil
        await end(number)
        if timedOut.remove(number) != nil { throw .timedOut(limit ?? patience.silence) }
        do throws(TextStop) {
            try checkIsWanted()
        } catch {
            throw .stopped(error)
        }
        return try result.get()
    }

    private func output(
        of program: any RunningProgram,
        _ number: Int,
        _ take: (ProgramOutput) async throws(TextStop) -> Void
    ) async -> Result<Int, ProgramProblem> {
        do {
            waiting[number] = .now
            while let output = try await program.next() {
                waiting[number] = nil
                if case .ended(let code) = output { return .success(code) }
                try await take(output)
                waiting[number] = .now
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
            let program = try await startInTime(command)
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
        } catch is StartTimeout {
            throw .timedOut(patience.silence)
        } catch {
            throw .lost("\(error)")
        }
    }

    private struct StartTimeout: Error {}

    /// A node that hangs does not even refuse.
    private func startInTime(_ command: [String]) async throws -> any RunningProgram {
        let programs = programs
        let silence = patience.silence
        return try await withThrowingTaskGroup(of: (any RunningProgram)?.self) { group in
            group.addTask { try await programs.start(command) }
            group.addTask {
                try await Task.sleep(for: silence)
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            if let first { return first }
            // It may have come at the last moment.
            while let late = await group.nextResult() { await (try? late.get())?.close() }
            throw StartTimeout()
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

    /// Ends a program from which nothing has come for too long, while somebody waited for it.
    private func timeOut(whenSilent number: Int) async {
        while (try? await Task.sleep(for: patience.silence / 4)) != nil {
            guard let since = waiting[number], .now - since > patience.silence else { continue }
            return await timeOut(number)
        }
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
