import JSONText
import Secrets

/// The way of old to get a token, `auth-provider`: kubectl itself still keeps OpenID Connect tokens in the kubeconfig.
enum AuthProviderToken {
    private static let nanosecondsInSecond: Int64 = 1_000_000_000
    /// A token is not used in its last seconds, as by kubectl: it must still hold when it arrives.
    static let margin = 10 * nanosecondsInSecond

    static func authentication(
        _ provider: KubeconfigFile.AuthProvider,
        at now: Int64
    ) throws(KubeconfigError) -> Authentication {
        switch provider.name {
        case "oidc": break
        case "gcp":
            throw KubeconfigError(
                .credential,
                ["The gcp auth plugin has been removed."],
                remedy: "Please use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead."
            )
        case "azure":
            throw KubeconfigError(
                .credential,
                ["The azure auth plugin has been removed."],
                remedy:
                    "Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead."
            )
        default:
            throw KubeconfigError(
                .credential, ["no Auth Provider found for name \(ShownText.quoted(provider.name))"])
        }
        guard let token = provider.settings["id-token"], !token.isEmpty else {
            throw KubeconfigError(
                .credential, ["the kubeconfig holds no OpenID Connect token (id-token)"], remedy: refreshing)
        }
        guard let expires = expiry(of: token.reveal()), TextTrimming.fitsHeader(token.reveal()) else {
            throw KubeconfigError(
                .credential, ["the OpenID Connect token in the kubeconfig is not a valid JWT"], remedy: refreshing)
        }
        try check(expires: expires, at: now)
        return .idToken(token, expires: expires)
    }

    /// - Throws: when a token that expires then is not to be used any more.
    static func check(expires: Int64, at now: Int64) throws(KubeconfigError) {
        guard now.addingReportingOverflow(margin).partialValue >= expires else { return }
        throw KubeconfigError(
            .credential, ["the OpenID Connect token in the kubeconfig has expired"], remedy: refreshing)
    }

    private static let refreshing = "Run any kubectl command to refresh it."

    /// The claim `exp` of a JSON Web Token (RFC 7519 section 4.1.4), in nanoseconds since 1970.
    private static func expiry(of token: [UInt8]) -> Int64? {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let payload = Base64.decoded(parts[1], .url),
            let claims = try? DocumentNode(json: payload), case .double(let seconds)? = claims["exp"]?.value,
            seconds >= 0
        else { return nil }
        let nanoseconds = seconds * Double(nanosecondsInSecond)
        return nanoseconds < 9.2e18 ? Int64(nanoseconds) : Int64.max
    }
}
