import Secrets

/// Puts a ``ClusterAccess`` together from what was read.
struct AccessResolution {
    private let configuration: ConfigurationAccess
    private let overrides: ConnectionOverrides
    private let files: KubeconfigFiles
    private let entries: ChosenEntries
    private let inCluster: InClusterFiles?

    init(_ overrides: ConnectionOverrides, with configuration: ConfigurationAccess) throws(KubeconfigError) {
        self.configuration = configuration
        self.overrides = overrides
        files = try KubeconfigFiles(overrides, with: configuration)
        entries = try ChosenEntries(files.merged, overrides)
        inCluster = InClusterFiles(configuration)
    }

    func access() throws(KubeconfigError) -> ClusterAccess {
        let validation = EntryValidation(entries, with: configuration)
        guard !entries.cluster.server.isEmpty else { return try accessWithoutServer(validation) }
        return try access(to: entries.cluster.server, validation)
    }

    /// Nothing says where the server is: this may run in a pod.
    private func accessWithoutServer(_ validation: EntryValidation) throws(KubeconfigError) -> ClusterAccess {
        if validation.problems.isEmpty, let inCluster { return try accessInCluster(inCluster) }
        if let server = configuration.environment["KUBERNETES_MASTER"], !server.isEmpty {
            return try access(to: server, validation)
        }
        let name = ShownText.quoted(entries.clusterName)
        let problem: String? =
            if entries.clusterName.isEmpty {
                nil
            } else if entries.isClusterKnown {
                "no server found for cluster \(name)"
            } else {
                "cluster \(name) does not exist"
            }
        let problems = validation.problems + (problem.map { [$0] } ?? [])
        guard problems.isEmpty else { throw KubeconfigError(.invalid, problems) }
        throw KubeconfigError(
            .missing,
            ["Missing or incomplete configuration info. Please point to an existing, complete config file:"],
            remedy: """
                  1. Via the command-line flag --kubeconfig
                  2. Via the KUBECONFIG environment variable
                  3. In your home directory as ~/.kube/config
                """
        )
    }

    private func access(to server: String, _ validation: EntryValidation) throws(KubeconfigError) -> ClusterAccess {
        var problems = validation.problems
        let parsed: ServerAddress.Parsed?
        do throws(URLText.Trouble) {
            parsed = try ServerAddress.parse(server)
        } catch {
            parsed = nil
            let shown = ShownText.quoted(URLText.withoutUser(server))
            problems.append(
                "invalid server \(shown) for cluster \(ShownText.quoted(entries.clusterName)): \(error.reason)")
        }
        guard problems.isEmpty, let parsed else { throw KubeconfigError(.invalid, problems) }
        let cluster = entries.cluster
        let isTLS = parsed.address.scheme == .https
        let trust = isTLS ? try self.trust(cluster, authority: validation.authority) : .system
        let certificate = isTLS ? validation.clientCertificate : nil
        if let trouble = certificate.flatMap(PEMText.trouble) {
            throw KubeconfigError(.invalid, ["user \(ShownText.quoted(entries.userName)): \(trouble)"])
        }
        let (namespace, namespaceOrigin) = namespace()
        return ClusterAccess(
            server: parsed.address,
            tlsServerName: isTLS && !cluster.tlsServerName.isEmpty ? cluster.tlsServerName : nil,
            trust: trust,
            proxy: proxy(cluster),
            disableCompression: cluster.disableCompression,
            impersonation: try impersonation(entries.user),
            authentication: try authentication(parsed, validation),
            clientCertificate: certificate,
            namespace: namespace,
            namespaceOrigin: namespaceOrigin,
            contextName: named(entries.contextName),
            clusterName: named(entries.clusterName),
            userName: named(entries.userName),
            requestTimeout: try RequestTimeout.parse(overrides.requestTimeout),
            origin: .files(files.paths)
        )
    }

    private func trust(
        _ cluster: KubeconfigFile.Cluster,
        authority: [UInt8]
    ) throws(KubeconfigError) -> ServerTrust {
        if cluster.insecureSkipTLSVerify {
            guard authority.isEmpty else {
                throw KubeconfigError(
                    .invalid, ["specifying a root certificates file with the insecure flag is not allowed"])
            }
            return .insecure
        }
        if let trouble = PEMText.trouble(authority: authority) {
            throw KubeconfigError(.invalid, ["cluster \(ShownText.quoted(entries.clusterName)): \(trouble)"])
        }
        return authority.isEmpty ? .system : .authority(authority)
    }

    /// Validated before.
    private func proxy(_ cluster: KubeconfigFile.Cluster) -> ProxyAddress? {
        cluster.proxyURL.isEmpty ? nil : try? ProxyAddress.parse(cluster.proxyURL.revealText())
    }

    private func impersonation(_ user: KubeconfigFile.User) throws(KubeconfigError) -> Impersonation? {
        guard !user.impersonatedUser.isEmpty else { return nil }
        let impersonation = Impersonation(
            user: user.impersonatedUser,
            uid: named(user.impersonatedUID),
            groups: user.impersonatedGroups,
            extra: user.impersonatedExtra
        )
        for header in impersonation.headers where !TextTrimming.fitsHeader(header.value.utf8) {
            throw KubeconfigError(.invalid, ["\(header.name): control characters cannot be in a header"])
        }
        return impersonation
    }

    /// What is in the URL goes with every request; all else only where nobody can listen.
    private func authentication(
        _ server: ServerAddress.Parsed,
        _ validation: EntryValidation
    ) throws(KubeconfigError) -> Authentication {
        if let username = server.username {
            return .basic(username: username, password: server.password ?? Secret(""))
        }
        guard server.address.scheme == .https else { return .none }
        return try UserAuthentication(entries, validation, overrides, with: configuration).authentication()
    }

    private func namespace() -> (String, NamespaceOrigin) {
        if !overrides.namespace.isEmpty { return (overrides.namespace, .flag) }
        if !entries.namespace.isEmpty { return (entries.namespace, .context) }
        if let name = inCluster?.namespace() { return (name, .serviceAccount) }
        return ("default", .standard)
    }

    private func accessInCluster(_ inCluster: InClusterFiles) throws(KubeconfigError) -> ClusterAccess {
        let server: ServerAddress
        do throws(URLText.Trouble) {
            server = try ServerAddress.parse(inCluster.server).address
        } catch {
            throw KubeconfigError(
                .invalid,
                ["KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT name no server: \(error.reason)"])
        }
        var authority = inCluster.authority()
        if !overrides.certificateAuthority.isEmpty {
            authority = EntryValidation(entries, with: configuration).authority
        }
        if let trouble = PEMText.trouble(authority: authority) { throw KubeconfigError(.invalid, [trouble]) }
        let (namespace, namespaceOrigin) = namespace()
        return ClusterAccess(
            server: server,
            tlsServerName: nil,
            trust: authority.isEmpty ? .system : .authority(authority),
            proxy: nil,
            disableCompression: overrides.disableCompression,
            impersonation: try impersonation(entries.user),
            authentication: try overrides.token.isEmpty
                ? TokenReading.file(InClusterFiles.tokenPath, known: nil, with: configuration)
                : TokenReading.given(overrides.token),
            clientCertificate: nil,
            namespace: namespace,
            namespaceOrigin: namespaceOrigin,
            contextName: nil,
            clusterName: nil,
            userName: nil,
            requestTimeout: try RequestTimeout.parse(overrides.requestTimeout),
            origin: .serviceAccount
        )
    }

    private func named(_ text: String) -> String? { text.isEmpty ? nil : text }
}
