/// Everything that a connection to a cluster's API server needs, resolved from kubeconfig files, the environment and the
/// command line: the sum of kubectl's rules, with every file read but the one of a token.
package struct ClusterAccess: Sendable {
    /// Where the API server is.
    package let server: ServerAddress
    /// The name that the server's certificate must bear, and that is asked for with SNI; nil for the server's host.
    package let tlsServerName: String?
    /// Whom the server's certificate is held against.
    package let trust: ServerTrust
    /// The proxy that the kubeconfig names; nil leaves the choice to the environment's variables.
    package let proxy: ProxyAddress?
    /// Whether compressed answers must not be asked for.
    package let disableCompression: Bool
    /// Whom to act as; nil for oneself.
    package let impersonation: Impersonation?
    /// How a request says who sends it. Always `.none` or `.basic` where the server is not asked over TLS.
    package let authentication: Authentication
    /// What TLS shows the server, besides `authentication`.
    package let clientCertificate: ClientCertificate?
    /// Never empty.
    package let namespace: String
    package let namespaceOrigin: NamespaceOrigin
    /// The names in the kubeconfig; nil where none is used.
    package let contextName: String?
    package let clusterName: String?
    package let userName: String?
    /// The longest that one request may take; nil for no limit.
    package let requestTimeout: Duration?
    package let origin: Origin

    /// Where the server's address came from.
    package enum Origin: Sendable, Hashable {
        /// These files, in the order of their precedence; none when the command line alone gave the address.
        case files([String])
        /// The service account of the pod that this program runs in.
        case serviceAccount
    }
}

/// What determined the namespace.
package enum NamespaceOrigin: String, Sendable, Hashable {
    /// The command line.
    case flag
    /// The kubeconfig's context.
    case context
    /// `POD_NAMESPACE`, or the service account of the pod that this program runs in.
    case serviceAccount
    /// Nothing: it is `default`.
    case standard
}

extension ClusterAccess {
    /// Reads the kubeconfig files, and all they refer to but a token's file, as kubectl does.
    ///
    /// - Throws: everything that is wrong, collected, in kubectl's words; no credential shows in it.
    package static func load(
        _ overrides: ConnectionOverrides,
        with configuration: ConfigurationAccess
    ) throws(KubeconfigError) -> ClusterAccess {
        try AccessResolution(overrides, with: configuration).access()
    }
}

extension ClusterAccess: CustomStringConvertible, CustomReflectable {
    /// One line for a person, in which no credential shows.
    package var description: String {
        var parts = ["server \(server)"]
        if let tlsServerName { parts.append("TLS server name \(tlsServerName)") }
        parts.append("trust: \(trust)")
        if let proxy { parts.append("proxy \(proxy)") }
        parts.append("authentication: \(authenticationPhrase)")
        if let impersonation { parts.append("acting as \(impersonation.user)") }
        if let contextName { parts.append("context \(contextName)") }
        if let clusterName { parts.append("cluster \(clusterName)") }
        if let userName { parts.append("user \(userName)") }
        parts.append("namespace \(namespace)")
        return parts.map(ShownText.line).joined(separator: ", ")
    }

    private var authenticationPhrase: String {
        guard clientCertificate != nil else { return authentication.description }
        if case .none = authentication { return "client certificate" }
        return "client certificate and \(authentication)"
    }

    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
