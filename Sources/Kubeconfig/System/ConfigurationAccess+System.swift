import Glibc
import Secrets

extension ConfigurationAccess {
    /// The process's own files, environment, clock and standard input.
    ///
    /// - Parameter standardInputTrouble: why credential plugins cannot have standard input, where the command reads it.
    package static func system(standardInputTrouble: String? = nil) -> ConfigurationAccess {
        ConfigurationAccess(
            readFile: { path, limit throws(FileTrouble) in try SystemFile.read(path, limit: limit) },
            kind: { path in SystemFile.kind(path) },
            environment: SystemEnvironment.variables(),
            workingDirectory: SystemEnvironment.workingDirectory(),
            clock: {
                var time = timespec()
                guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
                return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
            },
            standardInputTrouble: standardInputTrouble,
            isStandardInputTerminal: { isatty(STDIN_FILENO) == 1 },
            run: { program async throws(ProgramTrouble) in try await SystemProgram.run(program) }
        )
    }
}
