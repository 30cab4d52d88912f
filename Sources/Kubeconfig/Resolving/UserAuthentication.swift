import Secrets

/// Which of a user's credentials is used, where the server is asked over TLS.
struct UserAuthentication {
    private let entries: ChosenEntries
    private let validation: EntryValidation
    private let overrides: ConnectionOverrides
    private let configuration: ConfigurationAccess

    init(
        _ entries: ChosenEntries,
        _ validation: EntryValidation,
        _ overrides: ConnectionOverrides,
        with configuration: ConfigurationAccess
    ) {
        self.entries = entries
        self.validation = validation
        self.overrides = overrides
        self.configuration = configuration
    }

    /// What the user states comes before what a program or a provider would have to give.
    func authentication() throws(KubeconfigError) -> Authentication {
        let user = entries.user
        let hasToken = !user.token.isEmpty || !user.tokenFile.isEmpty
        if hasToken, !user.username.isEmpty {
            throw KubeconfigError(.invalid, ["username/password or bearer token may be set, but not both"])
        }
        if !user.tokenFile.isEmpty {
            return try TokenReading.file(
                user.tokenFile, known: user.token.isEmpty ? nil : user.token, with: configuration)
        }
        if hasToken { return try TokenReading.given(user.token) }
        if !user.username.isEmpty { return .basic(username: user.username, password: user.password) }
        if let provider = user.authProvider {
            return try AuthProviderToken.authentication(provider, at: configuration.clock())
        }
        guard let exec = user.exec, validation.clientCertificate == nil else { return .none }
        return .exec(try plugin(exec))
    }

    private func plugin(_ exec: KubeconfigFile.Exec) throws(KubeconfigError) -> ExecPlugin {
        guard let version = ExecPlugin.Version(rawValue: exec.apiVersion) else {
            throw KubeconfigError(.invalid, ["exec plugin: invalid apiVersion \(ShownText.quoted(exec.apiVersion))"])
        }
        guard let mode = ExecPlugin.InteractiveMode(rawValue: exec.interactiveMode) else {
            throw KubeconfigError(.invalid, ["unknown interactiveMode: \(ShownText.quoted(exec.interactiveMode))"])
        }
        try PluginPolicy.read(overrides, with: configuration).check(exec.command, with: configuration)
        return ExecPlugin(
            command: exec.command,
            arguments: exec.arguments,
            environment: exec.environment,
            version: version,
            interactiveMode: mode,
            installHint: HintText.cleaned(exec.installHint),
            clusterInfo: exec.providesClusterInfo
                ? try ExecClusterInfo.json(entries.cluster, authority: validation.authority) : nil
        )
    }
}
