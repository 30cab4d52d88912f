package import Secrets

/// A certificate that TLS shows the server, and its key.
package struct ClientCertificate: Sendable, Hashable {
    /// The certificate, then those of the authorities between it and the root, in PEM form.
    package let chain: [UInt8]
    /// The private key in PEM form.
    package let key: Secret

    package init(chain: [UInt8], key: Secret) {
        self.chain = chain
        self.key = key
    }
}
