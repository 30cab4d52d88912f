package import Secrets

/// What a request proves its sender by.
package struct Credentials: Sendable, Hashable {
    /// The value of the `Authorization` header, with its scheme; nil for none.
    package let authorization: Secret?
    /// What TLS shows the server; nil for nothing. Where it changes, connections made with another must be closed.
    package let clientCertificate: ClientCertificate?
    /// Grows whenever one of the two changes; what ``CredentialSource/refuse(generation:)`` is told.
    package let generation: UInt64
}
