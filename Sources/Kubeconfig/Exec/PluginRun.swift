import Secrets

/// One run of a credential plugin.
enum PluginRun {
    /// Tokens and certificates are a few kilobytes; a plugin that prints more does something else.
    private static let outputLimit = 4 << 20
    private static let environmentName = "KUBERNETES_EXEC_INFO"

    private static let help = """
        It looks like you are trying to use a client-go credential plugin that is not installed.
        To learn more about this feature, consult the documentation available at:
              https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
        """

    /// Runs a plugin and reads what it prints; what it says besides goes to standard error.
    ///
    /// - Throws: why there are no credentials, in client-go's words.
    static func credential(
        of plugin: ExecPlugin,
        with configuration: ConfigurationAccess
    ) async throws(KubeconfigError) -> ExecCredential {
        let isInteractive = try isInteractive(plugin, with: configuration)
        guard let path = ExecutableLookup.path(of: plugin.command, with: configuration) else {
            throw KubeconfigError(
                .credential,
                ["getting credentials: exec: executable \(plugin.command) not found"],
                remedy: plugin.installHint.isEmpty ? help : help + "\n\n" + plugin.installHint
            )
        }
        var environment = configuration.environment.mapValues { Secret($0) }
        for variable in plugin.environment { environment[variable.name] = variable.value }
        environment[environmentName] = ExecClusterInfo.environmentValue(plugin, isInteractive: isInteractive)
        let program = ProgramRun(
            path: path,
            arguments: plugin.arguments,
            environment: environment,
            takesStandardInput: isInteractive,
            outputLimit: outputLimit
        )
        let result: ProgramResult
        do throws(ProgramTrouble) {
            result = try await configuration.run(program)
        } catch {
            throw failure(error, of: plugin)
        }
        guard result.exitCode == 0 else {
            let message = "exec: executable \(plugin.command) failed with exit code \(result.exitCode)"
            throw KubeconfigError(.credential, ["getting credentials: \(message)"])
        }
        do throws(KubeconfigError) {
            return try ExecCredential(result.output, version: plugin.version)
        } catch {
            throw KubeconfigError(error.code, error.messages.map { "getting credentials: \($0)" })
        }
    }

    private static func failure(_ trouble: ProgramTrouble, of plugin: ExecPlugin) -> KubeconfigError {
        switch trouble {
        case .notStarted(let reason):
            KubeconfigError(.credential, ["getting credentials: exec: \(plugin.command): \(reason)"])
        case .tooMuchOutput:
            KubeconfigError(
                .credential,
                ["getting credentials: exec: executable \(plugin.command) wrote more than \(outputLimit) bytes"])
        case .cancelled: .cancelled
        }
    }

    private static func isInteractive(
        _ plugin: ExecPlugin,
        with configuration: ConfigurationAccess
    ) throws(KubeconfigError) -> Bool {
        let trouble: String
        switch plugin.interactiveMode {
        case .never: return false
        case .ifAvailable: return configuration.standardInputTrouble == nil && configuration.isStandardInputTerminal()
        case .always:
            if !configuration.isStandardInputTerminal() {
                trouble = "standard input is not a terminal"
            } else if let message = configuration.standardInputTrouble {
                trouble = "standard input is unavailable" + (message.isEmpty ? "" : ": \(message)")
            } else {
                return true
            }
        }
        throw KubeconfigError(
            .credential, ["getting credentials: exec plugin cannot support interactive mode: \(trouble)"])
    }
}

extension KubeconfigError {
    /// The task was cancelled.
    static var cancelled: KubeconfigError { KubeconfigError(.cancelled, ["getting credentials was cancelled"]) }
}
