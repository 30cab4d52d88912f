package import Secrets

/// How a server is reached and trusted. Requests with equal settings share connections, others never do.
package struct ConnectionSettings: Sendable, Hashable {
    /// Whose certificates are believed.
    package enum Trust: Sendable, Hashable {
        /// The authorities of this machine.
        case systemRoots
        /// Only these, in PEM form.
        case authorities([UInt8])
        /// Anybody's: the server is not verified.
        case none
    }

    /// What a client shows to servers that ask for a certificate.
    package struct ClientCertificate: Sendable, Hashable {
        /// The certificate and those that lead to its authority, in PEM form.
        package var certificates: [UInt8]
        /// Its key, in PEM form, not encrypted.
        package var key: Secret

        package init(certificates: [UInt8], key: Secret) {
            self.certificates = certificates
            self.key = key
        }
    }

    package var trust: Trust
    package var clientCertificate: ClientCertificate?
    /// The name that the server's certificate must have and that SNI sends, where it is not the URL's host.
    package var serverName: String?
    /// Nil for none. The environment is never looked at: see ``ProxyEnvironment``.
    package var proxy: Proxy?
    /// Whether responses may be compressed with gzip; bodies are handed out decompressed.
    package var isCompressionAllowed: Bool
    /// For the name, the TCP connection, the proxy and the TLS handshake together.
    package var connectTimeout: Duration

    package init(
        trust: Trust = .systemRoots,
        clientCertificate: ClientCertificate? = nil,
        serverName: String? = nil,
        proxy: Proxy? = nil,
        isCompressionAllowed: Bool = true,
        connectTimeout: Duration = .seconds(30)
    ) {
        self.trust = trust
        self.clientCertificate = clientCertificate
        self.serverName = serverName
        self.proxy = proxy
        self.isCompressionAllowed = isCompressionAllowed
        self.connectTimeout = connectTimeout
    }
}
