import Glibc
import Secrets
import Subprocess

/// Programs of this machine.
enum SystemProgram {
    static func run(_ program: ProgramRun) async throws(ProgramTrouble) -> ProgramResult {
        do {
            let result = try await result(of: program)
            // A program that was killed has a result too.
            if Task.isCancelled, result.exitCode != 0 { throw ProgramTrouble.cancelled }
            return result
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw .tooMuchOutput
        } catch {
            if Task.isCancelled || error is CancellationError { throw .cancelled }
            throw .notStarted("\(error)")
        }
    }

    private static func result(of program: ProgramRun) async throws -> ProgramResult {
        // In this program's own process group, so that it can use the terminal and ends on Ctrl-C too.
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .milliseconds(500))]
        var environment: [Environment.Key: String] = [:]
        for (name, value) in program.environment {
            environment[Environment.Key(stringLiteral: name)] = value.revealText()
        }
        let configuration = Configuration(
            executable: .path(literal(program.path)),
            arguments: Arguments(program.arguments.map { $0.revealText() }),
            environment: .custom(environment),
            platformOptions: options
        )
        let limit = program.outputLimit
        if program.takesStandardInput {
            let finished = try await Subprocess.run(
                configuration, input: .currentStandardInput, output: .bytes(limit: limit), error: .currentStandardError)
            return ProgramResult(exitCode: code(finished.terminationStatus), output: Secret(finished.standardOutput))
        }
        let finished = try await Subprocess.run(
            configuration, input: .none, output: .bytes(limit: limit), error: .currentStandardError)
        return ProgramResult(exitCode: code(finished.terminationStatus), output: Secret(finished.standardOutput))
    }

    private static func code(_ status: TerminationStatus) -> Int32 {
        if case .exited(let code) = status { code } else { -1 }
    }

    /// A value of a type known to us only by its string literals: swift-subprocess takes paths as `FilePath` of
    /// swift-system, a package this one does not depend on by itself.
    private static func literal<Value: ExpressibleByStringLiteral>(_ text: String) -> Value
    where Value.StringLiteralType == String {
        Value(stringLiteral: text)
    }
}
