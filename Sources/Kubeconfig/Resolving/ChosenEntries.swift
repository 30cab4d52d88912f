import Secrets

/// The context, the cluster and the user that are used, with the command line's changes applied.
struct ChosenEntries {
    /// Empty for none, like the names that follow.
    let contextName: String
    let clusterName: String
    let userName: String
    let cluster: KubeconfigFile.Cluster
    let user: KubeconfigFile.User
    /// The context's; empty for none.
    let namespace: String
    /// Whether the kubeconfig has a cluster of that name.
    let isClusterKnown: Bool

    /// - Throws: when the command line names what is not there, or the file's own context is not there.
    init(_ file: KubeconfigFile, _ overrides: ConnectionOverrides) throws(KubeconfigError) {
        let contextName = overrides.context.isEmpty ? file.currentContext : overrides.context
        let context = file.contexts[contextName]
        let userName = overrides.user.isEmpty ? context?.user ?? "" : overrides.user
        let clusterName = overrides.cluster.isEmpty ? context?.cluster ?? "" : overrides.cluster
        // In kubectl's order.
        if !overrides.user.isEmpty, file.users[userName] == nil {
            throw Self.unknown("auth info", userName, among: file.users.keys)
        }
        if !overrides.context.isEmpty, context == nil {
            throw Self.unknown("context", contextName, among: file.contexts.keys)
        }
        if !overrides.cluster.isEmpty, file.clusters[clusterName] == nil {
            throw Self.unknown("cluster", clusterName, among: file.clusters.keys)
        }
        if !contextName.isEmpty, context == nil {
            throw KubeconfigError(
                .invalid,
                ["context was not found for specified context: \(contextName)"],
                remedy: Self.choice(of: "context", among: file.contexts.keys)
            )
        }
        self.contextName = contextName
        self.clusterName = clusterName
        self.userName = userName
        namespace = context?.namespace ?? ""
        isClusterKnown = file.clusters[clusterName] != nil
        var cluster = file.clusters[clusterName] ?? KubeconfigFile.Cluster()
        cluster.apply(overrides)
        self.cluster = cluster
        var user = file.users[userName] ?? KubeconfigFile.User()
        user.apply(overrides)
        self.user = user
    }

    private static func unknown(
        _ what: String,
        _ name: String,
        among names: some Collection<String>
    ) -> KubeconfigError {
        KubeconfigError(
            .invalid,
            ["\(what) \(ShownText.quoted(name)) does not exist"],
            remedy: choice(of: what == "auth info" ? "user" : what, among: names)
        )
    }

    /// What there is, as far as it is quickly read.
    private static func choice(of what: String, among names: some Collection<String>) -> String? {
        guard !names.isEmpty else { return nil }
        let listed = names.sorted().prefix(10).joined(separator: ", ")
        return "The kubeconfig has the \(what)\(names.count == 1 ? "" : "s") \(listed)\(names.count > 10 ? ", …" : "")."
    }
}

extension KubeconfigFile.Cluster {
    /// What is given together on the command line replaces together.
    fileprivate mutating func apply(_ overrides: ConnectionOverrides) {
        if !overrides.server.isEmpty {
            server = overrides.server
            // It was the name of another server.
            tlsServerName = ""
        }
        if !overrides.tlsServerName.isEmpty { tlsServerName = overrides.tlsServerName }
        if overrides.insecureSkipTLSVerify || !overrides.certificateAuthority.isEmpty {
            insecureSkipTLSVerify = overrides.insecureSkipTLSVerify
            certificateAuthority = overrides.certificateAuthority
            certificateAuthorityData = []
        }
        if overrides.disableCompression { disableCompression = true }
    }
}

extension KubeconfigFile.User {
    fileprivate mutating func apply(_ overrides: ConnectionOverrides) {
        if !overrides.clientCertificate.isEmpty {
            clientCertificate = overrides.clientCertificate
            clientCertificateData = []
        }
        if !overrides.clientKey.isEmpty {
            clientKey = overrides.clientKey
            clientKeyData = Secret("")
        }
        if !overrides.token.isEmpty {
            token = overrides.token
            tokenFile = ""
        }
        if !overrides.username.isEmpty { username = overrides.username }
        if !overrides.password.isEmpty { password = overrides.password }
        if !overrides.impersonatedUser.isEmpty { impersonatedUser = overrides.impersonatedUser }
        if !overrides.impersonatedUID.isEmpty { impersonatedUID = overrides.impersonatedUID }
        if !overrides.impersonatedGroups.isEmpty { impersonatedGroups = overrides.impersonatedGroups }
        var extra: [String: [String]] = [:]
        for text in overrides.impersonatedExtra {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { extra[String(parts[0]), default: []].append(String(parts[1])) }
        }
        impersonatedExtra.merge(extra) { _, given in given }
    }
}
