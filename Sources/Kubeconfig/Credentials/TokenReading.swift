import Secrets

/// Bearer tokens as they are written down.
enum TokenReading {
    /// A token is a few kilobytes.
    private static let sizeLimit = 1 << 20

    /// A token that is known.
    static func given(_ token: Secret) throws(KubeconfigError) -> Authentication {
        guard TextTrimming.fitsHeader(token.reveal()) else {
            throw KubeconfigError(.invalid, ["the token has control characters, which cannot be in a header"])
        }
        return .token(token)
    }

    /// A token in a file, which must be readable unless a token is known besides.
    static func file(
        _ path: String,
        known: Secret?,
        with configuration: ConfigurationAccess
    ) throws(KubeconfigError) -> Authentication {
        if let known { _ = try given(known) }
        do throws(KubeconfigError) {
            return .tokenFile(path: path, known: try read(path, with: configuration))
        } catch {
            guard let known else { throw error }
            return .tokenFile(path: path, known: known)
        }
    }

    /// Reads a token's file.
    static func read(_ path: String, with configuration: ConfigurationAccess) throws(KubeconfigError) -> Secret {
        let bytes: [UInt8]
        do throws(FileTrouble) {
            bytes = try configuration.readFile(path, sizeLimit)
        } catch {
            throw KubeconfigError(.credential, ["failed to read token file \(ShownText.quoted(path)): \(error.reason)"])
        }
        let token = TextTrimming.trimmed(bytes)
        guard !token.isEmpty else {
            throw KubeconfigError(.credential, ["read empty token from file \(ShownText.quoted(path))"])
        }
        guard TextTrimming.fitsHeader(token) else {
            throw KubeconfigError(
                .credential, ["the token file \(ShownText.quoted(path)) has control characters within the token"])
        }
        return Secret(token)
    }
}
