import Secrets

/// A look at texts in PEM form (RFC 7468), enough to say in a configuration's terms what a TLS library would refuse in its
/// own, or would stop at to ask for a password.
enum PEMText {
    /// What is wrong with the authority's certificates; nil for nothing. Texts are not decoded.
    static func trouble(authority: [UInt8]) -> String? {
        guard !authority.isEmpty, !contains(authority, "-----BEGIN CERTIFICATE-----") else { return nil }
        return "unable to load root certificates: unable to parse bytes as PEM block"
    }

    /// What is wrong with a client's certificate and its key; nil for nothing.
    static func trouble(_ certificate: ClientCertificate) -> String? {
        let key = certificate.key.reveal()
        if !contains(certificate.chain, "-----BEGIN CERTIFICATE-----") {
            return "the client certificate holds no certificate in PEM form"
        }
        if contains(key, "ENCRYPTED") { return "the client key is encrypted, which kubectl does not support either" }
        return contains(key, "PRIVATE KEY-----") ? nil : "the client key holds no private key in PEM form"
    }

    private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(text)
    }
}
