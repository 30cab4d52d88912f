import Secrets

/// Gives the credentials of a ``ClusterAccess``: runs the credential plugin, reads a token's file, and keeps what they
/// gave for as long as it holds. One is shared by all connections, so that a plugin runs once.
package actor CredentialSource {
    /// Credentials that were made because others had been refused, and are themselves refused so soon, are not made again.
    private static let refusalPatience: Int64 = 60 * 1_000_000_000
    /// A token's file is read again after a minute, less ten seconds, as client-go does.
    private static let tokenFilePatience: Int64 = 50 * 1_000_000_000

    private let access: ClusterAccess
    private let configuration: ConfigurationAccess
    private var generation: UInt64 = 1
    private var tokenFile: KeptToken?
    private var plugin: KeptCredential?
    private var flight = PluginFlight()

    private struct KeptToken {
        let token: Secret
        let readAt: Int64
    }

    private struct KeptCredential {
        let credentials: Credentials
        let expires: Int64?
        let madeAt: Int64
        let followsRefusal: Bool
        var isRefused = false
    }

    package init(_ access: ClusterAccess, with configuration: ConfigurationAccess) {
        self.access = access
        self.configuration = configuration
    }

    /// The credentials that hold now. Tasks that ask while a plugin runs wait for the same run.
    ///
    /// - Throws: `.credential` with the reason, `.cancelled` when the task is cancelled meanwhile; the plugin is killed when
    ///   nobody waits for it any more.
    package func credentials() async throws(KubeconfigError) -> Credentials {
        switch access.authentication {
        case .none: return fixed(nil)
        case .token(let token): return fixed(bearer(token))
        case .basic(let username, let password):
            let pair = Array("\(username):".utf8) + password.reveal()
            return fixed(Secret(Array("Basic ".utf8) + Base64.encoded(pair)))
        case .idToken(let token, let expires):
            try AuthProviderToken.check(expires: expires, at: configuration.clock())
            return fixed(bearer(token))
        case .tokenFile(let path, let known): return fixed(bearer(try token(in: path, known: known)))
        case .exec(let plugin): return try await credentials(of: plugin)
        }
    }

    /// Says that the API server refused (401) credentials of that generation, so that new ones are made when they are next
    /// asked for. Older generations than the last are already replaced.
    ///
    /// - Returns: whether asking again may give others, and the request may be worth repeating once.
    @discardableResult
    package func refuse(generation refused: UInt64) -> Bool {
        switch access.authentication {
        case .none, .token, .basic, .idToken: return false
        case .tokenFile(let path, let known):
            guard refused == generation else { return true }
            tokenFile = nil
            _ = try? token(in: path, known: known)
            return refused != generation
        case .exec:
            guard refused == generation, let kept = plugin else { return true }
            let age = configuration.clock() &- kept.madeAt
            if kept.followsRefusal, age >= 0, age < Self.refusalPatience { return false }
            plugin?.isRefused = true
            return true
        }
    }

    private func fixed(_ authorization: Secret?) -> Credentials {
        Credentials(
            authorization: authorization, clientCertificate: access.clientCertificate, generation: generation)
    }

    private func bearer(_ token: Secret) -> Secret { Secret(Array("Bearer ".utf8) + token.reveal()) }

    // MARK: A token's file

    private var lastToken: Secret?

    /// What the file holds, or held when it could last be read.
    private func token(in path: String, known: Secret?) throws(KubeconfigError) -> Secret {
        let now = configuration.clock()
        if let kept = tokenFile, (0..<Self.tokenFilePatience).contains(now &- kept.readAt) { return kept.token }
        let token: Secret
        do throws(KubeconfigError) {
            token = try TokenReading.read(path, with: configuration)
        } catch {
            guard let last = lastToken ?? known else { throw error }
            return last
        }
        if let lastToken, lastToken != token { generation += 1 }
        lastToken = token
        tokenFile = KeptToken(token: token, readAt: now)
        return token
    }

    // MARK: A plugin

    private func credentials(of exec: ExecPlugin) async throws(KubeconfigError) -> Credentials {
        if let plugin, !plugin.isRefused, !isExpired(plugin) { return plugin.credentials }
        guard !Task.isCancelled else { throw .cancelled }
        let waiter = flight.nextWaiter()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                flight.add(continuation, as: waiter)
                if !flight.isUnderWay { start(exec) }
            }
        } onCancel: {
            Task { await self.abandon(waiter) }
        }
        return try result.get()
    }

    private func isExpired(_ kept: KeptCredential) -> Bool {
        kept.expires.map { configuration.clock() > $0 } ?? false
    }

    private func start(_ exec: ExecPlugin) {
        let configuration = configuration
        flight.task = Task {
            let result: Result<ExecCredential, KubeconfigError>
            do throws(KubeconfigError) {
                result = .success(try await PluginRun.credential(of: exec, with: configuration))
            } catch {
                result = .failure(error)
            }
            finish(exec, result)
        }
    }

    private func finish(_ exec: ExecPlugin, _ result: Result<ExecCredential, KubeconfigError>) {
        flight.task = nil
        switch result {
        case .success(let credential): flight.resumeAll(with: .success(keep(credential)))
        case .failure(let error) where error.code == .cancelled:
            flight.resumeAbandoned()
            // Who came while the plugin was being killed is not to suffer for it.
            if flight.hasWaiters { start(exec) }
        case .failure(let error): flight.resumeAll(with: .failure(error))
        }
    }

    private func keep(_ credential: ExecCredential) -> Credentials {
        if plugin != nil { generation += 1 }
        let credentials = Credentials(
            authorization: credential.token.isEmpty ? nil : bearer(credential.token),
            clientCertificate: credential.certificate,
            generation: generation
        )
        plugin = KeptCredential(
            credentials: credentials,
            expires: credential.expires,
            madeAt: configuration.clock(),
            followsRefusal: plugin?.isRefused ?? false
        )
        return credentials
    }

    private func abandon(_ waiter: Int) {
        flight.abandon(waiter)
    }
}
